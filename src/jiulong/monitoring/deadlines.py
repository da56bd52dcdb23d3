"""By when an alarm must be answered and over, read from a few words in a pack.

`2 hours`, `5 working_days` and the other measures of `calendar.clocks`; `same_day`: by the end of
the local day; `next_day 12:00`: by that time of the day after; empty: no deadline.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from jiulong.calendar.clocks import Calendar, Limit, deadline

SAME_DAY: Final = "same_day"
NEXT_DAY: Final = "next_day "
LAST_MOMENT: Final = time(23, 59, 59)


def due(text: str, start: datetime, calendar: Calendar) -> datetime | None:
    """When the time that `text` allows from `start` on is up; None: there is no deadline.

    Raises:
        ValueError: it is no deadline; it says what was expected.
    """
    if not text:
        return None
    day = timezone.localdate(start)
    if text == SAME_DAY:
        return _local(day, LAST_MOMENT)
    if text.startswith(NEXT_DAY):
        return _local(day + timedelta(days=1), _clock(text))
    return deadline(start, _limit(text), calendar)


def check(text: str) -> None:
    """Refuse what is no deadline.

    Raises:
        ValueError: as `due`.
    """
    if text and text != SAME_DAY:
        _clock(text) if text.startswith(NEXT_DAY) else _limit(text)


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text.removeprefix(NEXT_DAY).strip())
    except ValueError as error:
        raise ValueError(f"{text!r}: expected e.g. 'next_day 12:00'") from error


def _limit(text: str) -> Limit:
    try:
        return Limit.parse(text)
    except ValueError as error:
        raise ValueError(f"{error}, or '{SAME_DAY}', or e.g. 'next_day 12:00'") from error


def _local(day: date, clock: time) -> datetime:
    moment = datetime.combine(day, clock)
    return timezone.make_aware(moment, timezone.get_default_timezone())
