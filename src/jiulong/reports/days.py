"""What the day statistics say of a span: the one place where accounts count them.

Over the limit: an effective daily mean beyond the limit in force for daily means, compared without
rounding (GB/T 8170-2008 §4.3); pH is left out (Fujian government order 230 of 2023, art. 26).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from jiulong.monitoring.numbers import LOGARITHMIC
from jiulong.reports.scope import Scope

#: Days of the points in the span that have ended, each with its limit and whether it is beyond it:
#: made once, asked by each query below. Gone with the transaction.
#: Parameters: points, first day, last day, codes of factors that are not judged by days.
JUDGED: Final = """
CREATE TEMPORARY TABLE {judged} ON COMMIT DROP AS
  SELECT d.point_id, d.factor_id, d."on", d.valid, d.mean, d.load_kg, d.n_expected, d.n_valid,
         d.substituted, d.deviates, d.revision, d.reasons, p.outfall_id, l.maximum,
         l.id IS NOT NULL AND f.code <> ALL(%(spared)s) AS limited,
         d.valid AND f.code <> ALL(%(spared)s)
           AND COALESCE(d.mean > l.maximum OR d.mean < l.minimum, false) AS exceeded,
         bit_count(COALESCE((d.invalid->>'missing')::int, 0)::bit(24))::int AS missing,
         bit_count(COALESCE((d.invalid->>'mark')::int, 0)::bit(24))::int AS marked
  FROM validity_daystatistic d
  JOIN monitoring_point p ON p.id = d.point_id
  JOIN monitoring_factor f ON f.id = d.factor_id
  LEFT JOIN monitoring_limit l ON l.point_id = d.point_id AND l.factor_id = d.factor_id
    AND l.statistic = 'day' AND l.valid_from <= d."on"
    AND (l.valid_to IS NULL OR l.valid_to >= d."on")
  WHERE d.over AND d.point_id = ANY(%(points)s) AND d."on" BETWEEN %(first)s AND %(last)s
"""
#: One row a point and factor.
SERIES: Final = """
SELECT point_id, factor_id, count(*), count(*) FILTER (WHERE valid),
       count(*) FILTER (WHERE valid AND limited), count(*) FILTER (WHERE exceeded),
       sum(n_expected), sum(n_valid), sum(missing), sum(marked),
       count(*) FILTER (WHERE substituted), count(*) FILTER (WHERE revision > 0),
       count(*) FILTER (WHERE deviates), avg(mean) FILTER (WHERE valid), sum(load_kg),
       max(maximum), max(mean) FILTER (WHERE exceeded),
       max(mean / NULLIF(maximum, 0) - 1) FILTER (WHERE exceeded AND mean > maximum),
       (array_agg("on" ORDER BY mean / NULLIF(maximum, 0) DESC NULLS LAST, "on")
         FILTER (WHERE exceeded))[1]
FROM {judged} GROUP BY point_id, factor_id ORDER BY point_id, factor_id
"""
#: One row an outfall: days of which something can be said, and those with something over.
OUTFALLS: Final = """
SELECT outfall_id, count(DISTINCT "on") FILTER (WHERE valid AND limited),
       count(DISTINCT "on") FILTER (WHERE exceeded)
FROM {judged} GROUP BY outfall_id
"""
#: One row a piece of the span: hours due and valid, outfall-days judged and over.
PIECES: Final = """
SELECT date_trunc(%(piece)s, "on")::date, sum(n_expected), sum(n_valid),
       count(DISTINCT (outfall_id, "on")) FILTER (WHERE valid AND limited),
       count(DISTINCT (outfall_id, "on")) FILTER (WHERE exceeded)
FROM {judged} GROUP BY 1 ORDER BY 1
"""
#: One row an outfall and piece.
COURSES: Final = """
SELECT outfall_id, date_trunc(%(piece)s, "on")::date, bool_or(valid AND limited), bool_or(exceeded)
FROM {judged} GROUP BY 1, 2
"""
#: Why days have no mean of their own: reason and number of factor-days.
REASONS: Final = """
SELECT reason, count(*) FROM {judged}, jsonb_array_elements_text(reasons) AS reason
WHERE NOT valid GROUP BY reason ORDER BY 2 DESC, 1
"""


@dataclass(frozen=True, slots=True)
class Series:
    """One factor at one point in the span. Means and limits in the factor's unit, loads in kg."""

    point: int
    factor: int
    days: int
    valid_days: int
    judged_days: int
    over_days: int
    hours: int
    valid_hours: int
    missing_hours: int
    marked_hours: int
    substituted_days: int
    revised_days: int
    deviating_days: int
    mean: Decimal | None
    load_kg: Decimal | None
    limit: Decimal | None
    worst: Decimal | None
    worst_multiple: Decimal | None
    worst_on: date | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A day of the month, a month of the year."""

    first: date
    hours: int
    valid_hours: int
    judged: int
    over: int


def series(scope: Scope) -> list[Series]:
    """Every factor of every point that has a statistic in the span."""
    return [Series(*row) for row in _rows(scope, SERIES)]


def outfalls(scope: Scope) -> dict[int, tuple[int, int]]:
    """Outfall → days judged, days with at least one factor over."""
    return {row[0]: (row[1], row[2]) for row in _rows(scope, OUTFALLS)}


def pieces(scope: Scope) -> list[Piece]:
    """The course of the span; pieces without any statistic have zeros."""
    found = {row[0]: Piece(*row) for row in _rows(scope, PIECES)}
    return [found.get(first, Piece(first, 0, 0, 0, 0)) for first in scope.span.pieces()]


def courses(scope: Scope) -> dict[int, list[str]]:
    """Outfall → tone of each piece: over, good, invalid (nothing effective), none (no data)."""
    found = {(row[0], row[1]): (row[2], row[3]) for row in _rows(scope, COURSES)}
    tones = {None: "none", (True, True): "over", (True, False): "good", (False, False): "invalid"}
    return {
        outfall: [tones[found.get((outfall, piece))] for piece in scope.span.pieces()]
        for outfall in {outfall for outfall, _piece in found}
    }


def reasons(scope: Scope) -> dict[str, int]:
    """Reason → factor-days without a valid mean for it; a day may have several."""
    return {row[0]: row[1] for row in _rows(scope, REASONS)}


def size(asked: list[Series]) -> int:
    """How many rows of day statistics stand behind them."""
    return sum(one.days for one in asked)


def summed(found: list[Series], name: str) -> int:
    """The sum of a count over all series."""
    if name not in {one.name for one in fields(Series)}:
        raise ValueError(name)
    return sum(getattr(one, name) for one in found)


def _rows(scope: Scope, query: str) -> list[tuple[Any, ...]]:
    piece = "month" if scope.span.kind == "year" else "day"
    with connection.cursor() as cursor:
        cursor.execute(query.format(judged=_judged(scope)), {"piece": piece})
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _judged(scope: Scope) -> str:
    """The name of the span's table, made when it is asked for first; inside a transaction."""
    name = f"account_days_{scope.span.kind}_{scope.span.first:%Y%m%d}"
    if name in scope.tables:
        return name
    asked: dict[str, Any] = {
        "points": scope.effluents,
        "first": scope.span.first,
        "last": scope.span.last,
        "spared": sorted(LOGARITHMIC),
    }
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
        cursor.execute(JUDGED.format(judged=name), asked)
        cursor.execute(f"ANALYZE {name}")
    scope.tables.add(name)
    return name
