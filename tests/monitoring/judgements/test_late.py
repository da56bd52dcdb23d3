"""Data that came long after their time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from jiulong.monitoring.models import Finding, Period, Point
from tests.factories import NOW, hours, make_point, write_readings

Judged = Callable[..., list[Finding]]
HOUR = timedelta(hours=1)
START = NOW - timedelta(hours=12)
RULE = "late"


@pytest.fixture
def point(db: None) -> Point:
    return make_point(minute_interval=10)


def test_it_allows_an_hour_after_the_end(point: Point, judged: Judged) -> None:
    write_readings(point, Period.HOUR, hours(START, 1), received_after=2 * HOUR)
    rows = [(START, {"w01018": 1.0})]
    write_readings(point, Period.MINUTE, rows, received_after=timedelta(minutes=70))
    write_readings(point, Period.REALTIME, rows, received_after=HOUR)
    assert judged(RULE) == []


@pytest.mark.parametrize(
    ("period", "after"),
    [
        (Period.REALTIME, HOUR),
        (Period.MINUTE, timedelta(minutes=70)),
        (Period.HOUR, 2 * HOUR),
        (Period.DAY, timedelta(hours=25)),
    ],
)
def test_it_counts_from_the_end_of_the_interval(
    point: Point, judged: Judged, period: Period, after: timedelta
) -> None:
    after += timedelta(seconds=1)
    write_readings(point, period, [(START, {"w01018": 1.0})], received_after=after)
    (found,) = judged(RULE, START + 2 * after)
    assert found.detail == {
        "batch": 1,
        "count": 1,
        "delay_s": 3601,
        "received_from": (START + after).isoformat(),
    }


def test_a_back_fill_is_one_finding_over_several_windows(point: Point, judged: Judged) -> None:
    write_readings(point, Period.HOUR, hours(START, 1, 2), received_at=NOW)
    judged(RULE)
    write_readings(point, Period.HOUR, hours(START + 2 * HOUR, 3), batch=2, received_at=NOW + HOUR)
    (found,) = judged(RULE, NOW + HOUR)
    assert (found.started_at, found.last_at, found.ended_at, found.severity) == (
        START,
        START + 2 * HOUR,
        NOW + HOUR,
        "information",
    )
    assert (found.detail["count"], found.detail["delay_s"]) == (3, 11 * 3600)


def test_two_back_fills_are_two_findings(point: Point, judged: Judged) -> None:
    write_readings(point, Period.HOUR, hours(START, 1), received_at=NOW - 2 * HOUR)
    write_readings(point, Period.HOUR, hours(START + HOUR, 1), received_at=NOW)
    assert [(f.started_at, f.ended_at) for f in judged(RULE)] == [
        (START, NOW - 2 * HOUR),
        (START + HOUR, NOW),
    ]


def test_the_same_start_again_is_no_clash(point: Point, judged: Judged) -> None:
    write_readings(point, Period.HOUR, hours(START, 1), received_at=NOW - 6 * HOUR)
    judged(RULE)
    write_readings(point, Period.HOUR, [(START, {"w21003": 1.0})], part=1, batch=2, received_at=NOW)
    (found,) = judged(RULE)
    assert (found.detail["count"], found.ended_at) == (2, NOW)
