"""A station with a yesterday: 24 hours of COD and flow, six of them high."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from jiulong.monitoring.models import Factor, Period, Point
from jiulong.organisation.models import Unit, User
from jiulong.validity import statistics
from jiulong.validity.runs import midnight
from tests.factories import (
    make_factor,
    make_limit,
    make_point,
    make_unit,
    make_user,
    write_readings,
)

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Site:
    """`point` is `enterprise`'s and served by `operator`; `sibling` runs another."""

    point: Point
    enterprise: User
    operator: User
    sibling: User
    desk: User
    cod: Factor
    yesterday: date

    @property
    def start(self) -> datetime:
        """Midnight of yesterday."""
        return midnight(self.yesterday)


@pytest.fixture
def site(db: None) -> Site:
    owner, firm, other = (make_unit(Unit.Kind.ENTERPRISE) for _ in range(3))
    point = make_point(unit=owner, operator=firm)
    make_point(unit=other)
    make_limit(point, "w01018", "50", statistic="day")
    return Site(
        point=point,
        enterprise=make_user("enterprise", owner),
        operator=make_user("operator", firm),
        sibling=make_user("enterprise", other),
        desk=make_user("monitor", make_unit()),
        cod=make_factor("w01018"),
        yesterday=timezone.localdate() - DAY,
    )


def measured(site: Site, *, high: int = 6, missing: frozenset[int] = frozenset()) -> None:
    """40 mg/L and 10 m³ an hour (2.7̇ L/s), 100 mg/L in the last `high` hours of yesterday."""
    rows = [
        (site.start + n * HOUR, {"w01018": 100.0 if n >= 24 - high else 40.0, "w00000": 2.5})
        for n in range(24)
        if n not in missing
    ]
    write_readings(site.point, Period.HOUR, rows)
    while statistics.step(timezone.now()):
        pass
