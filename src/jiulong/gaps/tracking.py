"""Keeping gaps up to date: what is owed and did not come, and what came after all.

`step` does one piece of work in one transaction: it looks at the batches after its cursor (what
they fill) and at the periods that have become due (what they lack). It never reads more of
`reading` than the stretches that are new.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import DurationField, ExpressionWrapper, F, Q, Value

from jiulong.gaps import engine, policy, sql
from jiulong.gaps.engine import Stretch
from jiulong.gaps.models import Expectation, Gap, IntervalSetting
from jiulong.gateway.models import Logger
from jiulong.monitoring import following
from jiulong.monitoring.following import STEP_BATCHES
from jiulong.monitoring.models import Period, Point

CURSOR: Final = "gaps"
State = Gap.State
_GRACES: Final = {
    Period.MINUTE: policy.GRACE,
    Period.HOUR: policy.GRACE,
    Period.DAY: policy.DAY_GRACE,
}
_UNITS: Final = {
    Period.MINUTE: timedelta(minutes=1),
    Period.HOUR: timedelta(hours=1),
    Period.DAY: timedelta(days=1),
}
_NEVER: Final = datetime.max.replace(tzinfo=UTC)

#: Point, period, minutes of one period, and the stretch to count.
Asked = tuple[int, int, int, Stretch]


@dataclass(frozen=True, slots=True)
class Due:
    """A stretch of one point and period to be counted, within one month and one interval."""

    row: Expectation
    minutes: int
    stretch: Stretch


def step(now: datetime, *, most: int = STEP_BATCHES) -> bool:
    """Look at what is new; whether more waits. A second process finds the cursor taken."""
    with following.taken(CURSOR, most=most, frames=following.STEP_FRAMES) as batches:
        if batches is None:
            return False
        if batches.fresh:
            _news(batches.after, batches.upto)
        horizon, _more = batches.horizon(now)
        counted = _count_due(horizon)
    return batches.behind or counted


# -- what came -----------------------------------------------------------------------------------


def _news(after: int, upto: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.TOUCHED, {"after": after, "upto": upto})
        touched = cursor.fetchall()
    if not touched:
        return
    _begin({(point, period) for point, period, _first, _last in touched})
    with connection.cursor() as cursor:
        columns = [list(column) for column in zip(*touched, strict=True)]
        names = ("points", "periods", "firsts", "lasts")
        cursor.execute(sql.HIT, dict(zip(names, columns, strict=True)))
        hit = [row[0] for row in cursor]
    if hit:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT max(received_at) FROM reading WHERE batch > %s AND batch <= %s",
                [after, upto],
            )
            came = cursor.fetchone()[0]
        fill(Gap.objects.select_for_update().filter(pk__in=hit), came)


def fill(gaps: Iterable[Gap], now: datetime) -> list[Gap]:
    """Take what has come meanwhile out of the gaps; returns those that shrank."""
    listed = list(gaps)
    received = _came([(g.point_id, g.period, g.minutes, Stretch(g.start, g.end)) for g in listed])
    changed, late = [], []
    for gap, have in zip(listed, received, strict=True):
        old = [Stretch(*pair) for pair in gap.remaining]
        new = [one for part in old for one in engine.missing(part, have, gap.minutes)]
        left = engine.count(new, gap.minutes)
        if left == gap.left:
            continue
        filled = engine.by_month(engine.minus(old, new), gap.minutes)
        late += [(gap.point_id, gap.period, month, 0, 0, n) for month, n in filled.items()]
        gap.remaining, gap.left = [list(one) for one in new], left
        if not left:
            gap.state, gap.filled_at, gap.next_ask_at = State.FILLED, now, None
        changed.append(gap)
    Gap.objects.bulk_update(
        changed, ["remaining", "left", "state", "filled_at", "next_ask_at"], batch_size=200
    )
    _tally(late)
    return changed


def _begin(touched: set[tuple[int, int]]) -> None:
    """Readings of a period are owed from the first one on."""
    points = {point for point, _period in touched}
    known = set(Expectation.objects.filter(point__in=points).values_list("point", "period"))
    if not (new := sorted(touched - known)):
        return
    with connection.cursor() as cursor:
        cursor.execute(sql.FIRST, {"points": [p for p, _ in new], "periods": [q for _, q in new]})
        firsts = [row for row in cursor if row[2] is not None]
    intervals = dict(Point.objects.filter(pk__in=points).values_list("pk", "minute_interval"))
    Expectation.objects.bulk_create(
        [
            Expectation(point_id=point, period=period, since=since, until=since)
            for point, period, first in firsts
            for since in [
                engine.floor(first, engine.minutes_of(period, intervals[point]))
            ]
        ],
        ignore_conflicts=True,
    )  # fmt: skip


# -- what did not come ---------------------------------------------------------------------------


def _count_due(horizon: datetime) -> bool:
    """Count the periods that have become due; whether more of them may wait."""
    rows = _due_rows(horizon)
    settings = _intervals(rows, horizon)
    dues = [due for row in rows if (due := _due(row, settings[row.point_id], horizon))]
    Expectation.objects.bulk_update(rows, ["until"], batch_size=500)
    if not dues:
        return False
    asked = [(d.row.point_id, d.row.period, d.minutes, d.stretch) for d in dues]
    counts = _counted(asked)
    lacking = [
        n for n, (due, (came, _live)) in enumerate(zip(dues, counts, strict=True))
        if came < engine.count([due.stretch], due.minutes)
    ]  # fmt: skip
    if lacking:
        received = _came([asked[n] for n in lacking])
        _found([dues[n] for n in lacking], received, horizon)
    _tally([
        (due.row.point_id, due.row.period, engine.month_of(due.stretch.start),
         engine.count([due.stretch], due.minutes), live, came - live)
        for due, (came, live) in zip(dues, counts, strict=True)
    ])  # fmt: skip
    return True


def _due_rows(horizon: datetime) -> list[Expectation]:
    """What may have become due, the longest waiting first."""
    ready = Q(pk__in=[])
    for period, grace in _GRACES.items():
        shortest = F("point__minute_interval") if period == Period.MINUTE else Value(1)
        length = ExpressionWrapper(shortest * Value(_UNITS[period]), output_field=DurationField())
        ready |= Q(period=period, until__lte=Value(horizon - grace) - length)
    in_service = Q(point__active_to=None) | Q(point__active_to__gt=F("until"))
    found = Expectation.objects.filter(ready & in_service).select_related("point")
    return list(found.order_by("until", "pk")[: policy.STEP_ROWS])


def _intervals(
    rows: Sequence[Expectation], horizon: datetime
) -> dict[int, list[tuple[datetime, int]]]:
    """The dated minute intervals of the rows' points, kept up with what the points say now.

    A change is dated at the whole hour before it was seen: both intervals begin periods there.
    """
    settings: dict[int, list[tuple[datetime, int]]] = {row.point_id: [] for row in rows}
    for known in IntervalSetting.objects.filter(point__in=settings).order_by("since"):
        settings[known.point_id].append((known.since, known.minutes))
    new = []
    for row in rows:
        held, says = settings[row.point_id], row.point.minute_interval
        if held and held[-1][1] == says:
            continue
        since = engine.floor(horizon, engine.HOUR_MINUTES) if held else row.point.active_from
        if held and since <= held[-1][0]:
            continue  # changed twice within an hour: seen again in the next
        held.append((since, says))
        new.append(IntervalSetting(point_id=row.point_id, minutes=says, since=since))
    IntervalSetting.objects.bulk_create(new, ignore_conflicts=True)
    return settings


def _due(row: Expectation, settings: list[tuple[datetime, int]], horizon: datetime) -> Due | None:
    """The next stretch of a row, whose `until` moves to its end; None: nothing is due yet."""
    interval, changes = engine.interval_at(settings, row.until)
    minutes = engine.minutes_of(row.period, interval)
    if row.period != Period.MINUTE:
        changes = _NEVER
    start = engine.ceiling(row.until, minutes)
    end = min(
        engine.floor(horizon - _GRACES[Period(row.period)], minutes),
        start + policy.STEP_SPAN[Period(row.period)],
        engine.month_start(engine.next_month(engine.month_of(start))),
        changes,
    )
    if row.point.active_to is not None:
        service = engine.floor(row.point.active_to, minutes)
        if service <= start:
            row.until = row.point.active_to  # done: nothing is owed any more
            return None
        end = min(end, service)
    if end <= start:
        return None
    row.until = end
    return Due(row, minutes, Stretch(start, end))


def _found(dues: Sequence[Due], received: Sequence[set[datetime]], now: datetime) -> None:
    """Write down what is missing: new gaps, or more of those that go on."""
    going_on = _going_on(dues)
    waits = _first_asks({due.row.point_id for due in dues})
    new: list[Gap] = []
    grown: list[Gap] = []
    for due, have in zip(dues, received, strict=True):
        key = (due.row.point_id, due.row.period, due.minutes)
        for group in engine.grouped(engine.missing(due.stretch, have, due.minutes)):
            gap = going_on.get(key)
            if gap is None or group[0].start - gap.end >= engine.BRIDGE:
                gap = going_on[key] = Gap(
                    point_id=key[0], period=key[1], minutes=key[2], found_at=now, missing=0,
                    left=0, start=group[0].start,
                )  # fmt: skip
                new.append(gap)
            elif gap.pk and gap not in grown:
                grown.append(gap)
            lacks = engine.count(group, due.minutes)
            gap.end, gap.missing, gap.left = group[-1].end, gap.missing + lacks, gap.left + lacks
            parts = engine.joined([*(Stretch(*pair) for pair in gap.remaining), *group])
            gap.remaining = [list(one) for one in parts]
            gap.next_ask_at = now + waits.get(key[0], policy.FIRST_ASK_OTHERS)
    Gap.objects.bulk_create(new, batch_size=500)
    Gap.objects.bulk_update(
        grown, ["end", "missing", "left", "remaining", "next_ask_at"], batch_size=200
    )
    _explain([*new, *grown])


def _going_on(dues: Sequence[Due]) -> dict[tuple[int, int, int], Gap]:
    """The last gap of each point and period if it may go on: nobody has asked for it yet."""
    first = min(due.stretch.start for due in dues) - engine.BRIDGE
    found = Gap.objects.select_for_update().filter(
        point__in={due.row.point_id for due in dues}, state=State.OPEN, asked=0, end__gt=first
    )
    return {(gap.point_id, gap.period, gap.minutes): gap for gap in found.order_by("end")}


def _first_asks(points: set[int]) -> dict[int, timedelta]:
    """How long to wait for what a point's logger sends by itself."""
    rows = Logger.objects.filter(point__in=points, active=True).values_list("point", "profile")
    return {
        point: policy.FIRST_ASK.get(profile, policy.FIRST_ASK_OTHERS) for point, profile in rows
    }


