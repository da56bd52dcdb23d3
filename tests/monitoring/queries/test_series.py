"""The course of a factor over time."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiulong.monitoring.models import Factor, Period, Point
from jiulong.monitoring.queries import choose_period, series
from jiulong.monitoring.queries.series import drawn, marked_spans, summary
from tests.factories import (
    FACTORS,
    NOW,
    hours,
    make_factor,
    make_finding,
    make_limit,
    make_point,
    make_user,
    write_readings,
)
from tests.people import People

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


@pytest.mark.parametrize(
    ("length", "period"),
    [
        (HOUR, Period.REALTIME),
        (6 * HOUR, Period.REALTIME),
        (7 * HOUR, Period.MINUTE),
        (31 * DAY, Period.MINUTE),
        (32 * DAY, Period.HOUR),
        (366 * DAY, Period.HOUR),
        (400 * DAY, Period.DAY),
    ],
)
def test_it_chooses_the_period_by_the_length(length: timedelta, period: Period) -> None:
    assert choose_period(NOW - length, NOW) == period


def test_it_gives_what_a_chart_needs(people: People) -> None:
    target = people.point
    limit = make_limit(target)
    make_limit(target, "w21003")
    make_limit(target, maximum="70", valid_from=date(2019, 1, 1), valid_to=date(2019, 12, 31))
    about = make_finding(target, factor=limit.factor, started_at=NOW - 3 * HOUR, value=60)
    silence = make_finding(target, rule="offline", started_at=NOW - 4 * HOUR, ended_at=NOW)
    make_finding(target, factor=make_factor("w21003"))
    make_finding(people.other_point, factor=limit.factor)
    make_finding(target, factor=limit.factor, started_at=NOW - 90 * HOUR, ended_at=NOW - 80 * HOUR)
    start = NOW - 6 * HOUR
    write_readings(target, Period.HOUR, hours(start, 40, 60.5, 30))
    write_readings(target, Period.HOUR, hours(start + 3 * HOUR, 0, 0), marks="M")
    found = series(people.owner, target, "w01018", Period.HOUR, start, NOW)
    assert orjson.loads(found.as_json()) == {
        "factor": {"code": "w01018", "name": "化学需氧量", "name_en": "COD", "unit": "mg/L"},
        "period": "hour",
        "start": ms(start),
        "end": ms(NOW),
        "points": [[ms(start + n * HOUR), v] for n, v in enumerate([40, 60.5, 30, 0, 0])],
        "limits": [
            {
                "statistic": "hour",
                "min": None,
                "max": 50.0,
                "from": "2020-01-01",
                "to": None,
                "source": "permit",
            }
        ],
        "marks": [[ms(start + 3 * HOUR), ms(start + 4 * HOUR), "M"]],
        "findings": [
            {
                "id": about.pk,
                "rule": "hour_exceedance",
                "severity": "warning",
                "start": ms(about.started_at),
                "end": None,
                "value": 60.0,
                "multiple": None,
            },
            {
                "id": silence.pk,
                "rule": "offline",
                "severity": "warning",
                "start": ms(silence.started_at),
                "end": ms(NOW),
                "value": None,
                "multiple": None,
            },
        ],
        "summary": {
            "count": 5,
            "min": 0.0,
            "min_at": ms(start + 3 * HOUR),
            "max": 60.5,
            "max_at": ms(start + HOUR),
            "mean": 26.1,
        },
    }


def test_the_sibling_sees_no_course(people: People) -> None:
    make_factor()
    with pytest.raises(Point.DoesNotExist):
        series(people.sibling, people.point, "w01018", Period.HOUR, NOW - DAY, NOW)
    with pytest.raises(Point.DoesNotExist):
        series(people.sibling, people.point.code, "w01018")


def test_it_refuses_what_makes_no_sense(people: People) -> None:
    with pytest.raises(Factor.DoesNotExist):
        series(people.officer, people.point, "w99999")
    make_factor()
    with pytest.raises(ValueError, match="is not before"):
        series(people.officer, people.point, "w01018", None, NOW, NOW)


def test_without_minutes_it_shows_hours(db: None) -> None:
    target = make_point()
    write_readings(target, Period.HOUR, hours(NOW - 2 * HOUR, 1, 2))
    viewer = make_user()
    assert series(viewer, target, "w01018", None, NOW - 3 * HOUR, NOW).period == Period.HOUR
    asked = series(viewer, target, "w01018", Period.MINUTE, NOW - 3 * HOUR, NOW)
    assert (asked.period, asked.points, asked.summary) == (Period.MINUTE, [], {"count": 0})


def test_a_month_of_minutes_is_light_and_fast(db: None, django_assert_num_queries: Any) -> None:
    """Bars: 200 ms and 100 kB. The time is asserted loosely: machines of tests are busy."""
    target = make_point(minute_interval=1)
    make_limit(target)
    start = NOW - 30 * DAY
    values = np.random.default_rng(1).normal(50, 8, (43_200, len(FACTORS))).round(2).tolist()
    rows = (
        (start + n * MINUTE, dict(zip(FACTORS, row, strict=True))) for n, row in enumerate(values)
    )
    write_readings(target, Period.MINUTE, rows)
    viewer = make_user()
    with django_assert_num_queries(5):
        began = time.perf_counter()
        found = series(viewer, target, "w01018", None, start, NOW)
        body = found.as_json()
        took = time.perf_counter() - began
    cod = [row[list(FACTORS).index("w01018")] for row in values]
    assert (found.period, found.summary["count"]) == (Period.MINUTE, 43_200)
    assert len(found.points) <= 2000
    assert len(body) <= 100_000
    assert took < 1
    assert {max(cod), min(cod)} <= {value for _at, value in found.points}


def drawn_of(values: list[float | None], most: int = 2000, step: int = 60_000) -> list[Any]:
    at = np.arange(len(values), dtype=np.int64) * step
    return drawn(at, np.array([np.nan if v is None else v for v in values], dtype=float), most)


def test_a_gap_breaks_the_line() -> None:
    assert drawn_of([1.0, 2.0, None, 4.0, 5.0]) == [
        [0, 1.0],
        [60_000, 2.0],
        [60_001, None],
        [180_000, 4.0],
        [240_000, 5.0],
    ]
    assert drawn_of([]) == drawn_of([None]) == []
    assert drawn_of([7.0]) == [[0, 7.0]]


@given(
    st.lists(st.none() | st.floats(-1e6, 1e6), min_size=1, max_size=600),
    st.integers(20, 300),
)
def test_it_keeps_the_extremes_and_the_bound(values: list[float | None], most: int) -> None:
    found = drawn_of(values, most)
    there = [value for value in values if value is not None]
    kept = [value for _at, value in found if value is not None]
    assert len(found) <= most
    assert [at for at, _value in found] == sorted({at for at, _value in found})
    if there:
        assert (min(kept), max(kept)) == (min(there), max(there))


def test_marks_are_spans() -> None:
    at = np.arange(6)
    marks = np.array([ord(mark) for mark in "NDDN.M"])
    assert marked_spans(at, marks) == [[1, 2, "D"], [5, 5, "M"]]
    assert marked_spans(np.array([]), np.array([])) == []
    many = np.array([ord("N" if n % 2 else "D") for n in range(2000)])
    assert len(marked_spans(np.arange(2000), many)) == 300


def test_the_summary_is_of_all_values() -> None:
    values = np.array([1.0, np.nan, 4.0])
    assert summary(np.arange(3), values) == {
        "count": 2,
        "min": 1.0,
        "min_at": 0,
        "max": 4.0,
        "max_at": 2,
        "mean": 2.5,
    }


def test_a_year_of_hours_crosses_partitions(db: None) -> None:
    target = make_point()
    start = datetime(2025, 3, 10, tzinfo=UTC)
    write_readings(target, Period.HOUR, hours(start, *([1.0] * 24 * 365)))
    found = series(make_user(), target, "w01018", None, start, start + 365 * DAY)
    assert (found.period, found.summary["count"]) == (Period.HOUR, 24 * 365)
    assert len(found.points) <= 2000
