"""When a visit is due: pure, from the rule, the day it began, and the last visit."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

#: So many days before it is due a visit is near.
NEAR_DAYS: Final = 7
MONTHS: Final = 12
Light = Literal["met", "near", "over", "none"]


@dataclass(frozen=True, slots=True)
class Due:
    """Until when the next visit is due, and how that stands on a day; `missed` whole intervals."""

    on: date | None
    light: Light
    days: int
    missed: int


def step(day: date, every: str, times: int = 1) -> date:
    """`times` intervals later; a month that has no such day gives its last one.

    Raises:
        ValueError: `every` is no interval.
    """
    number, _space, unit = every.partition(" ")
    amount = int(number) * times
    if unit == "months":
        month = day.year * MONTHS + day.month - 1 + amount
        year, place = divmod(month, MONTHS)
        return date(year, place + 1, min(day.day, monthrange(year, place + 1)[1]))
    if unit not in {"days", "weeks"}:
        raise ValueError(f"{every!r} is no interval")
    return day + timedelta(days=amount * (7 if unit == "weeks" else 1))


def due(every: str, since: date, until: date | None, last: date | None, on: date) -> Due:
    """When the next visit is due as of a day."""
    if until is not None and until < on:
        return Due(None, "none", 0, 0)
    start = max(since, last) if last is not None else since
    next_on = step(start, every)
    left = (next_on - on).days
    light: Light = "over" if left < 0 else "near" if left <= NEAR_DAYS else "met"
    missed = 0
    while step(start, every, missed + 1) < on:
        missed += 1
    return Due(next_on, light, left, missed)


def gaps(every: str, since: date, visits: list[date], on: date) -> list[tuple[date, date]]:
    """Stretches in which a visit was due and none came: from the day it was due to the visit."""
    found, start = [], since
    for visit in sorted(one for one in visits if one >= since):
        limit = step(start, every)
        if visit > limit:
            found.append((limit, visit))
        start = visit
    limit = step(start, every)
    if on > limit:
        found.append((limit, on))
    return found
