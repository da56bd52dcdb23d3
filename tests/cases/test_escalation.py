"""Each rung of the ladder comes once, in order, on time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from jiulong.cases import actions, escalation
from jiulong.cases.models import Case, Escalation, Notice
from jiulong.evidence.models import Event
from tests.cases.matters import District, make_district, make_matter

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DUE = datetime(2026, 3, 16, 15, 59, 59, tzinfo=UTC)


@pytest.fixture
def district() -> District:
    return make_district()


def in_hand(district: District, **changes: object) -> Case:
    case = actions.file_case(
        actor=district.dispatcher, matter=make_matter(**changes), title="甲", now=MONDAY
    )
    case = actions.assign_case(actor=district.dispatcher, case=case, now=MONDAY)
    return actions.accept_case(actor=district.handler, case=case, now=MONDAY)


def rungs() -> list[tuple[str, str]]:
    return list(Escalation.objects.order_by("id").values_list("key", "light"))


def test_it_does_nothing_before_its_time(district: District) -> None:
    case = in_hand(district)
    assert case.rung_at == DUE - 3 * DAY  # one working day before a Monday is the Friday
    assert not escalation.step(MONDAY + DAY)
    assert rungs() == []


def test_it_climbs_one_rung_after_the_other_and_then_no_more(district: District) -> None:
    case = in_hand(district)
    far = MONDAY + 60 * DAY
    while escalation.step(far):
        pass
    assert rungs() == [
        ("blue", "blue"), ("yellow", "yellow"), ("red", "red"), ("bulletin", "red"),
    ]  # fmt: skip
    case.refresh_from_db()
    assert (case.light, case.rung_at) == ("red", None)
    assert Event.objects.filter(subject_id=str(case.pk), verb="escalate").count() == 4
    assert Escalation.objects.get(key="bulletin").bulletin


def test_blue_reaches_the_handler_and_red_the_unit_above(district: District) -> None:
    in_hand(district)
    escalation.step(DUE - DAY)
    assert told() == {"handler", "colleague", "leader"}
    Notice.objects.all().delete()
    escalation.step(DUE)
    escalation.step(DUE + 2 * DAY)
    assert "supervisor" in told()


def told() -> set[str]:
    rows = Notice.objects.filter(kind="escalation")
    return set(rows.values_list("user__username", flat=True))


def test_an_answer_stops_the_ladder(district: District) -> None:
    case = in_hand(district)
    actions.reply_case(actor=district.handler, case=case, answer="好了", now=MONDAY + DAY)
    assert not escalation.step(MONDAY + 60 * DAY)


def test_a_rework_has_a_ladder_of_its_own(district: District) -> None:
    case = in_hand(district)
    while escalation.step(DUE + 2 * DAY):
        pass
    case = actions.reply_case(actor=district.handler, case=case, answer="好了", now=DUE + 2 * DAY)
    case = actions.send_back(actor=district.verifier, case=case, reason="没好", now=DUE + 3 * DAY)
    assert (case.light, case.rung) == ("", 0)
    while escalation.step(DUE + 60 * DAY):
        pass
    assert len(rungs()) == 3 + 4


def test_a_reminder_before_the_start_is_left_out(district: District) -> None:
    clocks = {"handle": "4 working_hours"}
    case = in_hand(district, clocks=clocks)
    assert case.rung == 1
    assert case.rung_at == case.due_at


def test_a_rung_may_be_for_some_severities_only(district: District) -> None:
    ladder = [
        {"key": "a", "light": "blue", "at": "-1 working_days", "tell": ["lead"],
         "severities": ["urgent"]},
        {"key": "b", "light": "red", "at": "0", "tell": ["lead"]},
    ]  # fmt: skip
    in_hand(district, ladder=ladder)
    while escalation.step(DUE + DAY):
        pass
    assert rungs() == [("b", "red")]


def test_no_rung_can_be_written_twice(district: District) -> None:
    case = in_hand(district)
    escalation.step(DUE - DAY)
    row = Escalation.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    assert case.escalations.count() == 1


def test_the_queries_do_not_grow_with_the_rungs_of_a_batch(district: District) -> None:
    matter = make_matter()
    for number in range(12):
        case = actions.file_case(
            actor=district.dispatcher, matter=matter, title=str(number), now=MONDAY
        )
        actions.assign_case(actor=district.dispatcher, case=case, now=MONDAY)
    with connection.execute_wrapper(Counter()) as _wrapped:
        escalation.step(DUE - DAY)
    assert Escalation.objects.count() == 12


class Counter:
    """Fails when a batch of a dozen needs more queries than a handful."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        self.count += 1
        assert self.count <= 24
        return execute(sql, params, many, context)
