"""Hourly and instantaneous exceedance, from readings to findings."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from jiulong.monitoring.models import Finding, Limit, Period, Point
from tests.factories import NOW, hours, make_limit, make_point, write_readings

Judged = Callable[..., list[Finding]]
HOUR = timedelta(hours=1)
START = NOW - timedelta(hours=12)
RULE = "hour_exceedance"


@pytest.fixture
def point(db: None) -> Point:
    point = make_point()
    make_limit(point, "w01018", "50")
    return point


def at(n: int) -> datetime:
    return START + n * HOUR


def shape(findings: list[Finding]) -> list[tuple[Any, ...]]:
    """(first hour, last hour, end hour, worst value) as hours after START."""

    def hour(moment: datetime | None) -> int | None:
        return None if moment is None else int((moment - START) / HOUR)

    return [(hour(f.started_at), hour(f.last_at), hour(f.ended_at), f.value) for f in findings]


def test_it_finds_consecutive_hours_as_one(point: Point, judged: Judged) -> None:
    write_readings(point, Period.HOUR, hours(START, 40, 60.5, 81.5, 50, 40))
    (found,) = judged(RULE)
    assert shape([found]) == [(1, 2, 3, Decimal("81.5"))]
    assert (found.limit_value, found.multiple, found.severity) == (50, Decimal("0.63"), "warning")
    assert found.detail == {"count": 2, "worst_at": at(2).isoformat()}


def test_it_goes_on_over_several_windows(point: Point, judged: Judged) -> None:
    for n, value in enumerate([40, 60, 70, 55, 40, 60]):
        write_readings(point, Period.HOUR, hours(at(n), value), batch=n + 1)
        judged(RULE)
    assert shape(judged(RULE)) == [(1, 3, 4, 70), (5, 5, None, 60)]


def test_three_hours_or_twice_the_limit_are_serious(point: Point, judged: Judged) -> None:
    write_readings(point, Period.HOUR, hours(START, 51, 52, 40, 51, 52, 53, 40, 101, 40, 100))
    assert [finding.severity for finding in judged(RULE)] == [
        "warning",
        "serious",
        "serious",
        "warning",
    ]


@pytest.mark.parametrize("mark", list("FMSDCTB"))
def test_it_uses_no_marked_value(point: Point, judged: Judged, mark: str) -> None:
    write_readings(point, Period.HOUR, hours(START, 60), marks=mark)
    assert judged(RULE) == []


def test_it_judges_no_value_from_the_future(point: Point, judged: Judged) -> None:
    write_readings(
        point, Period.HOUR, hours(START, 60), received_at=START - 11 * timedelta(minutes=1)
    )
    write_readings(point, Period.HOUR, hours(at(3), 70), received_at=at(3), batch=2)
    assert shape(judged(RULE)) == [(3, 3, None, 70)]


def test_it_takes_an_unmarked_value_as_true(point: Point, judged: Judged) -> None:
    write_readings(point, Period.HOUR, hours(START, 60), marks=".")
    assert len(judged(RULE)) == 1


def test_a_marked_hour_does_not_end_a_run(point: Point, judged: Judged) -> None:
    write_readings(point, Period.HOUR, hours(START, 60))
    write_readings(point, Period.HOUR, hours(at(1), 0), marks="D", batch=2)
    write_readings(point, Period.HOUR, hours(at(2), None, 60, 40), batch=3)
    assert shape(judged(RULE)) == [(0, 3, 4, 60)]


def test_a_late_hour_that_kept_the_limit_parts_a_run(point: Point, judged: Judged) -> None:
    write_readings(point, Period.HOUR, [*hours(START, 60), *hours(at(2), 70, 40)])
    assert shape(judged(RULE)) == [(0, 2, 3, 70)]
    write_readings(point, Period.HOUR, hours(at(1), 30), batch=2)
    assert shape(judged(RULE)) == [(0, 0, 1, 60), (2, 2, 3, 70)]


def test_a_late_hour_over_the_limit_starts_a_run_earlier(point: Point, judged: Judged) -> None:
    write_readings(point, Period.HOUR, hours(at(2), 60, 40))
    first = judged(RULE)[0].pk
    write_readings(point, Period.HOUR, hours(at(1), 90), batch=2)
    (found,) = judged(RULE)
    assert (found.pk, shape([found])) == (first, [(1, 2, 3, 90)])


def test_a_late_hour_ends_an_open_run_earlier(point: Point, judged: Judged) -> None:
    write_readings(point, Period.HOUR, [*hours(START, 60), *hours(at(4), 40)])
    assert shape(judged(RULE)) == [(0, 0, 4, 60)]
    write_readings(point, Period.HOUR, hours(at(2), 45), batch=2)
    assert shape(judged(RULE)) == [(0, 0, 2, 60)]


def test_the_order_of_arrival_does_not_matter(judged: Judged) -> None:
    values = [40, 60, 70, None, 80, 40, 40, 55, None, 30, 99, 101, 40, 60]
    known: list[tuple[Any, ...]] | None = None
    for seed in range(6):
        point = make_point()
        make_limit(point)
        order = list(range(len(values)))
        random.Random(seed).shuffle(order)
        for batch, n in enumerate(order, 1 + 100 * seed):
            write_readings(point, Period.HOUR, hours(at(n), values[n]), batch=batch)
            if batch % 2:
                judged(RULE)
        judged(RULE)
        found = shape(list(Finding.objects.filter(rule=RULE, point=point).order_by("started_at")))
        known = known or found
        assert (
            found == known == [(1, 4, 5, 80), (7, 7, 9, 55), (10, 11, 12, 101), (13, 13, None, 60)]
        )


def test_it_judges_by_the_limit_of_the_local_day(judged: Judged) -> None:
    point = make_point()
    make_limit(point, maximum="50", valid_to=date(2026, 3, 9))
    make_limit(point, maximum="80", valid_from=date(2026, 3, 10))
    midnight = NOW.replace(hour=16) - timedelta(days=1)  # 2026-03-10 00:00 in Zhangzhou
    write_readings(point, Period.HOUR, hours(midnight - HOUR, 60, 60, 90, 40))
    assert [(f.started_at, f.limit_value) for f in judged(RULE)] == [
        (midnight - HOUR, 50),
        (midnight + HOUR, 80),
    ]


def test_without_a_limit_nothing_is_judged(judged: Judged) -> None:
    point = make_point()
    make_limit(point, valid_from=date(2026, 6, 1))
    make_limit(point, "w21003", statistic=Limit.Statistic.DAY)
    write_readings(point, Period.HOUR, hours(START, 600))
    assert judged(RULE) == []


def test_ph_has_no_multiple(judged: Judged) -> None:
    point = make_point()
    make_limit(point, "w01001", "9", minimum="6")
    write_readings(point, Period.HOUR, hours(START, 7, 9.5, 5.2, 7, code="w01001"))
    (found,) = judged(RULE)
    assert (found.value, found.limit_value, found.multiple) == (Decimal("5.2"), 6, None)


def test_factors_of_a_point_are_judged_apart(point: Point, judged: Judged) -> None:
    make_limit(point, "w21003", "5")
    rows = [
        (at(n), {"w01018": cod, "w21003": nh3})
        for n, (cod, nh3) in enumerate([(60, 1.0), (60, 6.0), (40, 6.0), (40, 1.0)])
    ]
    write_readings(point, Period.HOUR, rows)
    assert [(f.factor.code if f.factor else "", *shape([f])[0]) for f in judged(RULE)] == [
        ("w01018", 0, 1, 2, 60),
        ("w21003", 1, 2, 3, 6),
    ]


def test_instantaneous_values_have_their_own_limit(point: Point, judged: Judged) -> None:
    minute = timedelta(minutes=1)
    rows = [(START + n * minute, {"w01018": value}) for n, value in enumerate([60, 75, 76, 60])]
    write_readings(point, Period.REALTIME, rows)
    assert judged("instant_exceedance") == []
    make_limit(point, maximum="70", statistic=Limit.Statistic.INSTANT)
    later = START + HOUR
    write_readings(
        point, Period.REALTIME, [(at - START + later, values) for at, values in rows], batch=2
    )
    (found,) = judged("instant_exceedance")
    assert (found.started_at, found.last_at, found.ended_at, found.value) == (
        later + minute,
        later + 2 * minute,
        later + 3 * minute,
        76,
    )
    assert judged(RULE) == []
