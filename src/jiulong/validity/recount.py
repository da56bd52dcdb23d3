"""Days and months of anybody's hours, by the same engine that judges the district's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from jiulong.validity.engine import means
from jiulong.validity.engine.model import Day, Month
from jiulong.validity.engine.rules import RuleSet
from jiulong.validity.engine.substitution import load_of
from jiulong.validity.hours_file import Batch


@dataclass
class Recount:
    """What came of a file: days by date and factor, months likewise."""

    days: list[Day]
    months: list[Month]
    #: The label that each result stands under → the code by which the rules know it.
    codes: dict[str, str]


@dataclass(frozen=True)
class Settings:
    """By what is counted.

    Args:
        rules: the rule set of a day.
        expected: how many values a day has.
        intermittent: discharge by batch, see `means.day`.
    """

    rules: Callable[[date], RuleSet]
    expected: int = 24
    intermittent: bool = False


def recount(batches: Iterable[Batch], settings: Settings) -> Recount:
    """Judge hours.

    Days without a line between a factor's first and last day are days without values. A load that
    is missing is stood in for by the greatest of the last valid daily loads before it: a file says
    nothing of checks, so the day itself takes the place of the last passed one.
    """
    codes: dict[str, str] = {}
    found: defaultdict[str, dict[date, Day]] = defaultdict(dict)
    for batch in batches:
        codes[batch.label] = batch.code
        found[batch.label][batch.on] = _day(batch, settings)
    days: list[Day] = []
    months: list[Month] = []
    for label, by_date in found.items():
        filled = list(_stood_in(_filled(by_date, label, codes[label], settings), settings))
        months += [replace(one, factor=label) for one in _months(filled, settings)]
        days += [replace(one, factor=label) for one in filled]
    days.sort(key=lambda one: (one.on, one.factor))
    months.sort(key=lambda one: (one.month, one.factor))
    return Recount(days, months, codes)


def _day(batch: Batch, settings: Settings) -> Day:
    return means.day(
        batch.hours,
        on=batch.on,
        factor=batch.code,
        rules=settings.rules(batch.on),
        expected=settings.expected,
        intermittent=settings.intermittent,
    )


def _filled(by_date: dict[date, Day], label: str, code: str, settings: Settings) -> Iterator[Day]:
    """Every day from the first to the last."""
    first, last = min(by_date), max(by_date)
    for step in range((last - first).days + 1):
        on = first + timedelta(days=step)
        # Nobody knows whether a batch was discharged then: the day is expected whole.
        yield by_date.get(on) or _day(
            Batch(on, label, code, []), replace(settings, intermittent=False)
        )


def _stood_in(days: Iterable[Day], settings: Settings) -> Iterator[Day]:
    own: list[tuple[date, Decimal]] = []
    for day in days:
        rules = settings.rules(day.on)
        if day.valid and day.load_kg is not None:
            own.append((day.on, day.load_kg))
        # Only the last can be asked for: a long file need not be searched for each day.
        yield load_of(day, loads=own[-rules.substitute_of :], last_pass=None, rules=rules)


def _months(days: Iterable[Day], settings: Settings) -> Iterator[Month]:
    for first, group in groupby(days, key=lambda one: one.on.replace(day=1)):
        given = list(group)
        yield means.month(given, month=first, rules=settings.rules(given[-1].on))


def as_json(result: Recount, settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """The result as it is printed: numbers as text with the rule set's decimals."""
    return {
        "days": [_day_row(day, result.codes[day.factor], settings) for day in result.days],
        "months": [_month_row(one, result.codes[one.factor], settings) for one in result.months],
    }


def _day_row(day: Day, code: str, settings: Settings) -> dict[str, Any]:
    rules = settings.rules(day.on)
    return {
        "date": day.on.isoformat(),
        "factor": day.factor,
        "valid": day.valid,
        "mean": None if day.mean is None else rules.shown_mean(code, day.mean),
        "n_expected": day.n_expected,
        "n_valid": day.n_valid,
        "ratio": str(day.ratio),
        "load_kg": None if day.load_kg is None else rules.shown_load(code, day.load_kg),
        "substituted": day.substituted,
        "reasons": list(day.reasons),
    }


def _month_row(one: Month, code: str, settings: Settings) -> dict[str, Any]:
    rules = settings.rules(one.month)
    return {
        "month": f"{one.month:%Y-%m}",
        "factor": one.factor,
        "valid": one.valid,
        "mean": None if one.mean is None else rules.shown_mean(code, one.mean),
        "n_expected": one.n_expected,
        "n_valid": one.n_valid,
        "ratio": str(one.ratio),
        "load_kg": None if one.load_kg is None else rules.shown_load(code, one.load_kg),
        "n_substituted": one.n_substituted,
        "reasons": list(one.reasons),
    }
