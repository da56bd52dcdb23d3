"""From when to when a page looks: read from its address, with the usual choices beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiulong.monitoring.models import Period

#: name → (length, label); the names are in addresses, so they stay.
PRESETS: Final[dict[str, tuple[timedelta, str | Promise]]] = {
    "1h": (timedelta(hours=1), gettext_lazy("1 hour")),
    "6h": (timedelta(hours=6), gettext_lazy("6 hours")),
    "24h": (timedelta(hours=24), gettext_lazy("24 hours")),
    "7d": (timedelta(days=7), gettext_lazy("7 days")),
    "30d": (timedelta(days=30), gettext_lazy("30 days")),
    "1y": (timedelta(days=366), gettext_lazy("1 year")),
}
USUAL: Final = "24h"
#: A chart may look at no more; a year and a leap day.
LONGEST: Final = timedelta(days=367)
#: No reading is older than the first data loggers, and dates near either end of the calendar
#: overflow when a day is added or a zone is taken off.
YEARS: Final = range(1990, 2101)


@dataclass(frozen=True, slots=True)
class Span:
    """What was asked for. `preset` is empty when both ends were given."""

    start: datetime
    end: datetime
    preset: str
    period: Period | None
    complaint: str = ""


def asked_span(request: HttpRequest, now: datetime) -> Span:
    """`?from=&to=` (ISO dates or times, Beijing time) or `?span=24h`, and `?period=hour`.

    What cannot be read is told in `complaint`, and the usual span is taken.
    """
    query = request.GET
    period = _period(query.get("period", ""))
    given = query.get("from", ""), query.get("to", "")
    if any(given):
        try:
            start, end = moment(given[0]), moment(given[1], end_of_day=True)
        except ValueError as error:
            return _usual(now, USUAL, period, str(error))
        end = end or now
        start = start or end - PRESETS[USUAL][0]
        if start >= end:
            return _usual(now, USUAL, period, _("The beginning must be before the end."))
        if end - start > LONGEST:
            return _usual(now, USUAL, period, _("At most a year can be shown at once."))
        return Span(start, end, "", period)
    return _usual(now, query.get("span", USUAL), period)


def moment(text: str, *, end_of_day: bool = False) -> datetime | None:
    """A time from an address: ISO date or time, Beijing time unless it says otherwise.

    Raises:
        ValueError: it is neither; the message is for people.
    """
    if not text:
        return None
    complaint = _("%(text)s is not a time; write it like 2026-01-31 or 2026-01-31T08:00")
    try:
        found, day = parse_datetime(text), parse_date(text)
    except ValueError as error:
        raise ValueError(complaint % {"text": text}) from error
    named = day if day is not None and len(text) <= len("2026-01-31") else found
    if named is None:
        raise ValueError(complaint % {"text": text})
    if named.year not in YEARS:
        raise ValueError(_("%(text)s is too far from today.") % {"text": text})
    if found is None or named is day:
        return midnight(named, end_of_day=end_of_day)
    return found if found.tzinfo else timezone.make_aware(found)


def midnight(day: date, *, end_of_day: bool = False) -> datetime:
    """When a local day begins, or ends; days of other centuries become the nearest we know."""
    year = min(max(day.year, YEARS.start), YEARS.stop - 1)
    known = day if year == day.year else date(year, 1, 1)
    start = datetime.combine(known, time.min, timezone.get_current_timezone())
    return start + timedelta(days=1) if end_of_day else start


def _period(name: str) -> Period | None:
    return Period[name.upper()] if name.upper() in Period.names else None


def _usual(now: datetime, preset: str, period: Period | None, complaint: str = "") -> Span:
    name = preset if preset in PRESETS else USUAL
    return Span(now - PRESETS[name][0], now, name, period, complaint)
