"""What the public may read: limits and effective daily means of outfalls that were flagged.

Asked without an account, so it takes no viewer and gives only what is listed here: names of
enterprise and outfall, factor, limit, days, means, how many hours count, revisions.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import F, Q

from jiulong.monitoring.models import Factor, Limit, Point
from jiulong.monitoring.numbers import LOGARITHMIC
from jiulong.reports.figures import significant, text
from jiulong.reports.models import PublicOutfall
from jiulong.validity.models import DayStatistic

#: How far back the page and the file go.
PAGE_DAYS: Final = 7
FILE_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Open:
    """One effective daily mean, or the day that has none. Texts and ISO dates."""

    enterprise: str
    outfall: str
    point: str
    factor: str
    factor_en: str
    unit: str
    minimum: str | None
    maximum: str | None
    on: str
    valid: bool
    mean: str | None
    n_valid: int
    n_expected: int
    revision: int


def opened(today: date, days: int) -> dict[str, Any]:
    """Rows of the last `days` that have ended, by outfall and factor; and when they were computed.

    Three queries, however many outfalls there are.
    """
    first = today - timedelta(days=days)
    points = {
        point.pk: point
        for point in Point.objects.filter(
            position=Point.Position.EFFLUENT, outfall__public__since__lte=today
        ).select_related("outfall__enterprise")
    }
    limits = _limits(list(points))
    found = _statistics(list(points), first, today)
    rows = [_row(points[one.point_id], one, limits) for one in found]
    newest = max((one.computed_at for one in found), default=None)
    return {
        "rows": [asdict(row) for row in rows],
        "computed_at": newest.isoformat() if newest else None,
        "outfalls": PublicOutfall.objects.filter(since__lte=today).count(),
    }


def _statistics(points: list[int], first: date, today: date) -> list[DayStatistic]:
    """Days that have ended, from when on each outfall is public."""
    return list(
        DayStatistic.objects.filter(
            point__in=points, on__gte=first, on__lt=today, over=True,
            point__outfall__public__since__lte=F("on"),
        )
        .select_related("factor")
        .order_by("point__outfall__enterprise__name", "point__code", "factor__code", "-on")
    )  # fmt: skip


def _limits(points: list[int]) -> dict[tuple[int, int], list[Limit]]:
    found: dict[tuple[int, int], list[Limit]] = {}
    # pH has no limit of daily means; people look for the one it has.
    of_days = Q(statistic=Limit.Statistic.DAY) | Q(factor__code__in=LOGARITHMIC)
    for limit in Limit.objects.filter(of_days, point__in=points):
        found.setdefault((limit.point_id, limit.factor_id), []).append(limit)
    return found


def _row(point: Point, day: DayStatistic, limits: dict[tuple[int, int], list[Limit]]) -> Open:
    factor: Factor = day.factor
    limit = next(
        (one for one in limits.get((point.pk, factor.pk), ()) if _holds(one, day.on)), None
    )
    return Open(
        enterprise=point.outfall.enterprise.name,
        outfall=point.outfall.name,
        point=point.code,
        factor=factor.name or factor.code,
        factor_en=factor.name_en or factor.name or factor.code,
        unit=factor.unit,
        minimum=text(limit.minimum) if limit else None,
        maximum=text(limit.maximum) if limit else None,
        on=day.on.isoformat(),
        valid=day.valid,
        mean=_mean(day),
        n_valid=day.n_valid,
        n_expected=day.n_expected,
        revision=day.revision,
    )


def _holds(limit: Limit, on: date) -> bool:
    return limit.valid_from <= on and (limit.valid_to is None or limit.valid_to >= on)


def _mean(day: DayStatistic) -> str | None:
    """Only what is effective is published."""
    return significant(day.mean) if day.valid and day.mean is not None else None


def age(computed_at: str | None) -> datetime | None:
    """When the newest of the rows was computed."""
    return datetime.fromisoformat(computed_at) if computed_at else None
