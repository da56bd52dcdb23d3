"""The upkeep of an invented district in its last days: `furnish` fills it, with few statements.

Everything is drawn from the code of its point, so that the same past comes out each time. Marks
follow what loggers flagged and what the judge found missing: most in time, some late, a few
rejected; yesterday is left half unmarked, so that there is work today.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from jiulong.monitoring.models import Point
from jiulong.upkeep.invented import checking, faulting, marking, serving
from jiulong.upkeep.invented.cast import Cast
from jiulong.upkeep.models import OperatingContract


def furnish(now: datetime, days: int) -> dict[str, int]:
    """Write contracts, plans, records, checks, marks, faults and manual data; returns how many.

    A district that has contracts already is left as it is.
    """
    if OperatingContract.objects.exists():
        return {}
    points = _points(now)
    cast = Cast.found(now, days)
    with transaction.atomic():
        return {
            "contracts": serving.contracts(points, cast),
            "records": serving.records(points, cast),
            "checks": checking.checks(points, cast),
            "marks": marking.marks(points, cast),
            "faults": faulting.faults(points, cast),
        }


def _points(now: datetime) -> Sequence[Point]:
    """Points that were in service for a day at least."""
    rows = Point.objects.filter(active_to=None, active_from__lte=now - timedelta(days=1))
    return list(rows.select_related("outfall__enterprise__unit", "operator").order_by("code"))
