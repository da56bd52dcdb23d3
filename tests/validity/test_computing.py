"""Many days at once give what the engine gives of each."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from jiulong.validity import exact
from jiulong.validity.accepted import Accepted, FactorHours
from jiulong.validity.computing import Result, _many, flow_of, one, result, results
from jiulong.validity.engine.rules import RULE_SETS
from jiulong.validity.runs import Run

RULES = RULE_SETS["hj356-2019"]
FIRST = date(2026, 3, 1)
DAYS = 60
SHAPE = (DAYS, 24)


def invented(seed: int, code: str = "w01018", *, by_mean: bool = False) -> Accepted:
    """Two months of hours with all that goes wrong: gaps, marks, dry hours, no flow, last hours."""
    chance = np.random.default_rng(seed)
    values = np.round(chance.gamma(4, 12, SHAPE), int(chance.integers(0, 5)))
    flow = np.round(chance.gamma(3, 5, SHAPE), 3)
    flow[chance.random(SHAPE) < 0.05] = 0
    marks = np.full(SHAPE, ord("N"), dtype=np.uint8)
    bad = chance.random(SHAPE) < 0.04
    marks[bad] = chance.choice([ord(c) for c in "DMCT."], bad.sum())
    gone = chance.random(SHAPE) < chance.choice([0.02, 0.2], (DAYS, 1))
    values[gone], marks[gone] = np.nan, 0
    values[chance.random(SHAPE) < 0.01] = np.nan
    no_flow = chance.random(SHAPE) < chance.choice([0, 0, 0.3], (DAYS, 1))
    total, mean = flow, np.full(SHAPE, np.nan)
    if by_mean:
        chosen = chance.random(SHAPE) < 0.5
        total, mean = np.where(chosen, flow, np.nan), np.where(chosen, np.nan, np.round(flow, 2))
    total[no_flow] = mean[no_flow] = np.nan
    active = np.ones(SHAPE, dtype=np.bool_)
    active[0, :13] = False
    due = active.copy()
    due[-1, 17:] = False
    factor = FactorHours(code, values, marks, np.zeros(SHAPE, dtype=np.bool_))
    factor.reasons = {"mark": chance.random(SHAPE) < 0.01, "qc": np.zeros(SHAPE, dtype=np.bool_)}
    factor.reasons["qc"][20:22] = True
    run = Run(1, FIRST, DAYS)
    wanted = {7: np.ones(DAYS, dtype=np.bool_)}
    return Accepted(run, False, active, due, total, mean, {7: factor}, wanted)


@pytest.mark.parametrize(
    ("seed", "code", "by_mean"),
    [(1, "w01018", False), (2, "w01018", True), (3, "w01001", False), (4, "w20111", True)],
)
def test_it_gives_the_same_as_the_engine(seed: int, code: str, by_mean: bool) -> None:
    hours = invented(seed, code, by_mean=by_mean)
    flow = flow_of(hours)
    assert flow is not None
    many = dict(_many(hours, 7, flow, RULES))
    assert len(many) > 20  # else nothing is compared
    assert many == {day: result(hours, 7, day, one(hours, 7, day, RULES)) for day in many}


def test_what_is_unusual_goes_to_the_engine() -> None:
    hours = invented(5)
    hours.factors[7].values[3, 5] = 1 / 3  # sixteen digits: no decimal that anybody sent
    found = list(results(hours, RULES, lambda _factor, day, _loads: day))
    expected = [result(hours, 7, day, one(hours, 7, day, RULES)) for day in range(DAYS)]
    assert sorted(found, key=lambda row: row.on) == expected


def test_a_load_stands_in_only_once_the_day_is_over() -> None:
    hours = invented(6)
    hours.factors[7].values[[10, DAYS - 1]] = np.nan
    asked: list[tuple[date, int]] = []

    def complete(_factor: int, day: Any, loads: Any) -> Any:
        asked.append((day.on, len(loads)))
        return day

    found = {row.on: row for row in results(hours, RULES, complete)}
    own = sum(1 for row in found.values() if row.valid and row.load_kg is not None)
    last = FIRST + timedelta(days=DAYS - 1)
    assert asked == [(row.on, own) for row in found.values() if not row.valid and row.on != last]
    assert (found[last].over, found[last].valid) == (False, False)
    assert FIRST + timedelta(days=10) in dict(asked)


def test_doubles_are_turned_into_what_was_sent() -> None:
    column = np.array([0.1, 12.345, np.nan, 0.0, 99999.99])
    found = exact.scaled(column)
    assert found is not None
    decimals = [Decimal(int(n)).scaleb(-found.places) for n in found.n]
    assert decimals == [Decimal(text) for text in ("0.1", "12.345", "0", "0", "99999.99")]
    assert exact.scaled(np.array([1 / 3])) is None
    assert exact.scaled(np.array([1e16])) is None


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"), [(5, 2, 2), (7, 2, 4), (-5, 2, -2), (8, 3, 3)]
)
def test_it_rounds_half_to_even(numerator: int, denominator: int, expected: int) -> None:
    assert exact.quotient(numerator, denominator) == expected


def test_a_result_has_the_columns_of_its_table() -> None:
    from jiulong.validity.models import DayStatistic

    fields = {field.name for field in DayStatistic._meta.concrete_fields}
    assert fields - set(Result._fields) == {"id", "revision", "computed_at"}