def _explain(gaps: Sequence[Gap]) -> None:
    """Say what lies behind the gaps."""
    if not gaps:
        return
    with connection.cursor() as cursor:
        cursor.execute(sql.CAUSES, {"gaps": [gap.pk for gap in gaps]})
        causes = dict(cursor.fetchall())
    for gap in gaps:
        gap.cause = causes[gap.pk]
    Gap.objects.bulk_update(gaps, ["cause"], batch_size=500)


# -- counting ------------------------------------------------------------------------------------


def _counted(asked: Sequence[Asked]) -> list[tuple[int, int]]:
    """For each stretch: how many of its periods came, and how many of these in time."""
    counts = [(0, 0)] * len(asked)
    graces = {"grace": policy.GRACE, "day_grace": policy.DAY_GRACE}
    for n, came, live in _rows(sql.COUNTED, asked, **graces):
        counts[n - 1] = (came, live)
    return counts


def _came(asked: Sequence[Asked]) -> list[set[datetime]]:
    """For each stretch: the starts of the periods that came."""
    found: list[set[datetime]] = [set() for _ in asked]
    for n, starts in _rows(sql.CAME, asked):
        found[n - 1] = set(starts)
    return found


def _rows(statement: str, asked: Sequence[Asked], **more: Any) -> list[tuple[Any, ...]]:
    if not asked:
        return []
    parameters: dict[str, Any] = {
        "points": [point for point, _, _, _ in asked],
        "periods": [period for _, period, _, _ in asked],
        "minutes": [minutes for _, _, minutes, _ in asked],
        "firsts": [stretch.start for *_, stretch in asked],
        "lasts": [stretch.end for *_, stretch in asked],
        "first": min(stretch.start for *_, stretch in asked),
        "last": max(stretch.end for *_, stretch in asked),
        "origin": engine.ORIGIN,
        **more,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor)


def _tally(rows: Sequence[tuple[int, int, date, int, int, int]]) -> None:
    """Add (point, period, month, expected, live, late) to the months."""
    sums: dict[tuple[int, int, date], list[int]] = {}
    for point, period, month, *numbers in rows:
        total = sums.setdefault((point, period, month), [0, 0, 0])
        for place, number in enumerate(numbers):
            total[place] += number
    if not sums:
        return
    keys, totals = sorted(sums), [sums[key] for key in sorted(sums)]
    parameters: dict[str, Any] = {
        "points": [key[0] for key in keys],
        "periods": [key[1] for key in keys],
        "months": [key[2] for key in keys],
        "expected": [total[0] for total in totals],
        "live": [total[1] for total in totals],
        "late": [total[2] for total in totals],
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.TALLY, parameters)
