"""A point whose hours and minutes come, or do not."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from jiulong.gaps import tracking
from jiulong.monitoring.models import Period, Point
from tests.factories import make_point, write_readings

#: 08:00 in Zhangzhou on a Tuesday.
START = datetime(2026, 3, 10, 0, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


@pytest.fixture
def point() -> Point:
    return make_point(minute_interval=10)


class Line:
    """What a logger sends, batch by batch."""

    def __init__(self) -> None:
        self.batch = 0

    def sends(
        self,
        point: Point,
        times: Iterable[datetime],
        period: Period = Period.HOUR,
        *,
        received_at: datetime | None = None,
    ) -> None:
        self.batch += 1
        rows = [(time, {"w01018": 20.0}) for time in times]
        came = received_at or max(time for time, _ in rows) + timedelta(hours=1)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO journal (id, received_at, node, token, frames, body)"
                " OVERRIDING SYSTEM VALUE VALUES (%s, %s, 'test', gen_random_uuid(), %s, '')",
                [self.batch, came, len(rows)],
            )
        write_readings(point, period, rows, batch=self.batch, received_at=received_at)

    def hours(self, point: Point, first: int, last: int, *, but: Collection[int] = ()) -> None:
        """Hours first … last − 1, each in time."""
        self.sends(point, [at(n) for n in range(first, last) if n not in but])


@pytest.fixture
def line() -> Line:
    return Line()


def look(hours: float) -> None:
    """Have everything looked at that is due so many hours after START."""
    while tracking.step(at(hours)):
        pass
