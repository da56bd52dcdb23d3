"""Deadlines: pure functions of a start, a limit, a calendar and the pauses.

No database, no clock, no settings: the same arguments give the same deadline at any date, so that a
deadline can be worked out again from a case's events years later.

Five measures:

- `hours`: natural hours, to the second, from the moment itself (Civil Code art. 201, sentence 2).
- `working_hours`: as `hours`, but only office hours of working days pass.
- `working_days`: statutory holidays and rest days are left out, make-up days (调休) are in.
- `days`: every day counts; a last day that is no working day moves to the next one (art. 203).
- `months`: the day of the same number in the month of expiry, or its last day where it has none
  (art. 202); then as `days`.

A limit of working days or days may name the time of day at which it runs out: `1 days 12:00` is
noon of the next day, `1 working_days 12:00` noon of the next working day. Who names a time means
that very day: such days do not move off a holiday (art. 203 is about periods that end with their
day). A time that has passed when the clock starts is that of the next day.

The day of the start is never counted (art. 201), and a clock of days ends with its last day, at
24:00 of Beijing (art. 203), given as 23:59:59 so that it shows the right date. Art. 203 lets a
period end earlier, when business closes; we give the longer one to whoever is judged by it.

Pauses. A clock of hours stands while paused, to the second. A clock of days leaves out every day
that a pause touches, were it for a minute, and does not expire on such a day: whoever pauses on the
last day has, after resuming, the next day, and where a time of day was named, that time of it. What
is paused before the start or after the clock has run out changes nothing. Overlapping pauses count
once, a pause without length not at all.

A deadline never moves earlier when the start moves later, the limit grows or a pause is added. One
exception is art. 202's: of two starts in a month whose end is cut off (30 and 31 January) the
earlier may end later if a pause lies between them and the limit is in months.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, Literal

from jiulong.calendar.working_time import ONE_DAY, Calendar, OfficeHours, Span

__all__ = [
    "Calendar",
    "Left",
    "Limit",
    "Measure",
    "OfficeHours",
    "Pause",
    "deadline",
    "left",
    "shift",
]

#: Measures whose last day may end at a time of day; the form of such a time.
BY_CLOCK: Final = frozenset({"working_days", "days"})
CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
LAST_MOMENT: Final = time(23, 59, 59)
HOUR: Final = timedelta(hours=1)


class Measure(StrEnum):
    """What a limit is counted in."""

    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"


@dataclass(frozen=True)
class Limit:
    """How much time somebody has: `Limit(5, Measure.WORKING_DAYS)`. Nought days is "today".

    Args:
        by: the local time of the last day at which it runs out; None: with that day.
    """

    amount: int
    measure: Measure
    by: time | None = None

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"a limit cannot be negative: {self}")
        if self.by is not None and self.measure not in BY_CLOCK:
            raise ValueError(f"only working_days and days end at a time of day: {self}")

    @classmethod
    def parse(cls, text: str) -> Limit:
        """Read `"5 working_days"` or `"1 days 12:00"`, the form of packs and of `str(limit)`.

        Raises:
            ValueError: not a whole number and a measure; it says what was expected.
        """
        amount, _, rest = text.strip().partition(" ")
        measure, _, clock = rest.partition(" ")
        told = f"{text!r} is no limit: expected"
        if not (amount.isascii() and amount.isdecimal()) or measure not in list(Measure):
            raise ValueError(f"{told} a whole number and one of {', '.join(Measure)}")
        if not clock:
            return cls(int(amount), Measure(measure))
        if CLOCK.fullmatch(clock) is None:
            raise ValueError(f"{told} a time of day such as 12:00 behind the measure")
        return cls(int(amount), Measure(measure), time.fromisoformat(clock))

    def __str__(self) -> str:
        clock = "" if self.by is None else f" {self.by:%H:%M}"
        return f"{self.amount} {self.measure.value}{clock}"


@dataclass(frozen=True)
class Pause:
    """A stretch in which a clock stands; `end` None: it still does. Both aware."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True)
