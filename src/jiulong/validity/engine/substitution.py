"""Loads that stand in where a day has none of its own (HJ 356-2019 §8).

Concentrations and flow are never invented. At flow 0 nothing stands in: there was no discharge, and
the load is 0 of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from heapq import nlargest

from jiulong.validity.engine.model import Day
from jiulong.validity.engine.rules import NOT_NORMAL, RuleSet


@dataclass(frozen=True, slots=True)
class Manual:
    """What manual monitoring gives for one day: mean in mg/L, load in kg, from `n` values."""

    mean: Decimal
    load: Decimal | None
    n: int


def stand_in(
    loads: Iterable[tuple[date, Decimal]], *, before: date, rules: RuleSet
) -> Decimal | None:
    """The greatest of the last 30 valid daily loads before a day, in kg.

    Args:
        loads: valid daily loads that are a day's own, in any order.
        before: local day of the last passed check; where none is known, the day that lacks a load.

    Returns:
        None where fewer than `substitute_from` are known.
    """
    earlier = [one for one in loads if one[0] < before]
    last = nlargest(rules.substitute_of, earlier)  # by date: the latest
    if len(last) < max(rules.substitute_from, 1):
        return None
    return max(load for _, load in last)


def load_of(
    day: Day,
    *,
    loads: Iterable[tuple[date, Decimal]],
    last_pass: date | None,
    manual: Manual | None = None,
    rules: RuleSet,
) -> Day:
    """The day with the load that stands in, if it has none of its own.

    Manual data go first in a period that is not normal (fault, maintenance, a failed check), from
    four values a day on: they give mean and load. The day stays without a valid mean of its own,
    so that it is no basis for finding an exceedance by automatic monitoring.
    """
    if day.load_kg is not None or day.valid or not rules.substitutes:
        return day
    if manual is not None and manual.n >= rules.manual_per_day and NOT_NORMAL & set(day.reasons):
        return _by_hand(day, manual, rules)
    if not rules.has_load(day.factor):
        return day
    load = stand_in(loads, before=min(last_pass or day.on, day.on), rules=rules)
    if load is None:
        return day
    return replace(day, load_kg=load, substituted=True, reasons=(*day.reasons, "substituted"))


def _by_hand(day: Day, manual: Manual, rules: RuleSet) -> Day:
    load = manual.load if rules.has_load(day.factor) else None
    return replace(
        day,
        mean=manual.mean,
        load_kg=load,
        method="manual",
        substituted=load is not None,
        reasons=(*day.reasons, "manual"),
    )
