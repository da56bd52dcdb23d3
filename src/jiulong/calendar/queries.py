"""What the calendar knows. Holidays are no secret: whoever signed in may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied

from jiulong.calendar import clocks
from jiulong.calendar.models import CalendarDay, CalendarVersion, CalendarYear, OfficeHours
from jiulong.calendar.working_time import read_season, read_spans
from jiulong.organisation.rules import Viewer

#: Beyond the horizon deadlines are guesses, and most clocks run shorter than this.
HORIZON_NEAR: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far the holidays are known. `last` None: not at all."""

    last: date | None
    today: date

    @property
    def days(self) -> int:
        """Days from today to the last known one; negative when that is past."""
        return (self.last - self.today).days if self.last else 0

    @property
    def near(self) -> bool:
        """Whether somebody must enter the next year's notice."""
        return self.last is None or self.last - self.today < HORIZON_NEAR

    @property
    def next_year(self) -> int:
        """The first year that is missing."""
        return self.last.year + 1 if self.last else self.today.year


_cached: tuple[UUID | None, clocks.Calendar] | None = None


def district_calendar() -> clocks.Calendar:
    """The calendar that the district's clocks run by.

    One small query tells whether it changed, in any process: ask once per request or round, not
    once per row. Three more queries when it did.
    """
    global _cached  # noqa: PLW0603 - one calendar per process
    version = CalendarVersion.objects.values_list("version", flat=True).first()
    if _cached is None or _cached[0] != version or version is None:
        _cached = (version, _read())
    return _cached[1]


def horizon(today: date) -> Horizon:
    """How far the district's calendar reaches, seen from today."""
    return Horizon(district_calendar().horizon, today)


def days_of(viewer: Viewer, year: int) -> list[CalendarDay]:
    """The year's days that differ from their weekday, in order.

    Raises:
        PermissionDenied: nobody signed in.
    """
    _signed_in(viewer)
    return list(CalendarDay.objects.filter(date__year=year))


def day(viewer: Viewer, on: date) -> CalendarDay | None:
    """What is noted of a date."""
    _signed_in(viewer)
    return CalendarDay.objects.filter(date=on).first()


def years(viewer: Viewer) -> list[CalendarYear]:
    """The years whose notice is known, in order."""
    _signed_in(viewer)
    return list(CalendarYear.objects.all())


def office_hours(viewer: Viewer) -> list[OfficeHours]:
    """Office hours, in the order in which they come into force."""
    _signed_in(viewer)
    return list(OfficeHours.objects.all())


def _signed_in(viewer: Viewer) -> None:
    if not viewer.is_authenticated or not viewer.is_active:
        raise PermissionDenied("see_calendar")


def _read() -> clocks.Calendar:
    days = list(CalendarDay.objects.values_list("date", "kind"))
    known = CalendarYear.objects.values_list("year", flat=True).order_by("year")
    hours = tuple(
        clocks.OfficeHours(
            read_spans(row.spans),
            read_season(row.season_from, row.season_to),
            row.from_on,
            row.to_on,
        )
        for row in OfficeHours.objects.all()
    )
    return clocks.Calendar(
        holidays=frozenset(on for on, kind in days if kind == CalendarDay.Kind.HOLIDAY),
        workdays=frozenset(on for on, kind in days if kind == CalendarDay.Kind.WORKDAY),
        hours=hours or clocks.Calendar().hours,
        horizon=_last_known(list(known)),
    )


def _last_known(known: Sequence[int]) -> date | None:
    """The end of the first stretch of years without a gap."""
    last = None
    for year in known:
        if last is not None and year != last + 1:
            break
        last = year
    return None if last is None else date(last, 12, 31)