class Left:
    """How much is left of a clock, or how much it is over; whole units, rounded down.

    Nought working days left: due today. Nought hours left: less than one.
    """

    amount: int
    measure: Measure
    overdue: bool


def deadline(
    start: datetime, limit: Limit, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> datetime | None:
    """When the time is up; the module's docstring has the rules.

    Returns: a moment in the calendar's zone; None while an open pause keeps the clock from
        running out (a clock that ran out before that pause keeps its deadline).

    Raises:
        ValueError: a moment has no zone, or a pause ends before it starts.
    """
    start = calendar.local(start)
    stops = _merged(pauses, start, calendar)
    if limit.measure in (Measure.HOURS, Measure.WORKING_HOURS):
        return _spend(_running(start, stops, limit.measure, calendar), limit.amount * HOUR, start)
    if limit.by is not None:
        return _at_clock(start, limit, limit.by, calendar, stops)
    day = _last_day(start.date(), limit, calendar, stops)
    return None if day is None else calendar.at(day, LAST_MOMENT)


def shift(moment: datetime, limit: Limit, calendar: Calendar, sign: Literal[1, -1] = 1) -> datetime:
    """Move a moment by a limit: for what is due some time before or after a deadline.

    Days and months keep the time of day. Working days land on a working day, working hours in
    office hours; hours, days and months land where they land, be it a holiday. Nought: no move.

    Raises:
        ValueError: the moment has no zone.
    """
    moment = calendar.local(moment)
    step = sign * ONE_DAY
    match limit.measure:
        case Measure.HOURS:
            return _later(moment, sign * limit.amount * HOUR)
        case Measure.WORKING_HOURS:
            return _shift_office(moment, limit.amount * HOUR, calendar, sign)
        case Measure.DAYS:
            return moment + limit.amount * step
        case Measure.MONTHS:
            day = _add_months(moment.date(), sign * limit.amount)
            return datetime.combine(day, moment.timetz())
    day = _nth(moment.date(), limit.amount, calendar.is_working_day, step)
    return datetime.combine(day, moment.timetz())


def left(now: datetime, due: datetime, measure: Measure, calendar: Calendar) -> Left:
    """What is left at `now` of a clock that is due at `due`, or how far it is over.

    Days are counted by date, without today: due tomorrow is one day left, due today none. Months
    are told in days, as nobody reads "0 months left".

    Raises:
        ValueError: a moment has no zone.
    """
    now, due = calendar.local(now), calendar.local(due)
    first, last = min(now, due), max(now, due)
    match measure:
        case Measure.HOURS:
            amount = (last.astimezone(UTC) - first.astimezone(UTC)) // HOUR
        case Measure.WORKING_HOURS:
            amount = calendar.office_time(first, last) // HOUR
        case Measure.WORKING_DAYS:
            amount = calendar.working_days_between(first.date(), last.date())
        case _:
            amount, measure = (last.date() - first.date()).days, Measure.DAYS
    return Left(amount, measure, overdue=now > due)


def _merged(pauses: Sequence[Pause], start: datetime, calendar: Calendar) -> list[Pause]:
    """The pauses from `start` on: in order, apart, none without length."""
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda each: each.start):
        first = max(calendar.local(pause.start), start)
        end = None if pause.end is None else calendar.local(pause.end)
        if end is not None and end < pause.start:
            raise ValueError(f"a pause ends before it starts: {pause}")
        if end is not None and end <= first:
            continue
        if merged and ((before := merged[-1].end) is None or first <= before):
            first = merged.pop().start
            end = None if end is None or before is None else max(end, before)
        merged.append(Pause(first, end))
    return merged


def _running(
    start: datetime, stops: Sequence[Pause], measure: Measure, calendar: Calendar
) -> Iterator[Span]:
    """The stretches in which a clock of hours runs, in order; endless unless paused openly."""
    edges = [start, *(edge for stop in stops for edge in (stop.start, stop.end) if edge)]
    if len(edges) % 2:
        edges.append(datetime.max.replace(tzinfo=UTC) - ONE_DAY)
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if measure is Measure.HOURS:
            yield first, last
        else:
            yield from calendar.office_spans(first, last)


