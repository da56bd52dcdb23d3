"""Every write about the calendar. `actor` None is the machine's command line alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.calendar.models import CalendarDay, CalendarYear, OfficeHours
from jiulong.calendar.notices import NoticeDay
from jiulong.calendar.working_time import read_season, read_spans
from jiulong.organisation import events
from jiulong.organisation.rules import Viewer, require_or_system

#: Nothing of the district is older than the system; the package knows days since 2004.
FIRST_SEEDED: Final = 2020
#: What the package calls them; days are stored under their official name.
OFFICIAL: Final = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}


def edit_day(
    *, actor: Viewer | None, on: date, kind: str | None, name: str = "", source: str = ""
) -> CalendarDay | None:
    """Say that a date is off or worked; `kind` None: it is what its weekday is.

    Deadlines that are worked out from now on follow; those already told do not move by themselves.

    Raises:
        PermissionDenied: the actor does not hold `edit_calendar`.
        ValidationError: no such kind, a make-up day on a weekday, or no source.
    """
    user = require_or_system(actor, "edit_calendar")
    day = CalendarDay(date=on, kind=kind or CalendarDay.Kind.HOLIDAY, name=name, source=source)
    if kind is not None:
        day.clean_fields()
    if kind == CalendarDay.Kind.WORKDAY and on.weekday() < 5:
        raise ValidationError({"kind": _("A weekday is worked anyway.")})
    with transaction.atomic():
        # Locked, so that the event's "before" is true.
        before = CalendarDay.objects.select_for_update().filter(date=on).first()
        if kind is None:
            CalendarDay.objects.filter(date=on).delete()
        else:
            day.save()
        told = {"before": _told(before), "after": _told(day if kind else None)}
        events.record(actor=user, verb="edit_day", subject=day, data=told)
    return day if kind else None


def set_year(
    *, actor: Viewer | None, year: int, days: Sequence[NoticeDay], source: str
) -> CalendarYear:
    """Enter a year's notice; what was known of that year is replaced. The same again is no change.

    Args:
        days: as `notices.read` gives them; those of the neighbouring years are added to these.

    Raises:
        PermissionDenied: the actor does not hold `edit_calendar`.
        ValidationError: no days, or no source.
    """
    user = require_or_system(actor, "edit_calendar")
    known = CalendarYear(year=year, source=source, entered_at=timezone.now())
    known.clean_fields()
    if not days:
        raise ValidationError(_("A year without holidays cannot be."))
    rows = [CalendarDay(date=d.date, kind=d.kind, name=d.name, source=source) for d in days]
    with transaction.atomic():
        of_year = CalendarDay.objects.select_for_update().filter(date__year=year)
        before = {str(day.date): _told(day) for day in of_year}
        after = {str(day.date): _told(day) for day in rows}
        if before == after and CalendarYear.objects.filter(year=year).exists():
            return CalendarYear.objects.get(year=year)
        of_year.delete()
        _write(rows, known)
        told = {"source": source, "before": before, "after": after}
        events.record(actor=user, verb="set_year", subject=known, data=told)
    return known


def add_hours(
    *,
    actor: Viewer | None,
    spans: str,
    season_from: str = "",
    season_to: str = "",
    from_on: date | None = None,
    to_on: date | None = None,
) -> OfficeHours:
    """Say when offices are open, all year or in a season, from a day on. Past days keep theirs.

    Args:
        spans: `08:00-12:00 14:30-17:30`. season_from, season_to: `06-01`, `09-30`.

    Raises:
        PermissionDenied: the actor does not hold `edit_calendar`.
        ValidationError: times or dates are not of that form, or in the wrong order.
    """
    user = require_or_system(actor, "edit_calendar")
    try:
        spans = " ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in read_spans(spans))
    except ValueError as error:
        raise ValidationError({"spans": _("Like this: 08:00-12:00 14:30-17:30")}) from error
    try:
        read_season(season_from, season_to)
    except ValueError as error:
        raise ValidationError({"season_from": _("Like this: 06-01 to 09-30")}) from error
    if from_on and to_on and to_on < from_on:
        raise ValidationError({"to_on": _("The last day is before the first.")})
    row = OfficeHours(
        spans=spans, season_from=season_from, season_to=season_to, from_on=from_on, to_on=to_on
    )
    with transaction.atomic():
        row.save()
        told = {"spans": spans, "season": [season_from, season_to]}
        told["valid"] = [str(from_on or ""), str(to_on or "")]
        events.record(actor=user, verb="add_hours", subject=row, data=told)
    return row


def remove_hours(*, actor: Viewer | None, row: OfficeHours) -> None:
    """Take office hours back that were entered by mistake.

    Raises:
        PermissionDenied: the actor does not hold `edit_calendar`.
    """
    user = require_or_system(actor, "edit_calendar")
    with transaction.atomic():
        told = {"spans": row.spans, "season": [row.season_from, row.season_to]}
        events.record(actor=user, verb="remove_hours", subject=row, data=told)
        row.delete()


def enter_what_is_known() -> list[int]:
    """Enter the years that the package `chinesecalendar` knows and the district does not.

    Runs after every migration, so that a newer package brings its year along; what somebody
    entered is never touched. Office hours begin as Fujian's custom has them.

    Returns: the years entered.
    """
    from chinese_calendar import constants  # noqa: PLC0415 - thirty years of dates, needed rarely

    source = f"chinesecalendar {version('chinesecalendar')}"
    kinds = (("holiday", constants.holidays), ("workday", constants.workdays))
    days = [
        CalendarDay(date=on, kind=kind, name=OFFICIAL.get(name, name), source=source)
        for kind, table in kinds
        for on, name in table.items()
    ]
    years = {day.date.year for day in days if day.date.year >= FIRST_SEEDED}
    missing = years - set(CalendarYear.objects.values_list("year", flat=True))
    for year in sorted(missing):
        known = CalendarYear(year=year, source=source, entered_at=timezone.now())
        noted = set(CalendarDay.objects.filter(date__year=year).values_list("date", flat=True))
        rows = [day for day in days if day.date.year == year and day.date not in noted]
        with transaction.atomic():
            _write(rows, known)
    if not OfficeHours.objects.exists():  # rows, so that a later one leaves past days theirs
        OfficeHours.objects.create(spans="08:00-12:00 14:30-17:30")
        OfficeHours.objects.create(
            spans="08:00-12:00 15:00-18:00", season_from="06-01", season_to="09-30"
        )
    return sorted(missing)


def _write(rows: Sequence[CalendarDay], known: CalendarYear) -> None:
    CalendarDay.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["date"],
        update_fields=["kind", "name", "source"],
    )  # fmt: skip
    known.save()


def _told(day: CalendarDay | None) -> list[str] | None:
    return [day.kind, day.name] if day else None
