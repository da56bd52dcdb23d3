"""A year as a page shows it: months of weeks of days, and holidays as stretches."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from jiulong.calendar.models import CalendarDay
from jiulong.calendar.words import holiday


@dataclass(frozen=True, slots=True)
class Cell:
    """A date in the grid; `on` None: the week's day belongs to another month."""

    on: date | None
    kind: str = ""
    name: str = ""
    rest: bool = False
    today: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: list[list[Cell]]


@dataclass(slots=True)
class Stretch:
    """A holiday from its first to its last day, and the days worked instead."""

    name: str
    first: date
    last: date
    worked: list[CalendarDay] = field(default_factory=list)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def months(year: int, days: Sequence[CalendarDay], today: date) -> list[Month]:
    """The twelve months, weeks from Monday."""
    noted = {day.date: day for day in days}
    return [_month(date(year, number, 1), noted, today) for number in range(1, 13)]


def stretches(days: Sequence[CalendarDay]) -> list[Stretch]:
    """Days off in order, those in a row under one name together, with the days worked for them."""
    found: list[Stretch] = []
    for name, group in groupby(_off(days), key=lambda day: day.name):
        for day in group:
            if found and found[-1].name == name and day.date - found[-1].last == timedelta(days=1):
                found[-1].last = day.date
            else:
                found.append(Stretch(name, day.date, day.date))
    for day in days:
        if day.kind == CalendarDay.Kind.WORKDAY and found:
            near = [each for each in found if each.name == day.name] or found
            min(near, key=lambda each: abs((each.first - day.date).days)).worked.append(day)
    return found


def _off(days: Sequence[CalendarDay]) -> list[CalendarDay]:
    return [day for day in days if day.kind == CalendarDay.Kind.HOLIDAY]


def _month(first: date, noted: dict[date, CalendarDay], today: date) -> Month:
    weeks = Weeks().monthdatescalendar(first.year, first.month)
    return Month(first, [[_cell(on, first, noted, today) for on in week] for week in weeks])


def _cell(on: date, first: date, noted: dict[date, CalendarDay], today: date) -> Cell:
    if on.month != first.month:
        return Cell(None)
    day = noted.get(on)
    weekend = on.weekday() >= 5
    if day is None:
        return Cell(on, rest=weekend, today=on == today)
    rest = day.kind == CalendarDay.Kind.HOLIDAY
    return Cell(on, day.kind, holiday(day.name), rest=rest, today=on == today)
