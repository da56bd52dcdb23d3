"""Months from their days: arithmetic means of effective daily means, and sums of loads."""

from __future__ import annotations

import json
from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple, cast

from django.db import connection

from jiulong.evidence import tallies
from jiulong.monitoring.models import Point
from jiulong.validity.context import Context
from jiulong.validity.engine import means
from jiulong.validity.engine.model import Day
from jiulong.validity.models import MonthStatistic
from jiulong.validity.runs import zone
from jiulong.validity.writing import update_rows

#: Months under the seals; see `checks`.
TALLY: Final = "months"
#: The columns of days that a month is made of.
DAYS: Final = """
SELECT d.point_id, d.factor_id, d."on", d.valid, d.mean, d.load_kg, d.n_expected, d.substituted,
       d.flow_m3
FROM validity_daystatistic AS d
JOIN unnest(%(points)s::int[], %(factors)s::smallint[], %(firsts)s::date[], %(lasts)s::date[])
     AS m(point, factor, first, last)
  ON d.point_id = m.point AND d.factor_id = m.factor AND d."on" BETWEEN m.first AND m.last
ORDER BY d.point_id, d.factor_id, d."on"
"""
FIELDS: Final = (
    "valid", "n_expected", "n_valid", "n_substituted", "mean", "ratio", "flow_m3", "load_kg",
    "rule", "reasons",
)  # fmt: skip

#: (point, factor, first day of the month)
Key = tuple[int, int, date]


class MonthDay(NamedTuple):
    """A day as `engine.means.month` reads it."""

    on: date
    valid: bool
    mean: Decimal | None
    load_kg: Decimal | None
    n_expected: int
    substituted: bool
    flow_m3: Decimal | None
    factor: str = ""


def compute_months(wanted: Collection[Key], context: Context, now: datetime) -> int:
    """Make these months from their days that are over; how many are new or changed."""
    today = now.astimezone(zone()).date()
    keys = sorted(key for key in wanted if key[2] < today)
    if not keys:
        return 0
    service = {
        point.pk: point for point in Point.objects.filter(pk__in={point for point, *_ in keys})
    }
    stands = _standing(keys)
    rows = [
        row
        for key, days in _days(keys, today).items()
        if (row := _month(key, days, service[key[0]], context, today))
    ]
    fresh = [row for row in rows if _key(row) not in stands]
    changed = [row for row in rows if _key(row) in stands and _differs(row, stands[_key(row)])]
    _copy(fresh, now)
    update_rows(
        MonthStatistic,
        (*FIELDS, "computed_at"),
        ((row.pk, *(getattr(row, name) for name in FIELDS), now) for row in changed),
    )
    tallies.retell(TALLY, {(row.month, row.point_id) for row in (*fresh, *changed)}, now)
    return len(fresh) + len(changed)


def _copy(fresh: Iterable[MonthStatistic], now: datetime) -> None:
    """New rows, by COPY: from nothing there are a hundred thousand."""
    names = ("point_id", "factor_id", "month", *FIELDS)
    statement = f"COPY validity_monthstatistic ({', '.join(names)}, computed_at) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in fresh:
            cells = [getattr(row, name) for name in names[:-1]]
            copy.write_row((*cells, json.dumps(row.reasons), now))


def _key(row: MonthStatistic) -> Key:
    return row.point_id, row.factor_id, row.month


def _differs(row: MonthStatistic, stands: MonthStatistic) -> bool:
    row.pk = stands.pk
    return any(getattr(row, name) != getattr(stands, name) for name in FIELDS)


def _standing(keys: Sequence[Key]) -> dict[Key, MonthStatistic]:
    found = MonthStatistic.objects.filter(
        point__in={point for point, *_ in keys},
        month__gte=min(month for *_, month in keys),
        month__lte=max(month for *_, month in keys),
    )
    return {_key(row): row for row in found}


def last_of(month: date) -> date:
    """The last day of a month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def _days(keys: Sequence[Key], today: date) -> Mapping[Key, list[MonthDay]]:
    found: dict[Key, list[MonthDay]] = defaultdict(list)
    parameters: dict[str, Any] = {
        "points": [point for point, _, _ in keys],
        "factors": [factor for _, factor, _ in keys],
        "firsts": [month for _, _, month in keys],
        "lasts": [min(last_of(month), today - timedelta(days=1)) for _, _, month in keys],
    }
    with connection.cursor() as cursor:
        cursor.execute(DAYS, parameters)
        for point, factor, *columns in cursor:
            day = MonthDay(*columns)
            found[point, factor, day.on.replace(day=1)].append(day)
    return found


def _month(
    key: Key, days: Sequence[MonthDay], point: Point, context: Context, today: date
) -> MonthStatistic | None:
    rules = context.rules_on(last_of(key[2])) or context.rules_on(days[-1].on)
    if rules is None:
        return None
    code = context.codes.by_id[key[1]]
    idle = sum(1 for day in days if day.n_expected == 0)
    # The engine reads of a day what a `MonthDay` has: three million of the whole would be slow.
    found = means.month(
        cast("Sequence[Day]", [day._replace(factor=code) for day in days]),
        month=key[2],
        rules=rules,
        expected=in_service(point, key[2], today) - idle,
    )
    flows = [day.flow_m3 for day in days if day.flow_m3 is not None]
    return MonthStatistic(
        point_id=key[0], factor_id=key[1], month=key[2], valid=found.valid,
        n_expected=found.n_expected, n_valid=found.n_valid, n_substituted=found.n_substituted,
        mean=found.mean, ratio=found.ratio, load_kg=found.load_kg, rule=found.rule,
        flow_m3=sum(flows, Decimal(0)) if flows else None, reasons=list(found.reasons),
    )  # fmt: skip


def in_service(point: Point, month: date, today: date) -> int:
    """Days of the month that are over and on which the point was in service."""
    first = max(month, point.active_from.astimezone(zone()).date())
    last = min(last_of(month), today - timedelta(days=1))
    if point.active_to is not None:
        # Out of service at midnight: the day that begins then is none of it.
        last = min(last, (point.active_to - timedelta(microseconds=1)).astimezone(zone()).date())
    return max((last - first).days + 1, 0)


def months_of(days: Iterable[tuple[int, int, date]]) -> Iterator[Key]:
    """The month of each (point, factor, day)."""
    return ((point, factor, day.replace(day=1)) for point, factor, day in days)
