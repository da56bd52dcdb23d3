"""A station's own account: hours, days, loads and what was handed in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.db.models import Count, Q, Sum

from jiulong.monitoring import limits
from jiulong.monitoring.models import Factor, Limit, PermittedLoad, Point
from jiulong.monitoring.numbers import LOGARITHMIC, breach
from jiulong.upkeep import queries as upkeep
from jiulong.upkeep.models import MaintenanceRecord, QcTest
from jiulong.upkeep.queries import MarkShare
from jiulong.validity.models import DayStatistic
from jiulong.validity.rates import Rates, rates

HOURS: Final = 24
KG_PER_TONNE: Final = 1000
DAY: Final = timedelta(days=1)
#: State of an hour by the first reason that makes it invalid.
STATES: Final = ("mark", "qc", "flow_zero", "flag", "disagreement", "missing")


@dataclass(frozen=True, slots=True)
class HourRow:
    """A factor's hours of one day: `ok`, a reason of `STATES`, or `""` where nothing is known."""

    factor: Factor
    on: date
    states: tuple[str, ...]
    mean: Decimal | None
    valid: bool
    n_valid: int
    n_expected: int


def hours(point: Point, days: list[date]) -> dict[date, list[HourRow]]:
    """How every hour of these days counts, by day and factor."""
    found: dict[date, list[HourRow]] = {day: [] for day in days}
    rows = DayStatistic.objects.filter(point=point, on__in=days).select_related("factor")
    for row in rows.order_by("factor__code"):
        states = tuple(_state(row, 1 << hour) for hour in range(HOURS))
        found[row.on].append(
            HourRow(row.factor, row.on, states, row.mean, row.valid, row.n_valid, row.n_expected)
        )
    return found


def _state(row: DayStatistic, bit: int) -> str:
    if row.valid_hours & bit:
        return "ok"
    return next((reason for reason in STATES if row.invalid.get(reason, 0) & bit), "")


@dataclass(frozen=True, slots=True)
class FactorAccount:
    """A month of one factor."""

    factor: Factor
    days: int
    valid_days: int
    over_days: int
    limit: Limit | None
    month_load_kg: Decimal | None
    year_load_kg: Decimal | None
    permitted_kg: Decimal | None = None

    @property
    def left_kg(self) -> Decimal | None:
        """What is left of the year's permitted quantity; below zero when it is used up."""
        if self.permitted_kg is None:
            return None
        return self.permitted_kg - (self.year_load_kg or Decimal(0))


@dataclass(frozen=True, slots=True)
class Account:
    """A month of a station, for those who run it."""

    month: date
    factors: list[FactorAccount]
    rates: Rates | None
    marks: MarkShare
    checks: int
    failed: int
    records: int


def account(point: Point, month: date, *, today: date) -> Account:
    """The month of a station; permission was checked by whoever found it."""
    first = month.replace(day=1)
    last = min((first + 32 * DAY).replace(day=1) - DAY, today)
    checks = _checks(point, first, last)
    found = rates([point.pk], first, last, "")
    return Account(
        month=first, factors=_factors(point, first, last), rates=found[0] if found else None,
        marks=upkeep.mark_share(point.pk, first), checks=checks[0], failed=checks[1],
        records=_records(point, first, last),
    )  # fmt: skip


def _factors(point: Point, first: date, last: date) -> list[FactorAccount]:
    held = limits.in_force([point.pk], Limit.Statistic.DAY, first, last)
    days: dict[int, list[DayStatistic]] = defaultdict(list)
    rows = DayStatistic.objects.filter(point=point, on__gte=first, on__lte=last, over=True)
    for row in rows.select_related("factor"):
        days[row.factor_id].append(row)
    loads = dict(
        DayStatistic.objects.filter(
            point=point, on__gte=first.replace(month=1, day=1), on__lte=last, over=True
        )
        .order_by()
        .values_list("factor")
        .annotate(Sum("load_kg"))
    )
    permitted = {
        factor: tonnes * KG_PER_TONNE
        for factor, tonnes in PermittedLoad.objects.filter(
            outfall=point.outfall_id, year=first.year
        ).values_list("factor", "tonnes")
    }
    found = []
    for pk, rows_of in days.items():
        holding = held.get((point.pk, pk), [])
        limit = holding[-1] if holding else None
        known = [row.load_kg for row in rows_of if row.load_kg is not None]
        found.append(
            FactorAccount(
                factor=rows_of[0].factor,
                days=len(rows_of),
                valid_days=sum(row.valid for row in rows_of),
                over_days=sum(_over(row, holding) for row in rows_of),
                limit=limit,
                month_load_kg=sum(known, Decimal(0)) if known else None,
                year_load_kg=loads.get(pk),
                permitted_kg=permitted.get(pk),
            )
        )
    return sorted(found, key=lambda one: one.factor.code)


def _over(row: DayStatistic, rows: list[Limit]) -> bool:
    # pH is not judged by days (Fujian government order 230 of 2023, art. 26).
    if row.mean is None or not row.valid or row.factor.code in LOGARITHMIC:
        return False
    for limit in rows:
        if limit.valid_from <= row.on <= (limit.valid_to or row.on):
            over = breach(row.mean, limit.minimum, limit.maximum, code=row.factor.code)
            if over is not None:
                return True
    return False


def _checks(point: Point, first: date, last: date) -> tuple[int, int]:
    told = QcTest.objects.filter(
        point=point, withdrawn_at=None, at__date__gte=first, at__date__lte=last
    ).aggregate(all=Count("pk"), bad=Count("pk", filter=Q(passed=False)))
    return told["all"], told["bad"]


def _records(point: Point, first: date, last: date) -> int:
    return MaintenanceRecord.objects.filter(
        point=point, withdrawn_at=None, at__date__gte=first, at__date__lte=last
    ).count()
