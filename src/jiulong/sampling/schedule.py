"""Windows of random draws, pure: every so many days, between two times of the district's day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from django.utils import timezone

DAY: Final = timedelta(days=1)


def read_window(text: str) -> tuple[time, time]:
    """`"22:00-05:00"` as two times.

    Raises:
        ValueError: it says what was expected.
    """
    first, dash, last = text.partition("-")
    try:
        found = time.fromisoformat(first.strip()), time.fromisoformat(last.strip())
    except ValueError:
        dash = ""
        found = (time(0), time(0))
    if not dash or found[0] == found[1]:
        raise ValueError(f"{text!r} is no window: expected two times like 22:00-05:00")
    return found


def next_window(every_days: int, window: str, now: datetime) -> tuple[datetime, datetime]:
    """The first window that opens after `now`; one that ends before it begins ends the day after.

    Windows stand on days whose number since year 1 divides by `every_days`, so that whoever
    computes them, whenever, finds the same.
    """
    first, last = read_window(window)
    on = timezone.localdate(now)
    while True:
        if on.toordinal() % every_days == 0:
            zone = timezone.get_default_timezone()
            opens = datetime.combine(on, first, zone)
            closes = datetime.combine(on if last > first else on + DAY, last, zone)
            if opens > now:
                return opens, closes
        on += DAY
