"""Periods as text: `2024`, `2024H1`, `2024Q1`, `2024-03`.

A cumulative indicator at `2024-03` means January to March. Industry, investment and retail publish
January and February together; that joint value stands at `2024-02`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Final, Literal, NamedTuple

Frequency = Literal["month", "quarter", "half", "year"]

#: Months of a period of each frequency.
MONTHS: Final[dict[Frequency, int]] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_FREQUENCIES: Final[dict[int, Frequency]] = {months: name for name, months in MONTHS.items()}
_FORM: Final = re.compile(
    r"(?P<year>(?:19|20|21)\d\d)(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?",
    re.ASCII,
)
#: Where January and February are published together.
JOINT_MONTH: Final = 2


class Period(NamedTuple):
    """A period within one year; months count from 1."""

    year: int
    first: int
    last: int

    @property
    def frequency(self) -> Frequency:
        return _FREQUENCIES[self.last - self.first + 1]

    def __str__(self) -> str:
        number = (self.last - 1) // (self.last - self.first + 1) + 1
        forms = {"year": "", "half": f"H{number}", "quarter": f"Q{number}"}
        return f"{self.year}{forms.get(self.frequency, f'-{self.last:02}')}"


@lru_cache(maxsize=4096)
def parse(text: str) -> Period:
    """The period that a text names.

    Raises:
        ValueError: it names none.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year = int(found["year"])
    for frequency in ("half", "quarter", "month"):
        if found[frequency]:
            months = MONTHS[frequency]
            last = int(found[frequency]) * months
            return Period(year, last - months + 1, last)
    return Period(year, 1, 12)


@lru_cache(maxsize=4096)
def is_period(text: str) -> bool:
    return _FORM.fullmatch(text) is not None


def of(day: date, frequency: Frequency) -> str:
    """The period of that frequency in which the day lies."""
    months = MONTHS[frequency]
    last = ((day.month - 1) // months + 1) * months
    return str(Period(day.year, last - months + 1, last))


def order(text: str) -> tuple[int, int, int]:
    """Sorts by end, and of those that end together the longer one later."""
    period = parse(text)
    return period.year, period.last, -period.first


def latest(texts: Iterable[str]) -> str:
    return max(texts, key=order)


def previous(text: str, *, joint: bool = False) -> str:
    """The period of the same length before; with `joint`, none stands at January."""
    year, first, last = parse(text)
    length = last - first + 1
    if length == 1 and joint and last <= JOINT_MONTH + 1:
        return f"{year}-{JOINT_MONTH:02}" if last > JOINT_MONTH else f"{year - 1}-12"
    if first == 1:
        return str(Period(year - 1, 13 - length, 12))
    return str(Period(year, first - length, last - length))


def following(text: str) -> str:
    """The period of the same length after."""
    year, first, last = parse(text)
    length = last - first + 1
    if last == 12:
        return str(Period(year + 1, 1, length))
    return str(Period(year, first + length, last + length))


@lru_cache(maxsize=4096)
def year_before(text: str) -> str:
    """The same period of the year before."""
    return str(parse(text)._replace(year=parse(text).year - 1))


def contains(outer: str, inner: str) -> bool:
    """Whether all of the inner period lies in the outer one."""
    a, b = parse(outer), parse(inner)
    return a.year == b.year and a.first <= b.first and b.last <= a.last


def last_month(text: str) -> str:
    period = parse(text)
    return f"{period.year}-{period.last:02}"


def first_day(text: str) -> date:
    period = parse(text)
    return date(period.year, period.first, 1)


@lru_cache(maxsize=4096)
def enclosing(text: str) -> tuple[str, ...]:
    """The longer periods in which it lies, the shortest first: `2024-05` → Q2, H1, the year."""
    year, first, last = parse(text)
    found = []
    for months in sorted(MONTHS.values()):
        end = ((last - 1) // months + 1) * months
        if months > last - first + 1:
            found.append(str(Period(year, end - months + 1, end)))
    return tuple(found)


@lru_cache(maxsize=4096)
def ending_with(text: str) -> tuple[str, ...]:
    """The shorter periods that end with it, the longest first: `2024H1` → `2024Q2`, `2024-06`."""
    year, first, last = parse(text)
    lengths = (months for months in sorted(MONTHS.values(), reverse=True))
    return tuple(str(Period(year, last - n + 1, last)) for n in lengths if n < last - first + 1)


def to_date(text: str, known: Iterable[str]) -> list[str]:
    """Those of the same year that end no later, in order."""
    at = parse(text)
    found = (one for one in known if (p := parse(one)).year == at.year and p.last <= at.last)
    return sorted(found, key=order)
