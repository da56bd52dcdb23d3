"""Loggers that are not heard any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from jiulong.monitoring.models import Finding, Period, Point, PointState
from tests.factories import NOW, make_point, move_cursor, write_readings

Judged = Callable[..., list[Finding]]
MINUTE = timedelta(minutes=1)
RULE = "offline"


def hear(point: Point, *moments: datetime, batch: int = 1) -> None:
    rows = [(moment, {"w01018": 1.0}) for moment in moments]
    write_readings(point, Period.REALTIME, rows, batch=batch, received_after=timedelta(0))


@pytest.fixture
def point(db: None) -> Point:
    return make_point()


def test_it_waits_thirty_minutes(point: Point, judged: Judged) -> None:
    hear(point, NOW)
    assert judged(RULE, NOW + 30 * MINUTE) == []
    (found,) = judged(RULE, NOW + 31 * MINUTE)
    assert (found.started_at, found.last_at, found.ended_at, found.severity) == (
        NOW,
        NOW + 31 * MINUTE,
        None,
        "warning",
    )


def test_it_is_serious_after_two_hours(point: Point, judged: Judged) -> None:
    hear(point, NOW)
    judged(RULE, NOW + 31 * MINUTE)
    (found,) = judged(RULE, NOW + 121 * MINUTE)
    assert (found.severity, found.detail) == ("serious", {"seconds": 7260})


def test_it_ends_with_the_next_frame(point: Point, judged: Judged) -> None:
    hear(point, NOW)
    judged(RULE, NOW + 40 * MINUTE)
    hear(point, NOW + 50 * MINUTE, NOW + 51 * MINUTE, batch=2)
    (found,) = judged(RULE, NOW + 52 * MINUTE)
    assert (found.started_at, found.ended_at) == (NOW, NOW + 50 * MINUTE)


def test_it_ends_with_a_heartbeat(point: Point, judged: Judged) -> None:
    hear(point, NOW)
    judged(RULE, NOW + 40 * MINUTE)
    PointState.objects.update(heard_at=NOW + 45 * MINUTE)
    (found,) = judged(RULE, NOW + 50 * MINUTE)
    assert found.ended_at == NOW + 45 * MINUTE
    hear(point, NOW + 55 * MINUTE, batch=2)
    assert len(judged(RULE, NOW + 56 * MINUTE)) == 1


def test_heartbeats_alone_keep_a_logger_online(point: Point, judged: Judged) -> None:
    hear(point, NOW)
    for minutes in range(10, 120, 10):
        PointState.objects.update(heard_at=NOW + minutes * MINUTE)
        judged(RULE, NOW + minutes * MINUTE)
    hear(point, NOW + 120 * MINUTE, batch=2)
    assert judged(RULE, NOW + 121 * MINUTE) == []


def test_it_finds_silences_of_the_past_in_any_cut(point: Point, judged: Judged) -> None:
    moments = [NOW, NOW + 40 * MINUTE, NOW + 50 * MINUTE, NOW + 200 * MINUTE]
    for batch, moment in enumerate(moments, 1):
        hear(point, moment, batch=batch)
    other = make_point()
    hear(other, *moments, batch=5)
    judged(RULE, NOW + 201 * MINUTE)
    for silent in (point, other):
        found = Finding.objects.filter(point=silent).order_by("started_at")
        assert [(f.started_at, f.ended_at, f.severity) for f in found] == [
            (NOW, NOW + 40 * MINUTE, "warning"),
            (NOW + 50 * MINUTE, NOW + 200 * MINUTE, "serious"),
        ]


def test_a_logger_that_reports_seldom_may_be_silent_longer(judged: Judged) -> None:
    seldom = make_point(realtime_interval_s=3600)
    hear(seldom, NOW)
    assert judged(RULE, NOW + 180 * MINUTE) == []
    assert len(judged(RULE, NOW + 181 * MINUTE)) == 1


def test_a_point_never_heard_is_not_judged(point: Point, judged: Judged) -> None:
    assert judged(RULE) == []


def test_a_retired_point_is_not_missed(judged: Judged) -> None:
    gone = make_point(active_to=NOW + 10 * MINUTE)
    hear(gone, NOW)
    assert judged(RULE, NOW + 60 * MINUTE) == []
    leaving = make_point()
    hear(leaving, NOW, batch=2)
    judged(RULE, NOW + 60 * MINUTE)
    Point.objects.filter(pk=leaving.pk).update(active_to=NOW + 70 * MINUTE)
    (found,) = judged(RULE, NOW + 90 * MINUTE)
    assert found.ended_at == NOW + 70 * MINUTE


def test_no_silence_is_judged_while_the_recorder_is_behind(
    point: Point, judged: Judged, journal: Callable[[datetime], int]
) -> None:
    waiting = journal(NOW + 5 * MINUTE)
    hear(point, NOW, batch=waiting - 1)
    assert judged(RULE, NOW + 60 * MINUTE) == []
    move_cursor("recorder", waiting)
    assert len(judged(RULE, NOW + 60 * MINUTE)) == 1
