"""Which days and hours are worked: the calendar that the clocks run by. Pure, as they are."""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import count, pairwise
from typing import Final
from zoneinfo import ZoneInfo

BEIJING: Final = ZoneInfo("Asia/Shanghai")
ONE_DAY: Final = timedelta(days=1)
SATURDAY: Final = 5

#: A stretch of time: first moment, and the one after the last.
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class OfficeHours:
    """When offices are open, in a season of every year and a stretch of years.

    Args:
        spans: opening and closing times of a day, ascending and apart.
        season: first and last (month, day); may run over the new year. None: all year.
        from_on, to_on: first and last date of validity; None: unlimited.

    Raises:
        ValueError: no spans, or not ascending.
    """

    spans: tuple[tuple[time, time], ...]
    season: tuple[tuple[int, int], tuple[int, int]] | None = None
    from_on: date | None = None
    to_on: date | None = None

    def __post_init__(self) -> None:
        moments = [moment for span in self.spans for moment in span]
        if not moments or any(a >= b for a, b in pairwise(moments)):
            raise ValueError(f"office hours must be given, ascending and apart: {self.spans}")

    def covers(self, day: date) -> bool:
        if (self.from_on and day < self.from_on) or (self.to_on and day > self.to_on):
            return False
        if self.season is None:
            return True
        first, last = self.season
        here = (day.month, day.day)
        return first <= here <= last if first <= last else here >= first or here <= last


def read_spans(text: str) -> tuple[tuple[time, time], ...]:
    """Read `08:00-12:00 14:30-17:30`; any dash will do.

    Raises:
        ValueError: not of that form, or not ascending.
    """
    found = re.sub(r"\s*[-–—~至]\s*", "-", text.strip().replace("：", ":")).split()
    spans = []
    for word in found:
        first, _, last = word.partition("-")
        spans.append((time.fromisoformat(first.zfill(5)), time.fromisoformat(last.zfill(5))))
    OfficeHours(tuple(spans))
    return tuple(spans)


def read_season(first: str, last: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Read `06-01` and `09-30`; two empty texts are all year.

    Raises:
        ValueError: only one of them, or no date of a year.
    """
    if not first and not last:
        return None
    ends = [datetime.strptime(f"2000-{text}", "%Y-%m-%d") for text in (first, last)]  # noqa: DTZ007 - no moment
    return ((ends[0].month, ends[0].day), (ends[1].month, ends[1].day))


#: The custom of Fujian's offices; the district's own rows replace it.
WINTER_HOURS: Final = OfficeHours(((time(8), time(12)), (time(14, 30), time(17, 30))))
SUMMER_HOURS: Final = OfficeHours(
    ((time(8), time(12)), (time(15), time(18))), season=((6, 1), (9, 30))
)


@dataclass(frozen=True)
class Calendar:
    """Which days and hours are worked.

    Args:
        holidays: dates without work, rest days or not. workdays: rest days that are worked (调休).
        hours: of those that cover a day, the last one holds; where none does, WINTER_HOURS.
        horizon: last date that the State Council's notices reach; after it Monday to Friday are
            taken for working days. None: nothing is known.
    """

    holidays: frozenset[date] = field(default=frozenset(), repr=False)  # hundreds of dates
    workdays: frozenset[date] = field(default=frozenset(), repr=False)
    hours: tuple[OfficeHours, ...] = (WINTER_HOURS, SUMMER_HOURS)
    horizon: date | None = None
    zone: ZoneInfo = BEIJING

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on that date."""
        if day in self.holidays:
            return False
        return day.weekday() < SATURDAY or day in self.workdays

    def office_hours(self, day: date) -> tuple[tuple[time, time], ...]:
        """Opening and closing times of that date; empty on a day without work."""
        if not self.is_working_day(day):
            return ()
        held = [hours for hours in self.hours if hours.covers(day)]
        return (held[-1] if held else WINTER_HOURS).spans

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days lie in (after, until]; nought if the two are in wrong order."""
        if until <= after:
            return 0
        weekdays = _weekdays_until(until) - _weekdays_until(after)
        return weekdays - _within(self._idle, after, until) + _within(self._made_up, after, until)

    def open_spans(self, day: date) -> list[Span]:
        """The office hours of that date, as moments."""
        return [(self.at(day, first), self.at(day, last)) for first, last in self.office_hours(day)]

    def office_spans(self, first: datetime, last: datetime) -> Iterator[Span]:
        """The office hours within [first, last], in order, cut to it; both in the zone."""
        for ordinal in count(first.toordinal()):
            day = date.fromordinal(ordinal)
            if day > last.date():
                return
            for opens, closes in self.open_spans(day):
                if (begin := max(opens, first)) < (end := min(closes, last)):
                    yield begin, end

    def office_time(self, first: datetime, last: datetime) -> timedelta:
        """How much office time lies within [first, last]; both in the zone."""
        if first.date() == last.date():
            return _length(self.office_spans(first, last))
        total = _length(self.office_spans(first, self.at(first.date(), time.max)))
        total += _length(self.office_spans(self.at(last.date(), time.min), last))
        day = first.date() + ONE_DAY
        while day < last.date():
            month_end = day.replace(day=monthrange(day.year, day.month)[1])
            if day.day == 1 and month_end < last.date():
                total += _month_time(self, day)
                day = month_end + ONE_DAY
            else:
                total += _length(self.open_spans(day))
                day += ONE_DAY
        return total

    def local(self, moment: datetime) -> datetime:
        """The same moment in the calendar's zone.

        Raises:
            ValueError: the moment has no zone.
        """
        if moment.tzinfo is None:
            raise ValueError(f"a moment needs its zone: {moment}")
        return moment.astimezone(self.zone)

    def at(self, day: date, moment: time) -> datetime:
        return datetime.combine(day, moment, self.zone)

    @cached_property
    def _idle(self) -> list[date]:
        return sorted(day for day in self.holidays if day.weekday() < SATURDAY)

    @cached_property
    def _made_up(self) -> list[date]:
        made_up = self.workdays - self.holidays
        return sorted(day for day in made_up if day.weekday() >= SATURDAY)


# A calendar lives as long as its version, and a list asks for the same months in every row.
@lru_cache(maxsize=4096)
def _month_time(calendar: Calendar, first: date) -> timedelta:
    days = (first + ordinal * ONE_DAY for ordinal in range(monthrange(first.year, first.month)[1]))
    return sum((_length(calendar.open_spans(day)) for day in days), timedelta())


def _length(spans: Iterator[Span] | list[Span]) -> timedelta:
    # In UTC: between two moments of one zone Python subtracts what the wall showed.
    return sum((b.astimezone(UTC) - a.astimezone(UTC) for a, b in spans), timedelta())


def _weekdays_until(day: date) -> int:
    """Mondays to Fridays from 0001-01-01, a Monday, to that date."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * SATURDAY + min(rest, SATURDAY)


def _within(days: list[date], after: date, until: date) -> int:
    return bisect_right(days, until) - bisect_right(days, after)
