"""Rules that look at the hours before an hour: each on a course of hours, then all of them cut."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from jiulong.evidence.models import Cursor
from jiulong.monitoring import judge
from jiulong.monitoring.judgements.base import rules
from jiulong.monitoring.judgements.runs import Runs
from jiulong.monitoring.models import AlarmRule, Finding, Period, Point
from tests.factories import NOW, make_limit, make_point, write_readings

Judged = Callable[..., list[Finding]]
HOUR = timedelta(hours=1)
START = NOW - timedelta(hours=80)
COD, NH3, TN, FLOW = "w01018", "w21003", "w21001", "w00000"


def at(n: int) -> datetime:
    return START + n * HOUR


def course(*values: float | None, factor: str = COD, flow: float | None = 10.0) -> Any:
    """Frames of hours in a row; None: no frame came."""
    also = {} if flow is None else {FLOW: flow}
    return [(at(n), {factor: v, **also}) for n, v in enumerate(values) if v is not None]


def shape(findings: list[Finding]) -> list[tuple[int, int, int | None]]:
    """(first, last, end) as hours after START."""
    return [
        (
            int((f.started_at - START) / HOUR),
            int((f.last_at - START) / HOUR),
            None if f.ended_at is None else int((f.ended_at - START) / HOUR),
        )
        for f in findings
        if f.withdrawn_at is None
    ]


@pytest.fixture
def point(db: None) -> Point:
    point = make_point()
    make_limit(point, COD, "50")
    return point


def noise(n: int, base: float = 30.0) -> list[float]:
    """Values that no rule minds."""
    return [base + 3 * ((7 * k) % 5) / 5 for k in range(n)]


def test_three_hours_in_a_row_are_continuous(point: Point, judged: Judged) -> None:
    write_readings(point, Period.HOUR, course(51, 52, 40, 51, None, 52, 53, 54, 40))
    found = judged("continuous_exceedance")
    assert shape(found) == [(3, 7, 8)]
    assert (found[0].severity, found[0].detail["count"]) == ("serious", 4)


def test_a_long_silence_makes_no_row(point: Point, judged: Judged) -> None:
    write_readings(point, Period.HOUR, course(51, 52, *[None] * 8, 53, 40))
    assert shape(judged("continuous_exceedance")) == []


def test_more_than_twice_is_severe_and_a_class_one_metal_at_once(
    point: Point, judged: Judged
) -> None:
    make_limit(point, "w20120", "0.1")
    write_readings(
        point, Period.HOUR,
        [(at(n), {COD: v, "w20120": lead}) for n, (v, lead) in enumerate(
            [(100, 0.1), (100.5, 0.05), (60, 0.11), (40, 0.05)])],
    )  # fmt: skip
    found = {f.factor.code: shape([f]) for f in judged("severe_exceedance") if f.factor}
    assert found == {COD: [(1, 1, 2)], "w20120": [(2, 2, 3)]}


def test_six_hours_at_the_limit_are_near_it_and_crossing_ends_them(
    point: Point, judged: Judged
) -> None:
    write_readings(point, Period.HOUR, course(45, 46, 47, 48, 49, 50, 51, 46, 46, 40))
    assert shape(judged("near_limit")) == [(0, 5, 6)]


def test_the_same_six_times_is_constant_only_while_water_flows(
    point: Point, judged: Judged
) -> None:
    write_readings(point, Period.HOUR, course(20, 30, 30, 30, 30, 30, 30, 31))
    dry = make_point()
    write_readings(dry, Period.HOUR, course(*[30.0] * 8, flow=0.0), batch=2)
    found = judged("constant")
    assert {f.point_id for f in found} == {point.pk}
    assert shape(found) == [(1, 6, 7)]


def test_a_day_without_variation_is_constant(point: Point, judged: Judged) -> None:
    write_readings(point, Period.HOUR, course(*[30 + 0.01 * (n % 7) for n in range(30)], 40))
    assert shape(judged("constant")) == [(18, 29, 30)]


def test_nothing_for_four_hours_with_flow_is_zero(point: Point, judged: Judged) -> None:
    write_readings(point, Period.HOUR, course(5, 0, 0, -0.1, 0, 0, 5))
    assert shape(judged("zero")) == [(1, 5, 6)]


def test_a_step_that_neither_habit_nor_flow_explains_is_a_jump(
    point: Point, judged: Judged
) -> None:
    write_readings(point, Period.HOUR, course(*noise(25), 60, 61))
    explained = make_point()
    frames = [*course(*noise(25)), (at(25), {COD: 60.0, FLOW: 30.0})]
    write_readings(explained, Period.HOUR, frames, batch=2)
    found = judged("jump")
    assert {f.point_id for f in found} == {point.pk}
    assert shape(found) == [(25, 25, 26)]


def test_a_part_above_its_whole_is_a_contradiction(point: Point, judged: Judged) -> None:
    frames = [
        (at(n), {NH3: nh3, TN: 10.0, FLOW: 5.0})
        for n, nh3 in enumerate([13, 13, 11, 13, 13, 13.5, 9])
    ]
    write_readings(point, Period.HOUR, frames)
    (found,) = judged("logic")
    assert shape([found]) == [(3, 5, 6)]
    assert found.factor is not None
    assert (found.factor.code, found.limit_value) == (NH3, 10)


def test_a_load_without_flow_contradicts_itself(point: Point, judged: Judged) -> None:
    for batch, hours in ((1, range(4)), (2, range(4, 8))):
        write_readings(
            point, Period.HOUR, [(at(n), {COD: 30.0, FLOW: 0.0}) for n in hours], batch=batch
        )
    with connection.cursor() as cursor:  # kg of each hour, as the logger adds them up
        cursor.execute("UPDATE reading SET totals = '{1.5,NULL}' WHERE batch = 2")
        cursor.execute("UPDATE reading SET totals = '{0,NULL}' WHERE batch = 1")
    (found,) = judged("load_without_flow")
    assert shape([found]) == [(4, 7, None)]
    assert found.limit_value == 0


def test_values_that_vary_while_no_water_flows_are_a_hint(point: Point, judged: Judged) -> None:
    write_readings(point, Period.HOUR, course(*[30.0, 34.0, 38.0] * 3, flow=0.0))
    (found,) = judged("active_without_flow")
    assert (found.severity, found.alarm_id) == ("information", None)
    assert shape([found]) == [(0, 8, None)]


@pytest.mark.parametrize("given", [{"flow": 0.1}, {"flow": None}, {"flow": 0.0}])
def test_what_flows_or_stands_still_is_no_hint(
    point: Point, judged: Judged, given: dict[str, Any]
) -> None:
    values = [30.0, 34.0, 38.0] * 3 if given["flow"] != 0 else [30.0, 30.5] * 5
    write_readings(point, Period.HOUR, course(*values, **given))
    assert judged("active_without_flow") == []


def test_who_discharges_by_batch_has_dry_hours_every_day(point: Point, judged: Judged) -> None:
    Point.objects.update(discharge="intermittent")
    write_readings(point, Period.HOUR, course(*[30.0, 34.0, 38.0] * 3, flow=0.0))
    assert judged("active_without_flow") == []


def test_over_the_range_is_what_the_instrument_says(point: Point, judged: Judged) -> None:
    write_readings(point, Period.HOUR, course(30), marks="N")
    write_readings(point, Period.HOUR, [(at(1), {COD: 400.0})], marks="T", batch=2)
    write_readings(point, Period.HOUR, [(at(2), {COD: 30.0})], marks="N", batch=3)
    assert shape(judged("over_range")) == [(1, 1, 2)]


def test_a_late_value_takes_a_run_back(point: Point, judged: Judged) -> None:
    write_readings(point, Period.HOUR, course(51, 52, None, 53, 40))
    (found,) = judged("continuous_exceedance")
    write_readings(point, Period.HOUR, [(at(2), {COD: 40.0})], batch=2)
    assert shape(judged("continuous_exceedance")) == []
    found.refresh_from_db()
    assert found.withdrawn_cause == "later_data"


def test_thresholds_of_a_pack_hold_from_their_day(point: Point, judged: Judged) -> None:
    AlarmRule.objects.create(
        rule="zero", valid_from=at(40).date(), thresholds={"hours": "2"}, source="test"
    )
    values = [5.0] * 80
    values[10:12] = values[60:62] = [0.0, 0.0]
    write_readings(point, Period.HOUR, course(*values))
    assert shape(judged("zero")) == [(60, 61, 62)]


palette = st.sampled_from([0.0, 0.0, 30.0, 30.0, 46.0, 48.0, 55.0, 60.0, 130.0, None])


@pytest.mark.django_db
@settings(max_examples=12, deadline=None)
@given(st.lists(palette, min_size=20, max_size=60), st.integers(0, 10_000))
def test_windows_and_order_of_arrival_do_not_matter(values: list[float | None], seed: int) -> None:
    luck = random.Random(seed)
    whole, apart = make_point(), make_point()
    for each in (whole, apart):
        make_limit(each, COD, "50")
    frames = course(*values)
    recorded = Cursor.objects.filter(name="recorder").values_list("position", flat=True).first()
    number = (recorded or 0) + 1
    write_readings(whole, Period.HOUR, frames, batch=number)
    judge.step(NOW)
    luck.shuffle(frames)
    while frames:
        cut = luck.randint(1, len(frames))
        number += 1
        write_readings(apart, Period.HOUR, frames[:cut], batch=number)
        frames = frames[cut:]
        judge.step(NOW)
    assert _found(whole) == _found(apart)


def _found(point: Point) -> list[tuple[Any, ...]]:
    runs = [code for code, rule in rules().items() if isinstance(rule, Runs)]
    return [
        (f.rule, f.started_at, f.last_at, f.ended_at, f.value, f.severity, f.detail)
        for f in Finding.objects.filter(point=point, rule__in=runs, withdrawn_at=None).order_by(
            "rule", "started_at"
        )
    ]
