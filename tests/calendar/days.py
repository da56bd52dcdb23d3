"""The real calendar of 2004 to 2026 and a few words for moments."""

from datetime import date, datetime

from chinese_calendar import constants

from jiulong.calendar.clocks import Calendar
from jiulong.calendar.working_time import BEIJING

REAL = Calendar(
    holidays=frozenset(constants.holidays),
    workdays=frozenset(constants.workdays),
    horizon=date(2026, 12, 31),
)


def beijing(text: str) -> datetime:
    """`2026-02-13 09:00` of Beijing."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)
