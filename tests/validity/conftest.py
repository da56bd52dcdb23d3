"""A point with limits, and hours of it; statistics made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from jiulong.monitoring.models import Limit, Period, Point
from jiulong.organisation.models import Unit, User
from jiulong.validity import statistics
from jiulong.validity.models import DayStatistic
from tests.factories import make_factor, make_limit, make_unit, make_user, write_readings
from tests.people import People, make_people

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
#: 00:00 of 1 March 2026 in Zhangzhou.
MARCH = datetime(2026, 2, 28, 16, tzinfo=UTC)
#: 10 L/s are 36 m³ in an hour.
FLOW = {"w00000": 10.0}
_batches = count(1)


@dataclass(frozen=True)
class Station:
    """`point` has a limit on the daily mean of COD."""

    people: People
    operator: User
    point: Point

    @property
    def cod(self) -> int:
        return make_factor("w01018").pk

    def day(self, on: int | date, code: str = "w01018") -> DayStatistic:
        """The statistic of a day of March."""
        day = on if isinstance(on, date) else date(2026, 3, on)
        return DayStatistic.objects.get(point=self.point, factor__code=code, on=day)

    def hours(self, on: int, *values: float | None, **also: Any) -> None:
        """Hours of a day of March from midnight on, as one batch: COD at 10 L/s."""
        first = MARCH + (on - 1) * DAY
        rows = [(first + n * HOUR, {**FLOW, "w01018": value}) for n, value in enumerate(values)]
        self.write(Period.HOUR, rows, **also)

    def write(
        self, period: Period, rows: list[tuple[datetime, Mapping[str, float | None]]], **also: Any
    ) -> None:
        """Readings in a batch of their own."""
        write_readings(self.point, period, rows, batch=next(_batches), **also)


@pytest.fixture
def station(db: None) -> Station:
    people = make_people()
    firm = make_unit(Unit.Kind.ENTERPRISE)
    make_limit(people.point, maximum="50", statistic=Limit.Statistic.DAY)
    Point.objects.update(active_from=MARCH)
    Point.objects.filter(pk=people.point.pk).update(operator=firm)
    people.point.refresh_from_db()
    return Station(people, make_user("operator", firm), people.point)


@pytest.fixture
def settle(db: None) -> Callable[[datetime], None]:
    """Take steps until nothing is due."""

    def run(now: datetime) -> None:
        for _ in range(100):
            if not statistics.step(now):
                return
        raise AssertionError("the worker finds no end")

    return run


def at(on: int, hour: int = 0, minute: int = 0) -> datetime:
    """A local time of March 2026."""
    return MARCH + (on - 1) * DAY + hour * HOUR + timedelta(minutes=minute)
