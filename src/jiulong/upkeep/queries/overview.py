"""What maintenance is due where, by plan; a handful of queries for any number of stations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Count, Max, Q
from django.utils import timezone

from jiulong.monitoring.models import Point
from jiulong.organisation.rules import Viewer
from jiulong.upkeep.models import FaultReport, MaintenancePlan, MaintenanceRecord, QcTest
from jiulong.upkeep.provisions import Rulebook, rulebook
from jiulong.upkeep.queries.scope import visible_points

#: A list is due soon in the last third of its time, at most five days ahead.
SOON: Final = timedelta(days=5)
#: What the QC column counts.
QC_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class DueWork:
    """One list of one station: when it was last worked through, and by when it is again."""

    point: int
    form: str
    every_days: int
    last_at: datetime | None
    due_on: date
    state: str  # met | near | over


@dataclass(frozen=True, slots=True)
class StationRow:
    """One station with all that is due, and how its checks went."""

    point: Point
    work: tuple[DueWork, ...]
    checks: int
    failed: int
    open_faults: int

    @property
    def state(self) -> str:
        """The worst of its lists; `none` without a plan."""
        states = {one.state for one in self.work}
        return next((one for one in ("over", "near", "met") if one in states), "none")

    @property
    def next_due(self) -> date | None:
        """When the next list is due."""
        return min((one.due_on for one in self.work), default=None)


def maintenance(viewer: Viewer, *, now: datetime, q: str = "") -> list[StationRow]:
    """Every station that the viewer sees, what is overdue first."""
    points = visible_points(viewer).filter(Q(active_to=None) | Q(active_to__gt=now))
    if q:
        points = points.filter(
            Q(outfall__enterprise__name__icontains=q)
            | Q(name__icontains=q)
            | Q(operator__name__icontains=q)
        )
    return station_rows(list(points.select_related("outfall__enterprise", "operator")), now=now)


def station_rows(points: Collection[Point], *, now: datetime) -> list[StationRow]:
    """Rows for these stations; permission was checked by whoever found them."""
    ids = [point.pk for point in points]
    work = due_work(ids, today=timezone.localdate(now))
    since = now - timedelta(days=QC_DAYS)
    tests: dict[int, tuple[int, int]] = {
        point: (every, bad)
        for point, every, bad in QcTest.objects.filter(
            point__in=ids, at__gte=since, withdrawn_at=None
        )
        .order_by()
        .values_list("point")
        .annotate(every=Count("pk"), bad=Count("pk", filter=Q(passed=False)))
    }
    faults = dict(
        FaultReport.objects.filter(point__in=ids, restored_at=None, withdrawn_at=None)
        .order_by()
        .values_list("point")
        .annotate(Count("pk"))
    )
    rows = [
        StationRow(
            point=point, work=tuple(work[point.pk]),
            checks=tests.get(point.pk, (0, 0))[0],
            failed=tests.get(point.pk, (0, 0))[1], open_faults=faults.get(point.pk, 0),
        )
        for point in points
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.next_due or date.max, row.point.code))


def due_work(points: Collection[int], *, today: date) -> dict[int, list[DueWork]]:
    """What is due by the plans that hold today, by point, soonest first."""
    plans = MaintenancePlan.objects.filter(point__in=points, from_on__lte=today).filter(
        Q(to_on=None) | Q(to_on__gte=today)
    )
    done = {
        (point, form): at
        for point, form, at in MaintenanceRecord.objects.filter(point__in=points, withdrawn_at=None)
        .order_by()
        .values_list("point", "form")
        .annotate(Max("at"))
    }
    found: dict[int, list[DueWork]] = defaultdict(list)
    for plan in plans:
        found[plan.point_id].append(_due(plan, done.get((plan.point_id, plan.form)), today))
    for rows in found.values():
        rows.sort(key=lambda one: (one.due_on, one.form))
    return found


def _due(plan: MaintenancePlan, last: datetime | None, today: date) -> DueWork:
    every = timedelta(days=plan.every_days)
    start = plan.from_on if last is None else timezone.localdate(last)
    due = start + every
    soon = due - min(every / 3, SOON) <= today
    state = "over" if due < today else "near" if soon else "met"
    return DueWork(plan.point_id, plan.form, plan.every_days, last, due, state)


@dataclass(frozen=True, slots=True)
class DueCheck:
    """A check of one instrument that has to be made again by a time."""

    point: int
    factor: int
    kind: str
    last_at: datetime | None
    due_at: datetime | None


def due_checks(
    wanted: Collection[tuple[int, int, str]], *, now: datetime, book: Rulebook | None = None
) -> list[DueCheck]:
    """Which standard checks and comparisons are overdue now.

    Args:
        wanted: (point, factor id, factor code) of every instrument that is to be checked.
    """
    book = book or rulebook()
    every = {
        QcTest.Kind.STANDARD: book.hours("standard_every"),
        QcTest.Kind.COMPARISON: timedelta(days=book.limit("comparison_every").amount),
    }
    checked = {
        (limit.factor, kind)
        for limit in book.limits.values()
        for kind in limit.kinds
        if limit.regular
    }
    last = {
        (point, factor, kind): at
        for point, factor, kind, at in QcTest.objects.filter(
            point__in={point for point, _factor, _code in wanted}, withdrawn_at=None
        )
        .order_by()
        .values_list("point", "factor", "kind")
        .annotate(Max("at"))
    }
    found = []
    for point, factor, code in wanted:
        for kind, length in every.items():
            if (code, str(kind)) not in checked:
                continue
            at = last.get((point, factor, str(kind)))
            if at is None or at + length < now:
                found.append(DueCheck(point, factor, str(kind), at, at and at + length))
    return found
