"""Readings as tables: a row a moment, a column a factor, every cell linked to its raw frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from jiulong.monitoring import numbers
from jiulong.monitoring.models import Factor, Period, Point, Reading
from jiulong.monitoring.queries.latest import factor_rank
from jiulong.monitoring.queries.scope import visible_points
from jiulong.organisation.rules import Viewer

PER_PAGE: Final = 100
PER_PAGE_MAX: Final = 1000

#: The moments of one page, newest first, and every part of each.
PAGE: Final = """
SELECT at, received_at, batch, ordinal, factors, values, minima, maxima, totals, flags
FROM reading
WHERE point = %(point)s AND period = %(period)s AND at >= %(start)s AND at < %(end)s AND at IN (
    SELECT DISTINCT at FROM reading
    WHERE point = %(point)s AND period = %(period)s AND at >= %(start)s AND at < %(end)s
    ORDER BY at DESC LIMIT %(limit)s OFFSET %(offset)s
)
ORDER BY at DESC, part
"""
#: How many moments there are, and which sets of factors they carry (few, however many rows).
EXTENT: Final = """
SELECT factors, count(*) FILTER (WHERE part = 0) FROM reading
WHERE point = %(point)s AND period = %(period)s AND at >= %(start)s AND at < %(end)s
GROUP BY factors
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value with its mark, and where its raw frame stands. `total` is the interval's sum."""

    value: Decimal | None
    minimum: Decimal | None
    maximum: Decimal | None
    total: Decimal | None
    flag: str
    batch: int
    ordinal: int

    @property
    def usable(self) -> bool:
        """Whether its mark allows it to be judged."""
        return self.value is not None and self.flag in numbers.USABLE_MARKS


@dataclass(frozen=True, slots=True)
class TableRow:
    """One moment; `cells` run parallel to the table's columns."""

    at: datetime
    received_at: datetime
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One page of readings, newest first."""

    columns: tuple[Factor, ...]
    rows: tuple[TableRow, ...]
    total: int
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.per_page))


def factor_columns(
    viewer: Viewer, point: Point, period: Period, start: datetime, end: datetime
) -> list[Factor]:
    """Factors that were sent in the time, in the order people read them."""
    seen = visible_points(viewer).get(pk=point.pk)
    return _extent(_span(seen, period, start, end))[0]


def table(
    viewer: Viewer,
    point: Point,
    period: Period,
    start: datetime,
    end: datetime,
    *,
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Table:
    """One page of the readings of a point, newest first.

    Raises:
        Point.DoesNotExist: there is none, or not for this viewer.
    """
    seen = visible_points(viewer).get(pk=point.pk)
    per_page, page = min(max(per_page, 1), PER_PAGE_MAX), max(page, 1)
    span = _span(seen, period, start, end)
    columns, total = _extent(span)
    rows = rows_of(columns, _fetch({**span, "limit": per_page, "offset": (page - 1) * per_page}))
    return Table(tuple(columns), tuple(rows), total, page, per_page)


def last_frames(viewer: Viewer, point: Point, *, now: datetime, count: int = 20) -> list[Reading]:
    """The point's newest readings of any period by receive time, within the last day.

    Raises:
        Point.DoesNotExist: there is none, or not for this viewer.
    """
    seen = visible_points(viewer).get(pk=point.pk)
    recent: list[Reading] = []
    for period in Period.values:  # each is one walk down the primary key
        found = Reading.objects.filter(
            point=seen,
            period=period,
            at__gt=now - timedelta(days=1, hours=1),
            at__lte=now + timedelta(hours=1),
        )
        recent.extend(found.order_by("-at", "-part")[:count])
    return sorted(recent, key=lambda reading: reading.received_at, reverse=True)[:count]


def rows_of(columns: Sequence[Factor], fetched: Iterator[tuple[Any, ...]]) -> Iterator[TableRow]:
    """Rows of a table from readings ordered by time: the parts of one moment become one row."""
    place = {factor.pk: index for index, factor in enumerate(columns)}
    at: datetime | None = None
    received_at: datetime | None = None
    cells: list[Cell | None] = []
    for row in fetched:
        if row[0] != at:
            if at is not None and received_at is not None:
                yield TableRow(at, received_at, tuple(cells))
            at, received_at, cells = row[0], row[1], [None] * len(columns)
        _fill(cells, place, row)
    if at is not None and received_at is not None:
        yield TableRow(at, received_at, tuple(cells))


def _fill(cells: list[Cell | None], place: dict[int, int], row: tuple[Any, ...]) -> None:
    _at, _received_at, batch, ordinal, factors, values, minima, maxima, totals, flags = row
    for index, factor in enumerate(factors):
        if factor in place:
            cells[place[factor]] = Cell(
                value=_decimal(values, index),
                minimum=_decimal(minima, index),
                maximum=_decimal(maxima, index),
                total=_decimal(totals, index),
                flag=flags[index],
                batch=batch,
                ordinal=ordinal,
            )


def _decimal(values: Sequence[float | None] | None, index: int) -> Decimal | None:
    value = values[index] if values is not None else None
    return None if value is None else numbers.exact(value)


def _span(point: Point, period: Period, start: datetime, end: datetime) -> dict[str, Any]:
    return {"point": point.pk, "period": int(period), "start": start, "end": end}


def _extent(span: dict[str, Any]) -> tuple[list[Factor], int]:
    numbers_seen: set[int] = set()
    total = 0
    with connection.cursor() as cursor:
        cursor.execute(EXTENT, span)
        for factors, moments in cursor:
            numbers_seen.update(factors)
            total += moments
    found = Factor.objects.filter(pk__in=numbers_seen)
    return sorted(found, key=lambda factor: factor_rank(factor.code)), total


def _fetch(parameters: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(PAGE, parameters)
        yield from cursor
