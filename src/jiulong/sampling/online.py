"""What the instrument said in the hour of a sample. Reads only."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from jiulong.monitoring.models import Factor, Period, Point, Reading
from jiulong.monitoring.numbers import exact

#: Marks under which a value counts (HJ 212-2017 table 8); "." where none was sent.
COUNTS: Final = frozenset("N.")


def hourly_mean(point: Point, factor: Factor, at: datetime) -> Decimal | None:
    """The hourly mean of the hour in which `at` lies, in the factor's unit.

    None: there is none, or its mark says that it does not count.
    """
    start = at.replace(minute=0, second=0, microsecond=0)
    rows = Reading.objects.filter(
        point=point.pk, period=Period.HOUR, at=start, factors__contains=[factor.pk]
    )
    for row in rows.only("factors", "values", "flags", "at", "part", "period", "point"):
        place = row.factors.index(factor.pk)
        value, mark = row.values[place], row.flags[place : place + 1]
        if value is not None and mark in COUNTS:
            return exact(value)
    return None
