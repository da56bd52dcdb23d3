"""Hours whose data did not come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest

from jiulong.monitoring.models import Finding, Period, Point
from tests.factories import NOW, make_point, write_readings

Judged = Callable[..., list[Finding]]
HOUR = timedelta(hours=1)
START = NOW - timedelta(hours=12)
RULE = "missing"


@pytest.fixture
def point(db: None) -> Point:
    return make_point(minute_interval=10)


def send(point: Point, wanted: Iterable[int], *, batch: int = 1, minutes: int = 6) -> None:
    """Whole hours after START: their minute data and the hour itself."""
    for n in wanted:
        first = START + n * HOUR
        rows = [(first + m * timedelta(minutes=10), {"w01018": 1.0}) for m in range(minutes)]
        write_readings(point, Period.MINUTE, rows, batch=batch)
        write_readings(point, Period.HOUR, [(first, {"w01018": 1.0})], batch=batch)


def test_it_finds_nothing_where_all_came(point: Point, judged: Judged) -> None:
    send(point, range(12))
    assert judged(RULE) == []


def test_it_waits_for_the_grace_to_pass(point: Point, judged: Judged) -> None:
    send(point, range(11))
    assert judged(RULE, NOW + timedelta(minutes=29)) == []
    assert [f.started_at for f in judged(RULE, NOW + timedelta(minutes=30))] == [NOW - HOUR]


def test_hours_in_a_row_are_one_and_the_next_complete_one_ends_it(
    point: Point, judged: Judged
) -> None:
    send(point, [0, 1, 4, 5])
    (found, still) = judged(RULE)
    assert (found.started_at, found.last_at, found.ended_at) == (
        START + 2 * HOUR,
        START + 3 * HOUR,
        START + 4 * HOUR,
    )
    assert found.detail == {"hours": 2, "expected": 14, "received": 0}
    assert (still.started_at, still.ended_at, still.severity) == (START + 6 * HOUR, None, "warning")


def test_it_counts_what_came(point: Point, judged: Judged) -> None:
    send(point, [0, 2])
    send(point, [1], minutes=4)
    found = judged(RULE)[0]
    assert found.detail == {"hours": 1, "expected": 7, "received": 5}


def test_minutes_do_not_stand_in_for_the_hour(point: Point, judged: Judged) -> None:
    send(point, [0, 2])
    rows = [(START + HOUR + m * timedelta(minutes=1), {"w01018": 1.0}) for m in range(60)]
    write_readings(point, Period.MINUTE, rows)
    assert judged(RULE)[0].detail == {"hours": 1, "expected": 7, "received": 6}


def test_split_packets_count_once(point: Point, judged: Judged) -> None:
    send(point, [0, 2])
    send(point, [1], minutes=5)
    for part in (1, 2):
        write_readings(point, Period.HOUR, [(START + HOUR, {"w21003": 1.0})], part=part)
    assert judged(RULE)[0].detail["received"] == 6


def test_more_than_six_hours_are_serious(point: Point, judged: Judged) -> None:
    send(point, [0, 7, 15])
    judged(RULE)
    assert [f.severity for f in judged(RULE, NOW + 4 * HOUR)] == ["warning", "serious"]
    assert [f.detail["hours"] for f in judged(RULE, NOW + 4 * HOUR)] == [6, 7]


def test_an_open_finding_goes_on_in_the_next_window(point: Point, judged: Judged) -> None:
    send(point, [0])
    assert [f.detail["hours"] for f in judged(RULE, START + 3 * HOUR)] == [1]
    assert [f.detail["hours"] for f in judged(RULE, START + 6 * HOUR)] == [4]
    send(point, [5], batch=2)
    (found,) = judged(RULE, START + 7 * HOUR)
    assert (found.detail["hours"], found.ended_at) == (4, START + 5 * HOUR)


def test_data_that_come_later_are_counted_in_the_finding(point: Point, judged: Judged) -> None:
    send(point, [0, *range(3, 12)])
    judged(RULE)
    send(point, [1], batch=2)
    assert judged(RULE)[0].detail == {"hours": 2, "expected": 14, "received": 7}
    send(point, [2], batch=3)
    (found,) = judged(RULE, NOW + timedelta(minutes=1))
    assert found.detail == {
        "hours": 2,
        "expected": 14,
        "received": 14,
        "filled_at": (NOW + timedelta(minutes=1)).isoformat(),
    }
    assert (found.started_at, found.last_at) == (START + HOUR, START + 2 * HOUR)


def test_back_fill_and_a_new_hour_in_one_window(point: Point, judged: Judged) -> None:
    send(point, [0])
    judged(RULE, START + 3 * HOUR)
    send(point, [1, 4], batch=2)
    (found,) = judged(RULE, START + 6 * HOUR)
    assert found.detail == {"hours": 3, "expected": 21, "received": 7}
    assert found.ended_at == START + 4 * HOUR


def test_a_point_starts_with_its_first_reading(point: Point, judged: Judged) -> None:
    make_point()  # never sent anything
    rows = [(START + 9.5 * HOUR, {"w01018": 1.0})]  # half an hour is nobody's debt
    write_readings(point, Period.MINUTE, rows)
    send(point, [10, 11])
    assert judged(RULE) == []


def test_hours_after_service_are_not_missed(judged: Judged) -> None:
    point = make_point(active_to=START + 3 * HOUR)
    send(point, [0, 1])
    (found,) = judged(RULE)
    assert (found.last_at, found.detail["hours"]) == (START + 2 * HOUR, 1)
