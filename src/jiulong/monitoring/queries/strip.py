"""Today's discharge strip: 24 hours of the worst outfalls, a cell an hour."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from django.conf import settings
from django.db import connection

from jiulong.monitoring import numbers, thresholds
from jiulong.monitoring.models import Point
from jiulong.monitoring.queries.scope import visible_points
from jiulong.organisation.rules import Viewer

STRIP_ROWS: Final = 12
STRIP_HOURS: Final = 24

CellStanding = Literal["kept", "near", "over", "invalid", "missing"]

#: Of every hour the one factor that stands worst against the limit of its day: over before kept,
#: kept before unusable, then by ratio.
STRIP: Final = """
SELECT DISTINCT ON (r.point, r.at)
       r.point, r.at, f.code, r.values[i], substr(r.flags, i, 1), l.minimum, l.maximum
FROM unnest(%(points)s::int[]) AS p(id)
JOIN monitoring_limit l ON l.point_id = p.id AND l.statistic = 'hour'
JOIN monitoring_factor f ON f.id = l.factor_id
JOIN reading r ON r.point = p.id AND r.period = 2 AND r.at >= %(start)s AND r.at < %(end)s
     AND (r.at AT TIME ZONE %(zone)s)::date
         BETWEEN l.valid_from AND coalesce(l.valid_to, 'infinity')
CROSS JOIN LATERAL (SELECT array_position(r.factors, l.factor_id)) AS k(i)
CROSS JOIN LATERAL (SELECT CASE WHEN substr(r.flags, i, 1) = ANY(%(marks)s)
                                THEN r.values[i]::text::numeric END) AS v(value)
WHERE i IS NOT NULL
ORDER BY r.point, r.at,
         value NOT BETWEEN coalesce(l.minimum, '-Infinity')
                       AND coalesce(l.maximum, 'Infinity') DESC NULLS LAST,
         CASE WHEN l.minimum IS NULL THEN value / nullif(l.maximum, 0) END DESC NULLS LAST
"""


@dataclass(frozen=True, slots=True)
class StripCell:
    """One hour of one outfall: the highest ratio to a limit and the factor that has it."""

    at: datetime
    standing: CellStanding
    ratio: Decimal | None
    factor: str


@dataclass(frozen=True, slots=True)
class StripRow:
    """One point over the last 24 hours."""

    point: Point
    cells: tuple[StripCell, ...]
    worst: Decimal


def discharge_strip(
    viewer: Viewer, now: datetime, *, rows: int = STRIP_ROWS
) -> tuple[StripRow, ...]:
    """The points that were worst in the last 24 whole hours, worst first."""
    end = now.replace(minute=0, second=0, microsecond=0)
    start = end - timedelta(hours=STRIP_HOURS)
    hours = [start + timedelta(hours=n) for n in range(STRIP_HOURS)]
    cells = _cells(list(visible_points(viewer).values_list("pk", flat=True)), start, end)
    ranked = sorted(cells, key=lambda point: _badness(cells[point]), reverse=True)[:rows]
    shown = Point.objects.select_related("outfall__enterprise").in_bulk(ranked)
    return tuple(
        StripRow(
            point=shown[point],
            cells=tuple(
                cells[point].get(hour) or StripCell(hour, "missing", None, "") for hour in hours
            ),
            worst=_badness(cells[point])[1],
        )
        for point in ranked
    )


def _cells(
    points: list[int], start: datetime, end: datetime
) -> dict[int, dict[datetime, StripCell]]:
    parameters: dict[str, Any] = {
        "points": points,
        "start": start,
        "end": end,
        "zone": settings.TIME_ZONE,
        "marks": sorted(numbers.USABLE_MARKS),
    }
    cells: dict[int, dict[datetime, StripCell]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(STRIP, parameters)
        for point, at, *judged in cursor:
            cells[point][at] = _cell(at, judged)
    return cells


def _cell(at: datetime, judged: list[Any]) -> StripCell:
    code, sent, mark, minimum, maximum = judged
    if sent is None or mark not in numbers.USABLE_MARKS:
        return StripCell(at, "invalid", None, code)
    value = numbers.exact(sent)
    ratio = numbers.ratio(value, maximum, code=code)
    standing: CellStanding = "kept"
    if numbers.breach(value, minimum, maximum, code=code) is not None:
        standing = "over"
    elif ratio is not None and ratio >= thresholds.NEAR_RATIO:
        standing = "near"
    return StripCell(at, standing, ratio, code)


def _badness(cells: dict[datetime, StripCell]) -> tuple[int, Decimal]:
    """Hours over the limit, then the highest ratio."""
    over = sum(cell.standing == "over" for cell in cells.values())
    return over, max((cell.ratio or Decimal(0) for cell in cells.values()), default=Decimal(0))
