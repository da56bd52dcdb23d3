"""Every read of statistics that pages and the API need. All take the viewer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q, QuerySet, Sum

from jiulong.monitoring.models import Factor, Limit, Point
from jiulong.monitoring.numbers import Breach, breach
from jiulong.monitoring.queries import factor_rank, visible_points
from jiulong.organisation.rules import Viewer, may
from jiulong.validity.lineage import DayLineage, HourLine, lineage
from jiulong.validity.models import DayStatistic, MonthStatistic, Revision
from jiulong.validity.months import last_of

__all__ = [
    "DayCell", "DayLineage", "HourLine", "MonthTable", "accepted_hours", "day", "days",
    "load_to_date", "month_table", "months", "revision", "revisions",
]  # fmt: skip

#: Days of the short table on a point's page.
LATELY: Final = timedelta(days=7)


def days(
    viewer: Viewer, point: Point, factor: Factor | None, start: date, end: date
) -> QuerySet[DayStatistic]:
    """Days from `start` to `end`, both included, newest first; all factors where none is named.

    Raises:
        Point.DoesNotExist: there is none, or not for this viewer.
    """
    seen = visible_points(viewer).get(pk=point.pk)
    found = DayStatistic.objects.filter(point=seen, on__gte=start, on__lte=end)
    if factor is not None:
        found = found.filter(factor=factor)
    return found.select_related("factor").order_by("-on", "factor")


def day(viewer: Viewer, point: Point, factor: Factor, on: date) -> DayStatistic:
    """One day.

    Raises:
        Point.DoesNotExist: not for this viewer.
        DayStatistic.DoesNotExist: nothing was computed of it.
    """
    return days(viewer, point, factor, on, on).get()


def months(
    viewer: Viewer, point: Point, factor: Factor | None, start: date, end: date
) -> QuerySet[MonthStatistic]:
    """Months that begin from `start` to `end`, newest first.

    Raises:
        Point.DoesNotExist: there is none, or not for this viewer.
    """
    seen = visible_points(viewer).get(pk=point.pk)
    found = MonthStatistic.objects.filter(point=seen, month__gte=start, month__lte=end)
    if factor is not None:
        found = found.filter(factor=factor)
    return found.select_related("factor").order_by("-month", "factor")


def load_to_date(point: Point, factor: Factor, year: int) -> Decimal:
    """kg of a year so far, of days that are over: their own loads and those that stand in.

    Takes no viewer: for floors that compute for everybody.
    """
    found = DayStatistic.objects.filter(
        point=point, factor=factor, on__year=year, over=True
    ).aggregate(kg=Sum("load_kg"))
    return found["kg"] or Decimal(0)


def accepted_hours(viewer: Viewer, point: Point, factor: Factor, on: date) -> list[HourLine]:
    """The 24 hours of a day: what came, whether it counts, and what says so.

    Raises:
        Point.DoesNotExist: there is none, or not for this viewer.
    """
    return lineage(visible_points(viewer).get(pk=point.pk), factor, on).hours


def revisions(
    viewer: Viewer,
    *,
    point: Point | None = None,
    factor: Factor | None = None,
    on: date | None = None,
    q: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Revision]:
    """Settled days that came out differently, newest first; `since` and `until` are of the day."""
    found = Revision.objects.select_related("point__outfall__enterprise", "factor")
    if not may(viewer, "see_all"):
        found = found.filter(point__in=visible_points(viewer))
    named: dict[str, Any] = {"point": point, "factor": factor, "on": on}
    found = found.filter(**{name: value for name, value in named.items() if value is not None})
    found = found.filter(on__gte=since) if since else found
    found = found.filter(on__lte=until) if until else found
    for word in q.split():
        found = found.filter(
            Q(point__code__icontains=word)
            | Q(point__outfall__enterprise__name__icontains=word)
            | Q(factor__name__icontains=word)
            | Q(factor__name_en__icontains=word)
        )
    return found.order_by("-at", "-id")


def revision(viewer: Viewer, pk: int) -> Revision:
    """One revision.

    Raises:
        Revision.DoesNotExist: there is none, or not for this viewer.
    """
    return revisions(viewer).get(pk=pk)


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of a factor with the limit on daily means that held."""

    day: DayStatistic
    limit: Limit | None
    breach: Breach | None

    @property
    def share(self) -> Decimal | None:
        """Mean ÷ limit, to colour the cell."""
        if self.day.mean is None or self.limit is None or not self.limit.maximum:
            return None
        return self.day.mean / self.limit.maximum

    @property
    def standing(self) -> str:
        """`over`, `near` (from 90 %), `muted` where there is no mean, or nothing."""
        if self.day.mean is None or not self.day.valid:
            return "muted"
        if self.breach is not None:
            return "over"
        return "near" if self.share is not None and self.share >= Decimal("0.9") else ""


@dataclass(frozen=True, slots=True)
class MonthTable:
    """A month of a point: a row a day, newest first, a column a factor; and the months' means."""

    month: date
    factors: tuple[Factor, ...]
    rows: tuple[tuple[date, tuple[DayCell | None, ...]], ...]
    months: tuple[MonthStatistic | None, ...]


def month_table(viewer: Viewer, point: Point, month: date) -> MonthTable:
    """All days of a point in a month. Five queries.

    Raises:
        Point.DoesNotExist: there is none, or not for this viewer.
    """
    first = month.replace(day=1)
    found = list(days(viewer, point, None, first, last_of(first)))
    factors = sorted({row.factor for row in found}, key=lambda factor: factor_rank(factor.code))
    place = {factor.pk: index for index, factor in enumerate(factors)}
    held = limits_on_days(point, first, last_of(first))
    rows: dict[date, list[DayCell | None]] = {}
    for row in found:
        cells = rows.setdefault(row.on, [None] * len(factors))
        cells[place[row.factor_id]] = cell(row, held)
    totals: list[MonthStatistic | None] = [None] * len(factors)
    for one in months(viewer, point, None, first, first):
        if one.factor_id in place:
            totals[place[one.factor_id]] = one
    return MonthTable(
        first, tuple(factors), tuple((on, tuple(cells)) for on, cells in rows.items()),
        tuple(totals),
    )  # fmt: skip


def limits_on_days(
    point: Point, first: date, last: date, factors: Collection[int] | None = None
) -> Sequence[Limit]:
    """Limits on daily means that held on any of the days."""
    lasting = Q(valid_to=None) | Q(valid_to__gte=first)
    found = Limit.objects.filter(
        lasting, point=point, statistic=Limit.Statistic.DAY, valid_from__lte=last
    )
    return list(found if factors is None else found.filter(factor__in=factors))


def cell(row: DayStatistic, held: Sequence[Limit]) -> DayCell:
    """A day beside the limit that held on it."""
    limit = next(
        (
            one
            for one in held
            if one.factor_id == row.factor_id
            and one.valid_from <= row.on
            and (one.valid_to is None or row.on <= one.valid_to)
        ),
        None,
    )
    broken = None
    if limit is not None and row.valid and row.mean is not None:
        broken = breach(row.mean, limit.minimum, limit.maximum, code=row.factor.code)
    return DayCell(row, limit, broken)
