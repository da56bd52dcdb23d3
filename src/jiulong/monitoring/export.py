"""A point's readings as a file: a row a moment, a column a factor with its unit, then its mark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.models import Factor, Period, Point
from jiulong.monitoring.queries import factor_columns, rows_of, visible_points
from jiulong.monitoring.queries.tables import Cell, TableRow
from jiulong.monitoring.words import factor_name
from jiulong.organisation.rules import Viewer
from jiulong.pages import export
from jiulong.pages.columns import Column

#: All readings of the time, oldest first, as files are read.
ALL = """
SELECT at, received_at, batch, ordinal, factors, values, minima, maxima, totals, flags
FROM reading
WHERE point = %(point)s AND period = %(period)s AND at >= %(start)s AND at < %(end)s
ORDER BY at, part LIMIT %(limit)s
"""


def response(  # noqa: PLR0917 - who, how, what, from when to when
    viewer: Viewer, kind: str, point: Point, period: Period, start: datetime, end: datetime
) -> HttpResponseBase:
    """The file as an answer; `kind` is "csv" (UTF-8 with BOM) or "xlsx".

    Raises:
        Point.DoesNotExist: there is none, or not for this viewer.
    """
    seen = visible_points(viewer).get(pk=point.pk)
    factors = factor_columns(viewer, seen, period, start, end)
    rows = rows_of(factors, _readings(seen, period, start, end))
    name = f"{seen.code}-{Period(period).name.lower()}-{timezone.localtime(start):%Y%m%d}"
    return export.response(kind, name, columns(factors, period), rows, title=seen.code)


def columns(factors: list[Factor], period: Period) -> list[Column]:
    """Time, then for each factor its value, in intervals also min, max and sum, and its mark."""
    listed = [
        Column(name="at", label=_("Time")),
        Column(name="received_at", label=_("Received")),
    ]
    interval = period in {Period.MINUTE, Period.HOUR, Period.DAY}
    for index, factor in enumerate(factors):
        unit = f" ({factor.unit})" if factor.unit else ""
        named = f"{factor_name(factor)}{unit}"
        listed.append(_column(index, "value", named))
        if interval:
            listed += [
                _column(index, "minimum", f"{named} {_('min')}"),
                _column(index, "maximum", f"{named} {_('max')}"),
                _column(index, "total", f"{factor_name(factor)} {_('sum')}"),
            ]
        listed.append(_column(index, "flag", f"{factor_name(factor)} {_('mark')}"))
    return listed


def _column(index: int, part: str, label: str) -> Column:
    return Column(name=f"{part}{index}", label=label, value=_reads(index, part))


def _reads(index: int, part: str) -> Callable[[TableRow], Any]:
    def read(row: TableRow) -> Any:
        cell: Cell | None = row.cells[index]
        return None if cell is None else getattr(cell, part)

    return read


def _readings(
    point: Point, period: Period, start: datetime, end: datetime
) -> Iterator[tuple[Any, ...]]:
    parameters: dict[str, Any] = {
        "point": point.pk,
        "period": int(period),
        "start": start,
        "end": end,
        "limit": export.ROWS,
    }
    with connection.cursor() as cursor:
        cursor.execute(ALL, parameters)
        yield from cursor
