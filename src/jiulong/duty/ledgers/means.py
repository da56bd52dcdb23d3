"""The month's ledger of effective day means: a line for each outfall's point and factor."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from jiulong.monitoring import numbers
from jiulong.monitoring.models import Limit, Point
from jiulong.monitoring.queries import factor_rank, visible_points
from jiulong.monitoring.words import factor_name, place_name
from jiulong.organisation.rules import Viewer
from jiulong.rounding import ROUNDING
from jiulong.validity.engine.rules import MORE_PLACES, plain
from jiulong.validity.models import DayStatistic, MonthStatistic

#: How a mean is written in a ledger: at most so many places, more where the factor's limit is low.
PLACES: Final = 4
#: What stands in the cell of a day without a valid mean.
INVALID: Final = "/"


@dataclass(frozen=True, slots=True)
class Cell:
    """A day: its mean, and whether it is over the limit of that day."""

    mean: Decimal | None
    over: bool
    there: bool

    @property
    def text(self) -> str:
        """The mean; `/` where the day has none; empty where nothing was reckoned."""
        if self.mean is None:
            return INVALID if self.there else ""
        return f"{self.mean.normalize():f}{'*' if self.over else ''}"


@dataclass(frozen=True, slots=True)
class Line:
    """One point and factor over a month."""

    point: Point
    factor: Any
    limit: str
    cells: Sequence[Cell]
    valid: int
    mean: Decimal | None
    over: int
    load_kg: Decimal


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month."""
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])


def lines(viewer: Viewer, month: date, *, outfall: str = "") -> list[Line]:
    """Every point and factor that was reckoned in the month. Five queries."""
    first, last = month_of(month)
    points = visible_points(viewer).select_related("outfall__enterprise")
    if outfall:
        points = points.filter(outfall__code=outfall)
    known = {point.pk: point for point in points}
    days: dict[tuple[int, Any], dict[int, DayStatistic]] = {}
    stored = DayStatistic.objects.filter(point__in=list(known), on__range=(first, last), over=True)
    for row in stored.select_related("factor").order_by("on"):
        days.setdefault((row.point_id, row.factor), {})[row.on.day] = row
    limits = _limits(list(known), first, last)
    months = {
        (row.point_id, row.factor_id): row.mean
        for row in MonthStatistic.objects.filter(point__in=list(known), month=first, valid=True)
    }
    order = sorted(days, key=lambda key: (
        known[key[0]].outfall.enterprise.name, known[key[0]].code, factor_rank(key[1].code)
    ))  # fmt: skip
    return [
        _line(
            known[point],
            factor,
            days[point, factor],
            limits.get((point, factor.pk), []),
            last,
            months.get((point, factor.pk)),
        )
        for point, factor in order
    ]


def _line(  # noqa: PLR0917 - what is known of a line
    point: Point, factor: Any, days: dict[int, DayStatistic], limits: Sequence[Limit], last: date,
    month: Decimal | None,
) -> Line:  # fmt: skip
    cells = [
        _cell(factor, days.get(n), _on(limits, last.replace(day=n))) for n in range(1, last.day + 1)
    ]
    loads = [row.load_kg for row in days.values() if row.load_kg is not None]
    held = _on(limits, last)
    return Line(
        point=point,
        factor=factor,
        limit=_bounds(held),
        cells=cells,
        valid=sum(cell.mean is not None for cell in cells),
        # The effective mean of the month, which 75 % of its days make; rounded once.
        mean=None if month is None else _places(month, factor.code),
        over=sum(cell.over for cell in cells),
        load_kg=_places(sum(loads, Decimal(0)), ""),
    )


def _cell(factor: Any, row: DayStatistic | None, limit: Limit | None) -> Cell:
    if row is None or not row.valid or row.mean is None:
        return Cell(None, over=False, there=row is not None)
    # pH is not judged by days (Fujian government order 230 of 2023, art. 26).
    over = limit is not None and factor.code not in numbers.LOGARITHMIC and (
        numbers.breach(row.mean, limit.minimum, limit.maximum, code=factor.code) is not None
    )  # fmt: skip
    return Cell(_places(row.mean, factor.code), over, there=True)


def _limits(points: list[int], first: date, last: date) -> dict[tuple[int, int], list[Limit]]:
    held = Q(valid_to=None) | Q(valid_to__gte=first)
    found: dict[tuple[int, int], list[Limit]] = {}
    rows = Limit.objects.filter(
        held, point__in=points, statistic=Limit.Statistic.DAY, valid_from__lte=last
    )
    for limit in rows.order_by("valid_from"):
        found.setdefault((limit.point_id, limit.factor_id), []).append(limit)
    return found


def _on(limits: Sequence[Limit], day: date) -> Limit | None:
    held = [one for one in limits if one.valid_from <= day and (one.valid_to or day) >= day]
    return held[-1] if held else None


def _bounds(limit: Limit | None) -> str:
    if limit is None:
        return ""
    ends = [limit.minimum, limit.maximum]
    return "–".join(f"{end.normalize():f}" for end in ends if end is not None)


def _places(value: Decimal, code: str) -> Decimal:
    places = max(PLACES, MORE_PLACES.get(plain(code), 0))
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUNDING)


def head(last: date) -> list[str]:
    """The head of the table, with a column for each day of the month."""
    return [
        _("No."), _("Enterprise"), _("Outfall"), _("Factor"), _("Unit of measure"), _("Limit"),
        *(str(n) for n in range(1, last.day + 1)),
        _("Valid days"), _("Mean of the month"), _("Days over"), _("Load (kg)"),
    ]  # fmt: skip


def table(found: Sequence[Line]) -> list[list[Any]]:
    """The lines as cells: text, and Decimal where it is a number."""
    return [
        [
            serial, line.point.outfall.enterprise.name, place_name(line.point.outfall),
            factor_name(line.factor), line.factor.unit, line.limit,
            *(cell.text if cell.over or cell.mean is None else cell.mean for cell in line.cells),
            line.valid, "" if line.mean is None else line.mean, line.over, line.load_kg,
        ]
        for serial, line in enumerate(found, start=1)
    ]  # fmt: skip
