"""Monthly partitions of `reading`: made ahead by the keeper, and when an old month comes in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import asyncpg
from django.db import connection

#: This month and the two after it: a keeper that is down for a month does no harm.
AHEAD_MONTHS: Final = 2
#: Back-fill older than this, or further ahead than a month, is a clock that is off: such readings
#: go to the default partition, lest a logger with a dead battery makes tables at will.
BACK_YEARS: Final = 10

_DAY_US: Final = 86_400_000_000


def months_from(first: date, count: int) -> Iterator[date]:
    """The first days of `count` months."""
    index = first.year * 12 + first.month - 1
    for number in range(index, index + count):
        yield date(number // 12, number % 12 + 1, 1)


def make_partitions(now: datetime) -> int:
    """Make the partitions of this month and the next ones; how many were new."""
    made = 0
    with connection.cursor() as cursor:
        for month in months_from(now.astimezone(UTC).date(), AHEAD_MONTHS + 1):
            cursor.execute("SELECT ensure_reading_partition(%s)", [month])
            row = cursor.fetchone()
            made += bool(row and row[0])
    return made


class Months:
    """Which months are known to have their partition."""

    def __init__(self) -> None:
        self._days: set[int] = set()  # days since 1970 that need no look
        self._made: set[date] = set()

    async def ensure(
        self, database: asyncpg.Connection[Any], moments: Iterable[int], now: datetime
    ) -> None:
        """Make the partitions for these times (µs since 1970) where they are missing.

        Not within the recording transaction: it may have to wait for locks, and needs no undoing.
        """
        fresh = {moment // _DAY_US for moment in moments} - self._days
        months = {day_of(day).replace(day=1) for day in fresh}
        today = now.astimezone(UTC).date()
        earliest = today.replace(year=today.year - BACK_YEARS, day=1)
        latest = list(months_from(today, 2))[-1]
        for month in sorted(months - self._made):
            if earliest <= month <= latest:
                await database.execute("SELECT ensure_reading_partition($1)", month)
                self._made.add(month)
        # A day that is too far off today may come near: it is looked at again.
        self._days |= {day for day in fresh if day_of(day).replace(day=1) in self._made}


def day_of(number: int) -> date:
    """The date of a day counted from 1970."""
    return date(1970, 1, 1) + timedelta(days=number)
