"""What people do in monitoring, and who may not."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from jiulong.evidence.models import Event
from jiulong.monitoring import actions
from jiulong.monitoring.models import Limit, Outfall, PermitLimit, Point
from tests.factories import NOW, make_factor, make_finding
from tests.people import People

HOUR = Limit.Statistic.HOUR


def last_event() -> tuple[Any, ...]:
    event = Event.objects.order_by("-id")[0]
    return event.verb, event.actor, event.subject, event.subject_id


def test_officers_and_owners_acknowledge(people: People) -> None:
    for who in (people.officer, people.owner):
        found = make_finding(people.point)
        seen = actions.acknowledge_finding(actor=who, finding=found, note="pump", now=NOW)
        assert (seen.acknowledged_by, seen.acknowledged_at, seen.note) == (who, NOW, "pump")
        assert last_event() == ("acknowledge_finding", who, "monitoring.finding", str(found.pk))


def test_nobody_else_acknowledges(people: People) -> None:
    found = make_finding(people.point)
    for who in (people.sibling, people.observer, people.administrator, AnonymousUser()):
        with pytest.raises(PermissionDenied):
            actions.acknowledge_finding(actor=who, finding=found)
    found.refresh_from_db()
    assert (found.acknowledged_by, Event.objects.count()) == (None, 0)


def test_the_first_to_acknowledge_keeps_it(people: People) -> None:
    found = make_finding(people.point)
    actions.acknowledge_finding(actor=people.owner, finding=found, note="first")
    with pytest.raises(actions.AlreadyAcknowledgedError):
        actions.acknowledge_finding(actor=people.officer, finding=found, note="second")
    found.refresh_from_db()
    assert (found.note, Event.objects.count()) == ("first", 1)


def limit(people: People, **fields: Any) -> PermitLimit:
    given: dict[str, Any] = {
        "actor": people.officer,
        "point": people.point,
        "factor": make_factor(),
        "statistic": HOUR,
        "maximum": Decimal(50),
        "valid_from": date(2026, 1, 1),
        "source": "permit 1",
    }
    return actions.set_limit(**{**given, **fields})


def test_a_new_limit_ends_the_old_one_and_alters_nothing(people: People) -> None:
    old = limit(people, maximum=Decimal(60))
    new = limit(people, valid_from=date(2026, 3, 1))
    old.refresh_from_db()
    assert (old.maximum, old.valid_from, old.valid_to) == (
        60,
        date(2026, 1, 1),
        date(2026, 2, 28),
    )
    event = Event.objects.order_by("-id")[0]
    assert (event.verb, event.subject_id) == ("set_limit", str(new.pk))
    assert event.data == {
        "point": people.point.code,
        "factor": "w01018",
        "statistic": "hour",
        "minimum": None,
        "maximum": "50",
        "valid_from": "2026-03-01",
        "valid_to": None,
        "source": "permit 1",
        "ends": [old.pk],
    }


def test_limits_of_other_kinds_stay(people: People) -> None:
    day = limit(people, statistic=Limit.Statistic.DAY)
    other = limit(people, factor=make_factor("w21003"))
    before = limit(people, valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31))
    limit(people)
    assert list(PermitLimit.objects.filter(valid_to=None).order_by("pk")[:2]) == [day, other]
    before.refresh_from_db()
    assert before.valid_to == date(2025, 12, 31)


@pytest.mark.parametrize(
    "wrong",
    [
        {"maximum": None},
        {"minimum": Decimal(60)},
        {"valid_to": date(2025, 12, 31)},
        {"source": ""},
        {"statistic": "week"},
        {"maximum": Decimal("1e12")},
    ],
)
def test_a_limit_must_make_sense(people: People, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        limit(people, **wrong)
    assert not Limit.objects.exists()


def test_a_limit_does_not_run_over_a_later_one(people: People) -> None:
    later = limit(people, valid_from=date(2026, 6, 1))
    with pytest.raises(ValidationError, match="2026-06-01"):
        limit(people)
    assert limit(people, valid_to=date(2026, 5, 31)).pk
    later.refresh_from_db()
    assert later.valid_to is None


def make_outfall(people: People, actor: Any, **fields: Any) -> Outfall:
    given: dict[str, Any] = {
        "enterprise": people.point.outfall.enterprise,
        "code": "DW9001",
        "name": "East gate",
        "longitude": 117.6,
        "latitude": 24.5,
    }
    return actions.create_outfall(actor=actor, **{**given, **fields})


def make_point(people: People, actor: Any, **fields: Any) -> Point:
    given = {"outfall": people.point.outfall, "code": "P9001", "name": "Outlet", "active_from": NOW}
    return actions.create_point(actor=actor, **{**given, **fields})


def test_administrators_enter_outfalls_and_points(people: People) -> None:
    outfall = make_outfall(people, people.administrator)
    assert last_event()[:2] == ("create_outfall", people.administrator)
    point = make_point(people, people.administrator, outfall=outfall)
    assert last_event() == ("create_point", people.administrator, "monitoring.point", str(point.pk))
    gone = actions.retire_point(actor=people.administrator, point=point, at=NOW)
    assert (gone.active_to, last_event()[0]) == (NOW, "retire_point")


def test_the_command_line_acts_as_the_system(people: People) -> None:
    outfall = make_outfall(people, None)
    assert last_event() == ("create_outfall", None, "monitoring.outfall", str(outfall.pk))
    assert Event.objects.get().actor_name == "Jiulong"


def test_nobody_else_enters_or_limits(people: People) -> None:
    for who in (people.owner, people.sibling, people.observer, people.officer, AnonymousUser()):
        with pytest.raises(PermissionDenied):
            make_outfall(people, who)
        with pytest.raises(PermissionDenied):
            make_point(people, who)
        with pytest.raises(PermissionDenied):
            actions.retire_point(actor=who, point=people.point, at=NOW)
    for who in (people.owner, people.sibling, people.observer, AnonymousUser()):
        with pytest.raises(PermissionDenied):
            limit(people, actor=who)
    assert (Event.objects.count(), Limit.objects.count(), Point.objects.count()) == (0, 0, 2)


@pytest.mark.parametrize(
    "wrong",
    [{"minute_interval": 7}, {"realtime_interval_s": 29}, {"position": "above"}, {"name": ""}],
)
def test_a_point_must_make_sense(people: People, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        make_point(people, people.administrator, **wrong)
    assert list(caught.value.message_dict) == list(wrong)


def test_codes_are_taken_once(people: People) -> None:
    with pytest.raises(ValidationError):
        make_point(people, people.administrator, code=people.point.code)
    with pytest.raises(ValidationError):
        make_outfall(people, people.administrator, code=people.point.outfall.code)


def test_a_point_is_not_retired_before_it_began(people: People) -> None:
    before = people.point.active_from - timedelta(days=1)
    with pytest.raises(ValidationError):
        actions.retire_point(actor=people.administrator, point=people.point, at=before)
