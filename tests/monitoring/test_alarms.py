"""One event at one outfall is one alarm, however its findings came."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiulong.monitoring import alarms
from jiulong.monitoring.keeping import keep
from jiulong.monitoring.models import Alarm, Finding, Point
from jiulong.monitoring.raising import end_findings, raise_finding, withdraw_finding
from tests.factories import make_factor, make_point

HOUR = timedelta(hours=1)
START = datetime(2026, 3, 2, tzinfo=UTC)
#: What an alarm is, whatever number it has.
FACTS = ("family", "kind", "severity", "rules", "state", "started_at", "ended_at", "closed_at")


def at(hour: float) -> datetime:
    return START + hour * HOUR


def finding(point: Point, start: float, end: float | None, **fields: Any) -> Finding:
    given: dict[str, Any] = {
        "rule": "hour_exceedance", "severity": "warning", "point": point, "factor": make_factor(),
        "started_at": at(start), "last_at": at(start if end is None else end),
        "ended_at": None if end is None else at(end), "found_at": at(start) + HOUR,
    }  # fmt: skip
    return Finding(**{**given, **fields})


def standing(point: Point) -> list[Alarm]:
    return list(
        Alarm.objects.filter(outfall=point.outfall, state__in=Alarm.STANDING).order_by("started_at")
    )


def facts(point: Point) -> list[tuple[Any, ...]]:
    return [tuple(getattr(alarm, name) for name in FACTS) for alarm in standing(point)]


def test_findings_within_a_day_are_one_alarm_of_the_gravest_class(db: None) -> None:
    point = make_point()
    other = make_point(outfall=point.outfall)
    keep([finding(point, 2, 3)], at(4))
    keep([finding(other, 5, 7, rule="severe_exceedance", severity="serious")], at(8))
    (alarm,) = standing(point)
    assert (alarm.kind, alarm.severity, alarm.state) == ("SEV", "serious", "quiet")
    assert alarm.rules == ["hour_exceedance", "severe_exceedance"]
    assert (alarm.started_at, alarm.ended_at, alarm.raised_at) == (at(2), at(7), at(3))
    assert alarm.respond_by == at(5)  # EXH: two hours after it was found; SEV would give until 10
    assert {f.alarm_id for f in Finding.objects.all()} == {alarm.pk}


def test_it_is_open_then_quiet_then_closed(db: None) -> None:
    point = make_point()
    keep([finding(point, 2, None)], at(3))
    (alarm,) = standing(point)
    assert (alarm.state, alarm.ended_at) == ("open", None)
    (found,) = Finding.objects.all()
    found.last_at = found.ended_at = at(5)
    keep([found], at(5))
    assert alarms.close_quiet(at(28.9)) == 0
    assert standing(point)[0].state == "quiet"
    assert alarms.close_quiet(at(29)) == 1
    (alarm,) = standing(point)
    assert (alarm.state, alarm.closed_at) == ("closed", at(29))
    keep([finding(point, 40, 41)], at(42))
    assert [alarm.state for alarm in standing(point)] == ["closed", "quiet"]


def test_a_late_finding_joins_two_alarms_and_the_older_goes_on(db: None) -> None:
    point = make_point()
    keep([finding(point, 0, 1)], at(2))
    keep([finding(point, 40, 41)], at(42))
    first, second = standing(point)
    keep([finding(point, 20, 21)], at(50))
    (alarm,) = standing(point)
    second.refresh_from_db()
    assert (alarm.pk, alarm.started_at, alarm.ended_at) == (first.pk, at(0), at(41))
    assert (second.state, second.merged_into_id) == ("merged", first.pk)


def test_a_withdrawn_finding_parts_them_again_and_leaves_its_trace(db: None) -> None:
    point = make_point()
    keep([finding(point, n * 20, n * 20 + 1) for n in range(3)], at(60))
    (whole,) = standing(point)
    middle = Finding.objects.get(started_at=at(20))
    withdraw_finding(finding=middle, cause="a mark", now=at(61))
    first, second = standing(point)
    assert (first.pk, second.started_at) == (whole.pk, at(40))
    for found in Finding.objects.filter(withdrawn_at=None):
        withdraw_finding(finding=found, cause="marks", now=at(62))
    assert standing(point) == []
    assert set(Alarm.objects.values_list("state", flat=True)) == {"withdrawn"}
    middle.refresh_from_db()
    assert (middle.withdrawn_cause, middle.alarm_id) == ("a mark", whole.pk)
    keep([finding(point, 20, 21)], at(63))  # found again: it stands again, under its old number
    middle.refresh_from_db()
    assert (middle.withdrawn_at, standing(point)[0].started_at) == (None, at(20))


def test_families_and_outfalls_stay_apart_and_late_data_alarm_nobody(db: None) -> None:
    point = make_point()
    found = [
        finding(point, 0, 1),
        finding(point, 0, 1, rule="offline", factor=None),
        finding(point, 0, 1, rule="late", factor=None, severity="information"),
        finding(make_point(), 0, 1),
    ]
    keep(found, at(2))
    assert sorted(a.kind for a in Alarm.objects.all()) == ["EXH", "EXH", "OFF"]
    assert Finding.objects.get(rule="late").alarm is None


def test_what_is_raised_alarms_at_once_and_ends(db: None) -> None:
    point = make_point()
    raise_finding(rule="door", point=point, started_at=at(0), now=at(0))
    (alarm,) = standing(point)
    assert (alarm.kind, alarm.family, alarm.state) == ("DOOR", "device", "open")
    end_findings(rule="door", point=point, now=at(1))
    (alarm,) = standing(point)
    assert (alarm.state, alarm.ended_at) == ("quiet", at(1))


spans = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 40) | st.none()), min_size=1, max_size=12,
    unique_by=lambda span: span[0],
)  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(spans, st.integers(0, 1000))
def test_order_and_windows_do_not_matter(spans: list[tuple[int, int | None]], seed: int) -> None:
    luck = random.Random(seed)
    points = [make_point(), make_point()]
    now = at(400)
    keep(_found(points[0], spans), now)
    apart = _found(points[1], spans)
    luck.shuffle(apart)
    while apart:
        cut = luck.randint(1, len(apart))
        keep(apart[:cut], now)
        apart = apart[cut:]
    assert facts(points[0]) == facts(points[1])
    Finding.objects.all().delete()
    Alarm.objects.filter(merged_into__isnull=False).delete()
    Alarm.objects.all().delete()


def _found(point: Point, spans: list[tuple[int, int | None]]) -> list[Finding]:
    return [
        finding(point, start, None if length is None else start + length) for start, length in spans
    ]


def test_the_components_are_parted_by_the_hysteresis() -> None:
    point = Point(pk=1)
    found = [
        Finding(pk=n, point=point, started_at=at(start), ended_at=at(start + 1))
        for n, start in enumerate((0, 24.9, 50, 30))
    ]
    assert [[f.pk for f in event] for event in alarms.components(found, "limit")] == [[0, 1, 3, 2]]
    found[3].started_at = found[3].ended_at = at(10)
    assert [[f.pk for f in event] for event in alarms.components(found, "limit")] == [
        [0, 3, 1],
        [2],
    ]
