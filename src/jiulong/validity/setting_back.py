"""Limits and rule sets that are changed for days gone by: those days are judged anew by themselves.

With days whose limits changed their hours are, too (`monitoring.rejudging`). When they are too many
for the worker that also computes today, a warning names the command.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from django.db.models import Min
from django.utils import timezone

from jiulong.monitoring import also
from jiulong.validity.models import Cause, DayStatistic, DueDay

log = logging.getLogger(__name__)
DAY: Final = timedelta(days=1)
#: Days of points that are queued by themselves: some minutes of work.
MOST: Final = 20_000


def limits_changed(since: Mapping[int, date]) -> None:
    """Other limits are in force from a day on, by point. Listens to `monitoring.limits`."""
    days = _clipped(since)
    _queue(days, Cause.LIMITS, f"jiulong judge --since {min(since.values())}")


def waiting(point: int) -> int:
    """Days of a point that wait to be judged anew because its limits changed."""
    return DueDay.objects.filter(point=point, cause=Cause.LIMITS).count()


def rules_changed(since: date) -> None:
    """Other rules of validity hold from a day on, at every point."""
    points = DayStatistic.objects.filter(on__gte=since).order_by().values_list("point").distinct()
    days = _clipped({point: since for (point,) in points})
    _queue(days, Cause.RULES, f"jiulong statistics --since {since}")


def _clipped(since: Mapping[int, date]) -> dict[int, date]:
    """From when on a point has statistics that are touched."""
    rows = DayStatistic.objects.filter(point__in=since).order_by().values_list("point")
    first = dict(rows.annotate(first=Min("on")))
    today = timezone.localdate()
    starts = {point: max(day, first[point]) for point, day in since.items() if point in first}
    return {point: day for point, day in starts.items() if day <= today}


def _queue(since: Mapping[int, date], cause: Cause, command: str) -> None:
    today = timezone.localdate()
    count = sum((today - day).days + 1 for day in since.values())
    if count > MOST:
        log.warning(
            "%s days of points are touched by what was changed for the past (%s): too many to be "
            "computed by themselves. Run: %s", count, cause, command,
        )  # fmt: skip
        return
    DueDay.objects.bulk_create(
        (
            DueDay(point_id=point, on=day + n * DAY, cause=cause)
            for point, day in since.items()
            for n in range((today - day).days + 1)
        ),
        ignore_conflicts=True,
        batch_size=1000,
    )
    if count:
        also.wake()
