"""Periods against the calendar: their last days, and the relative ones of a demo. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final

from jiulong.scorecards.engine.periods import MONTHS, Frequency, is_period, parse

#: Years of a demo that never grows old.
YEARS: Final = {"thisyear": 0, "lastyear": -1, "yearbefore": -2}
_RELATIVE: Final = re.compile(r"-(?P<back>\d{1,2})(?P<what>[mqy])", re.ASCII)
_ANY_DAY: Final = date(2024, 6, 15)


def is_written(text: str) -> bool:
    """Whether it is a period as a pack may write it: absolute or relative."""
    try:
        absolute(text, _ANY_DAY)
    except ValueError:
        return False
    return True


def absolute(text: str, today: date) -> str:
    """The period that is meant: `-1m` is last month, `lastyear-03` the March of last year.

    Raises:
        ValueError: no period.
    """
    if is_period(text):
        return text
    if found := _RELATIVE.fullmatch(text):
        return _back(int(found["back"]), found["what"], today)
    for word, years in YEARS.items():
        if text.startswith(word):
            period = f"{today.year + years}{text.removeprefix(word)}"
            if is_period(period):
                return period
    raise ValueError(text)


def _back(count: int, what: str, today: date) -> str:
    if what == "y":
        return str(today.year - count)
    size = 12 if what == "m" else 4
    at = today.month - 1 if what == "m" else (today.month - 1) // 3
    year, rest = divmod(today.year * size + at - count, size)
    return f"{year}-{rest + 1:02}" if what == "m" else f"{year}Q{rest + 1}"


def last_day(period: str) -> date:
    """The last day of a period."""
    year, _first, last = parse(period)
    return date(year, last, monthrange(year, last)[1])


def over(period: str, today: date) -> bool:
    """Whether the period has ended before that day."""
    return last_day(period) < today


def of_year(year: int, every: str) -> list[str]:
    """The periods of a year: its months, quarters, halves or itself."""
    frequencies: dict[str, Frequency] = {name: name for name in MONTHS}
    size = MONTHS[frequencies[every]]
    forms = {1: "{year}-{n:02}", 3: "{year}Q{n}", 6: "{year}H{n}", 12: "{year}"}
    return [forms[size].format(year=year, n=n) for n in range(1, 12 // size + 1)]
