"""Marks: who may, until when, what they take away, and that nothing of them is ever altered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from jiulong.evidence import guards
from jiulong.evidence.chores import registered
from jiulong.evidence.models import Event
from jiulong.registers.models import Enterprise
from jiulong.upkeep import queries
from jiulong.upkeep.actions import (
    NotAnyMoreError,
    mark_data,
    review_mark,
    withdraw_mark,
)
from jiulong.upkeep.models import Mark, Provision
from jiulong.upkeep.spans import Span
from tests.almighty import almighty, altered
from tests.upkeep.conftest import Station, Told
from tests.upkeep.made import accept

#: 08:00 of 10 March in Zhangzhou.
MORNING = datetime(2026, 3, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
#: 11:59 and 12:01 of the day after.
IN_TIME = datetime(2026, 3, 11, 3, 59, tzinfo=UTC)
TOO_LATE = datetime(2026, 3, 11, 4, 1, tzinfo=UTC)


def make_mark(station: Station, **changed: Any) -> Mark:
    given: dict[str, Any] = {
        "actor": station.enterprise,
        "point": station.point,
        "kind": "fault",
        "started_at": MORNING,
        "ended_at": MORNING + 3 * HOUR,
        "explanation": "pump broken",
        "factors": [station.cod],
        "now": IN_TIME,
    }
    return mark_data(**{**given, **changed})


def spans(station: Station) -> list[Span]:
    return queries.invalid_spans([station.point.pk], MORNING - 24 * HOUR, MORNING + 48 * HOUR)


def test_a_mark_counts_from_when_it_is_handed_in(station: Station, told: Told) -> None:
    mark = make_mark(station)
    assert (mark.letter, mark.invalidates, mark.late) == ("D", True, False)
    assert mark.due_at == datetime(2026, 3, 11, 4, 0, tzinfo=UTC)
    cause = f"upkeep.mark/{mark.pk}"
    assert spans(station) == [
        Span(station.point.pk, station.cod.pk, MORNING, MORNING + 3 * HOUR, "mark", cause)
    ]
    day = date(2026, 3, 10)
    assert told == [(station.point.pk, day, day, cause)]
    event = Event.objects.get(verb="mark_data")
    assert (event.actor, event.subject_id, event.at) == (
        station.enterprise, str(mark.pk), IN_TIME,
    )  # fmt: skip
    assert event.data["explanation"] == "pump broken"


def test_after_noon_of_the_next_day_it_counts_only_once_it_is_accepted(
    station: Station, told: Told
) -> None:
    mark = make_mark(station, now=TOO_LATE)
    assert (mark.late, mark.counts_once_accepted, spans(station)) == (True, True, [])
    mark = review_mark(actor=station.desk, mark=mark, accepted=True)
    assert (mark.counts_once_accepted, len(spans(station))) == (False, 1)
    assert told[-1] == (station.point.pk, date(2026, 3, 10), date(2026, 3, 10), told[0][3])
    assert len(told) == 2
    other = make_mark(station, now=TOO_LATE)
    review_mark(actor=station.desk, mark=other, accepted=False, reason="no proof")
    third = make_mark(station, now=TOO_LATE)
    withdraw_mark(actor=station.enterprise, mark=third, reason="never mind")
    assert len(spans(station)) == 1


def test_a_mark_that_is_replaced_too_late_counts_no_more_and_the_new_one_waits(
    station: Station,
) -> None:
    old = make_mark(station)
    new = make_mark(station, supersedes=old, now=TOO_LATE)
    assert spans(station) == []
    review_mark(actor=station.desk, mark=new, accepted=True)
    assert [span.reference for span in spans(station)] == [f"upkeep.mark/{new.pk}"]


def test_marks_reach_back_a_month_unless_a_pack_says_otherwise(station: Station) -> None:
    month_on = datetime(2026, 4, 9, 15, 59, tzinfo=UTC)  # 23:59 of the thirtieth day after
    assert make_mark(station, now=month_on).late
    with pytest.raises(ValidationError, match="30") as refused:
        make_mark(station, now=month_on + HOUR)
    assert [*refused.value.message_dict] == ["started_at"]
    content = {"key": "mark_back", "value": "3 days", "source": "order of the district"}
    Provision.objects.create(
        section="upkeep_clocks", code="mark_back", pack="x", content=content
    )  # fmt: skip
    with pytest.raises(ValidationError, match="3"):
        make_mark(station, now=MORNING + 4 * 24 * HOUR)


def test_a_mark_without_factors_speaks_of_all(station: Station) -> None:
    make_mark(station, factors=[])
    assert [span.factor for span in spans(station)] == [None]


def test_a_condition_mark_excuses_nothing_unless_the_rule_of_the_industry_says_so(
    station: Station,
) -> None:
    make_mark(station, kind="treatment_fault")
    assert spans(station) == []
    Enterprise.objects.filter(pk=station.point.outfall.enterprise_id).update(trade="paper")
    station.point.outfall.enterprise.refresh_from_db()
    content = {
        "key": "paper_start", "name": "启动", "group": "condition", "letter": "",
        "invalidates": True, "trades": ["paper"], "source": "rule of paper mills",
    }  # fmt: skip
    Provision.objects.create(section="mark_kinds", code="paper_start", pack="x", content=content)
    make_mark(station, kind="paper_start")
    assert len(spans(station)) == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "holiday"}, "kind"),
        ({"explanation": "  "}, "explanation"),
        ({"ended_at": MORNING}, "ended_at"),
        ({"ended_at": IN_TIME + 25 * HOUR}, "ended_at"),
        ({"started_at": IN_TIME + HOUR, "ended_at": IN_TIME + 2 * HOUR}, "started_at"),
        ({"started_at": datetime(2025, 12, 31, tzinfo=UTC)}, "started_at"),
    ],
)
def test_nonsense_is_refused_by_field(
    station: Station, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        make_mark(station, **changed)
    assert [*refused.value.message_dict] == [field]


def test_only_the_enterprise_and_the_operating_firm_of_the_station_may_mark(
    station: Station,
) -> None:
    make_mark(station, actor=station.operator)
    people = station.people
    others = (people.sibling, station.stranger, people.officer, station.desk, people.observer)
    for other in others:
        with pytest.raises(PermissionDenied):
            make_mark(station, actor=other)
    assert Mark.objects.count() == 1


def test_a_firm_that_no_longer_operates_the_station_may_not(station: Station) -> None:
    mark = make_mark(station, actor=station.operator)
    type(station.point).objects.filter(pk=station.point.pk).update(operator=None)
    with pytest.raises(PermissionDenied):
        make_mark(station, actor=station.operator)
    with pytest.raises(PermissionDenied):
        withdraw_mark(actor=station.operator, mark=mark, reason="wrong")


def test_a_rejection_undoes_the_effect(station: Station, told: Told) -> None:
    mark = make_mark(station)
    with pytest.raises(ValidationError):
        review_mark(actor=station.desk, mark=mark, accepted=False)
    mark = review_mark(actor=station.desk, mark=mark, accepted=False, reason="no proof")
    assert (mark.state, mark.review_reason) == ("rejected", "no proof")
    assert spans(station) == []
    assert len(told) == 2
    with pytest.raises(NotAnyMoreError):
        review_mark(actor=station.people.officer, mark=mark, accepted=True)
    with pytest.raises(NotAnyMoreError):
        withdraw_mark(actor=station.enterprise, mark=mark, reason="never mind")


def test_an_accepted_mark_goes_on_counting(station: Station, told: Told) -> None:
    mark = review_mark(actor=station.desk, mark=make_mark(station), accepted=True)
    assert mark.state == "accepted"
    assert len(spans(station)) == len(told) == 1


def test_nobody_reviews_their_own_firms_marks(station: Station) -> None:
    mark = make_mark(station)
    for other in (station.enterprise, station.operator, station.people.sibling):
        with pytest.raises(PermissionDenied):
            review_mark(actor=other, mark=mark, accepted=True)
    double = station.desk  # a reviewer who is posted to the enterprise
    type(double).objects.filter(pk=double.pk).update(unit=station.enterprise.unit)
    double.refresh_from_db()
    with pytest.raises(PermissionDenied):
        review_mark(actor=double, mark=mark, accepted=True)


def test_a_withdrawn_mark_stays_and_counts_no_more(station: Station, told: Told) -> None:
    mark = make_mark(station)
    with pytest.raises(PermissionDenied):
        withdraw_mark(actor=station.operator, mark=mark, reason="not mine")
    with pytest.raises(ValidationError):
        withdraw_mark(actor=station.enterprise, mark=mark, reason=" ")
    mark = withdraw_mark(actor=station.enterprise, mark=mark, reason="wrong day", now=TOO_LATE)
    assert (mark.state, mark.withdrawn_reason) == ("withdrawn", "wrong day")
    assert spans(station) == []
    assert len(told) == 2
    attempts: list[Callable[[], object]] = [
        lambda: withdraw_mark(actor=station.enterprise, mark=mark, reason="again"),
        lambda: review_mark(actor=station.desk, mark=mark, accepted=True),
        lambda: make_mark(station, supersedes=mark),
    ]
    for attempt in attempts:
        with pytest.raises(NotAnyMoreError):
            attempt()


def test_a_mark_takes_the_place_of_another_that_stays(station: Station, told: Told) -> None:
    old = make_mark(station)
    with pytest.raises(PermissionDenied):
        make_mark(station, actor=station.operator, supersedes=old)
    new = make_mark(station, supersedes=old, ended_at=MORNING + HOUR, now=IN_TIME)
    assert Mark.objects.get(pk=old.pk).state == "superseded"
    assert [span.reference for span in spans(station)] == [f"upkeep.mark/{new.pk}"]
    assert told[-1][1:3] == (date(2026, 3, 10), date(2026, 3, 10))
    with pytest.raises(NotAnyMoreError):
        make_mark(station, supersedes=old)


def test_the_database_keeps_what_was_handed_in(station: Station) -> None:
    mark = make_mark(station)
    rows = Mark.objects.filter(pk=mark.pk)
    refused = (
        lambda: rows.update(explanation="another"),
        lambda: rows.update(ended_at=MORNING + 9 * HOUR),
        rows.delete,
    )
    for attempt in refused:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    review_mark(actor=station.desk, mark=mark, accepted=False, reason="no proof")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(accepted=True)


def test_proofs_are_for_who_sees_the_station_and_added_by_who_handed_it_in(
    station: Station,
) -> None:
    pk = str(make_mark(station).pk)
    label = "upkeep.mark"
    everybody = {
        "enterprise": station.enterprise, "operator": station.operator, "desk": station.desk,
        "sibling": station.people.sibling, "stranger": station.stranger,
    }  # fmt: skip
    seen = {name for name, who in everybody.items() if guards.may_see(who, label, pk)}
    added = {name for name, who in everybody.items() if guards.may_add(who, label, pk)}
    assert (seen, added) == ({"enterprise", "operator", "desk"}, {"enterprise"})


def test_the_share_of_marked_hours_counts_an_hour_once_and_only_what_counts(
    station: Station,
) -> None:
    make_mark(station)
    make_mark(station, factors=[station.nh3n], ended_at=MORNING + 4 * HOUR, now=TOO_LATE)
    make_mark(station, kind="production_stopped")  # no device mark
    last_month = make_mark(
        station,
        started_at=datetime(2026, 2, 28, 15, 30, tzinfo=UTC),
        ended_at=datetime(2026, 2, 28, 16, 30, tzinfo=UTC),
    )  # fmt: skip - 23:30 to 00:30 in Zhangzhou
    share = queries.mark_share(station.point.pk, date(2026, 3, 1))
    assert (share.hours, share.marked_hours, share.marks, share.late) == (744, 5, 3, 2)
    assert share.share == Decimal(5) / 744
    withdraw_mark(actor=station.enterprise, mark=last_month, reason="wrong")
    assert queries.mark_share(station.point.pk, date(2026, 3, 31)).marked_hours == 4


def test_verify_names_the_point_whose_mark_was_altered(station: Station) -> None:
    mark = make_mark(station)
    chores = [one for one in registered() if one.name == "tally-upkeep.mark"]
    assert [chores[0].step(TOO_LATE + n * 24 * HOUR) for n in (0, 1, 1)] == [False, True, False]
    assert altered() == ""
    accept(mark, now=TOO_LATE + 30 * HOUR)  # its day was told of: it is told of again
    assert altered() == ""
    with almighty("upkeep_mark"), connection.cursor() as cursor:
        cursor.execute("UPDATE upkeep_mark SET accepted = false, explanation = 'x'")
        assert f"{station.point.code}, 2026-03-11" in altered()
