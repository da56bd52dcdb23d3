"""Current values: the newest reading of each factor, beside the limit it is held against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from jiulong.monitoring import numbers, thresholds
from jiulong.monitoring.models import Factor, Limit, Period

Standing = Literal["kept", "near", "over", "invalid", "unlimited"]

#: Older than this is history, not a current value; it also bounds the partitions touched.
CURRENT_WITHIN: Final = timedelta(hours=24)
#: Which limit a current value is shown against, first choice first.
STATISTICS: Final = (
    Limit.Statistic.INSTANT,
    Limit.Statistic.HOUR,
    Limit.Statistic.DAY,
    Limit.Statistic.MONTH,
)
_PREFERENCE: Final = {statistic.value: rank for rank, statistic in enumerate(STATISTICS)}
#: Factors people look for first: pH, COD, NH3-N, TP, TN, flow, temperature. Others follow by code.
FACTOR_ORDER: Final = ("w01018", "w21003", "w21011", "w21001", "w01001", "w00000", "w01010")

#: The newest frames of each kind of every point, split parts included. `since` and `until` prune
#: partitions.
LATEST: Final = """
SELECT p.id, k.period, r.at, r.batch, r.ordinal, r.factors, r.values, r.flags
FROM unnest(%(points)s::int[]) AS p(id)
CROSS JOIN unnest(%(periods)s::smallint[]) AS k(period)
CROSS JOIN LATERAL (
    SELECT at, batch, ordinal, factors, values, flags FROM reading
    WHERE point = p.id AND period = k.period AND at > %(since)s AND at <= %(until)s
    ORDER BY at DESC, part DESC LIMIT 4
) r
"""


@dataclass(frozen=True, slots=True)
class CurrentValue:
    """The newest value of one factor at one point."""

    factor: Factor
    at: datetime
    period: Period
    value: Decimal | None
    flag: str
    limit: Limit | None
    ratio: Decimal | None
    standing: Standing
    batch: int
    ordinal: int


def factor_rank(code: str) -> tuple[int, str]:
    """Sort key that puts the factors of FACTOR_ORDER first, in its order."""
    known = FACTOR_ORDER.index(code) if code in FACTOR_ORDER else len(FACTOR_ORDER)
    return known, code


def current_values(points: Sequence[int], now: datetime) -> dict[int, tuple[CurrentValue, ...]]:
    """Newest values by point id, factors in reading order of people. Three queries."""
    if not points:
        return {}
    newest = _newest(points, now)
    factors = Factor.objects.in_bulk({key[1] for key in newest})
    limits = _limits(points, now)
    found: dict[int, list[CurrentValue]] = defaultdict(list)
    for (point, number), reading in newest.items():
        factor = factors.get(number)
        if factor is not None:
            found[point].append(_current(factor, reading, limits.get((point, number))))
    for values in found.values():
        values.sort(key=lambda value: factor_rank(value.factor.code))
    return {point: tuple(values) for point, values in found.items()}


def _newest(points: Sequence[int], now: datetime) -> dict[tuple[int, int], dict[str, Any]]:
    parameters: dict[str, Any] = {
        "points": list(points),
        "periods": [Period.REALTIME, Period.MINUTE, Period.HOUR],
        "since": now - CURRENT_WITHIN,
        "until": now + thresholds.CLOCK_AHEAD,
    }
    newest: dict[tuple[int, int], dict[str, Any]] = {}
    with connection.cursor() as cursor:
        cursor.execute(LATEST, parameters)
        for point, period, at, batch, ordinal, factors, values, flags in cursor:
            for index, factor in enumerate(factors):
                held = newest.get((point, factor))
                if held is None or (at, -period) > (held["at"], -held["period"]):
                    newest[point, factor] = {
                        "at": at,
                        "period": period,
                        "value": values[index],
                        "flag": flags[index],
                        "batch": batch,
                        "ordinal": ordinal,
                    }
    return newest


def _limits(points: Sequence[int], now: datetime) -> dict[tuple[int, int], Limit]:
    day = timezone.localdate(now)
    held = Q(valid_to=None) | Q(valid_to__gte=day)
    chosen: dict[tuple[int, int], Limit] = {}
    in_force = Limit.objects.filter(held, point__in=points, valid_from__lte=day)
    for limit in sorted(in_force, key=lambda limit: _PREFERENCE[limit.statistic]):
        chosen.setdefault((limit.point_id, limit.factor_id), limit)
    return chosen


def _current(factor: Factor, reading: dict[str, Any], limit: Limit | None) -> CurrentValue:
    value = None if reading["value"] is None else numbers.exact(reading["value"])
    ratio = None
    if value is not None and limit is not None:
        ratio = numbers.ratio(value, limit.maximum, code=factor.code)
    return CurrentValue(
        factor=factor,
        at=reading["at"],
        period=Period(reading["period"]),
        value=value,
        flag=reading["flag"],
        limit=limit,
        ratio=ratio,
        standing=_standing(factor, value, reading["flag"], limit, ratio),
        batch=reading["batch"],
        ordinal=reading["ordinal"],
    )


def _standing(
    factor: Factor, value: Decimal | None, flag: str, limit: Limit | None, ratio: Decimal | None
) -> Standing:
    if value is None or flag not in numbers.USABLE_MARKS:
        return "invalid"
    if limit is None:
        return "unlimited"
    if numbers.breach(value, limit.minimum, limit.maximum, code=factor.code) is not None:
        return "over"
    return "near" if ratio is not None and ratio >= thresholds.NEAR_RATIO else "kept"