def _spend(spans: Iterator[Span], amount: timedelta, start: datetime) -> datetime | None:
    """The first moment by which that much of the stretches has passed."""
    if not amount:
        return start
    for first, last in spans:
        length = last.astimezone(UTC) - first.astimezone(UTC)
        if length >= amount:
            return _later(first, amount)
        amount -= length
    return None


def _later(moment: datetime, amount: timedelta) -> datetime:
    # By way of UTC: within a zone Python moves the hands of the clock, not time.
    return (moment.astimezone(UTC) + amount).astimezone(moment.tzinfo)


def _at_clock(
    start: datetime, limit: Limit, by: time, calendar: Calendar, stops: Sequence[Pause]
) -> datetime | None:
    """When a clock of days runs out whose last day ends at a time of day.

    Pauses are met one after the other: once it ran out before one, that changes nothing any more.
    """
    # Nought days end today, unless that time has passed.
    least = 1 if start.timetz().replace(tzinfo=None) >= by else 0
    limit = Limit(max(limit.amount, least), limit.measure, by)
    for met in range(len(stops) + 1):
        day = _last_day(start.date(), limit, calendar, stops[:met])
        due = None if day is None else calendar.at(day, by)
        if met == len(stops) or (due is not None and stops[met].start >= due):
            return due
    raise AssertionError  # the last round returns


def _last_day(start: date, limit: Limit, calendar: Calendar, stops: Sequence[Pause]) -> date | None:
    """The date with which a clock of days runs out."""
    rests = [_rest(stop, calendar) for stop in stops]
    stands_from = next((first for first, last in rests if last is None), date.max)

    def paused(day: date) -> bool:
        return any(first <= day and (last is None or day <= last) for first, last in rests)

    def counted(day: date) -> bool:
        worked = limit.measure is not Measure.WORKING_DAYS or calendar.is_working_day(day)
        return day >= stands_from or (worked and not paused(day))

    def final(day: date) -> bool:
        named = limit.by is not None and limit.measure is Measure.DAYS
        rests = not named and not calendar.is_working_day(day)
        return day >= stands_from or not (rests or paused(day))

    amount = limit.amount
    if limit.measure is Measure.MONTHS:
        amount = (_add_months(start, amount) - start).days
    day = _first(_nth(start, amount, counted, ONE_DAY), final)
    return day if day < stands_from else None


def _rest(stop: Pause, calendar: Calendar) -> tuple[date, date | None]:
    """First and last date that a pause touches before the day's last moment and after midnight."""
    first = stop.start.date()
    if stop.start.time() >= LAST_MOMENT:  # the day's deadline had passed
        first += ONE_DAY
    if stop.end is None:
        return first, None
    last = stop.end.date()
    return first, last - ONE_DAY if stop.end == calendar.at(last, time.min) else last


def _nth(day: date, amount: int, counted: Callable[[date], bool], step: timedelta) -> date:
    """That counted day from `day`, which is not counted itself."""
    for _ in range(amount):
        day = _first(day + step, counted, step)
    return day


def _first(day: date, wanted: Callable[[date], bool], step: timedelta = ONE_DAY) -> date:
    while not wanted(day):
        day += step
    return day


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _shift_office(
    moment: datetime, amount: timedelta, calendar: Calendar, sign: Literal[1, -1]
) -> datetime:
    if sign > 0:
        ends = calendar.office_spans(moment, datetime.max.replace(tzinfo=UTC) - ONE_DAY)
        return _spend(ends, amount, moment) or moment
    day = moment.date()
    while amount:
        for opens, closes in reversed(calendar.open_spans(day)):
            length = max(min(closes, moment).astimezone(UTC) - opens.astimezone(UTC), timedelta())
            if length >= amount:
                return _later(min(closes, moment), -amount)
            amount -= length
        day -= ONE_DAY
    return moment
