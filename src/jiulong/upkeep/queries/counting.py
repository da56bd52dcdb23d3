"""What does not count, and what stands in for it: asked by whoever computes statistics.

These take no viewer: only floors that compute for everybody call them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from jiulong.upkeep.models import ManualDatum, Mark, QcTest
from jiulong.upkeep.provisions import rulebook
from jiulong.upkeep.spans import Check, Span, windows

#: Failed checks with the passed ones around them.
FAILED: Final = """
SELECT f.id, f.point_id, f.factor_id, f.at, before.at, after.at
FROM upkeep_qctest f
LEFT JOIN LATERAL (
    SELECT p.at FROM upkeep_qctest p
    WHERE p.point_id = f.point_id AND p.factor_id = f.factor_id AND p.passed AND p.at < f.at
      AND p.withdrawn_at IS NULL ORDER BY p.at DESC LIMIT 1
) before ON true
LEFT JOIN LATERAL (
    SELECT p.at FROM upkeep_qctest p
    WHERE p.point_id = f.point_id AND p.factor_id = f.factor_id AND p.passed AND p.at >= f.at
      AND p.withdrawn_at IS NULL ORDER BY p.at LIMIT 1
) after ON true
WHERE NOT f.passed AND f.withdrawn_at IS NULL AND f.point_id = ANY(%(points)s)
  AND coalesce(before.at, f.at) < %(end)s AND coalesce(after.at, 'infinity') > %(start)s
ORDER BY f.point_id, f.factor_id, f.at, f.id
"""
KG: Final = Decimal(1000)


def marks_standing() -> QuerySet[Mark]:
    """Marks that were handed in, and neither rejected, withdrawn nor superseded."""
    waiting_or_accepted = Q(accepted=None) | Q(accepted=True)
    return Mark.objects.filter(waiting_or_accepted, withdrawn_at=None, successor=None)


def marks_in_effect() -> QuerySet[Mark]:
    """Marks that count: they stand, and in time or accepted by a reviewer."""
    return marks_standing().filter(Q(late=False) | Q(accepted=True))


def invalid_spans(points: Collection[int], start: datetime, end: datetime) -> list[Span]:
    """What speaks against values from `start` to `end` (excluded), whole spans, by point and start.

    Spans reach as far as their cause does, also beyond what was asked for. Two queries.
    """
    found = [*_marked(points, start, end), *_unchecked(points, start, end)]
    return sorted(found, key=lambda span: (span.point, span.start, span.reference))


def _marked(points: Collection[int], start: datetime, end: datetime) -> Iterator[Span]:
    marks = marks_in_effect().filter(
        point__in=points, invalidates=True, started_at__lt=end, ended_at__gt=start
    )
    for mark in marks.only("point_id", "factors", "started_at", "ended_at").order_by():
        factors: list[int | None] = [*mark.factors] or [None]
        for factor in factors:
            yield Span(
                mark.point_id, factor, mark.started_at, mark.ended_at, "mark",
                f"upkeep.mark/{mark.pk}",
            )  # fmt: skip


def _unchecked(points: Collection[int], start: datetime, end: datetime) -> Iterator[Span]:
    checks: dict[tuple[int, int], set[Check]] = defaultdict(set)
    failed: dict[tuple[int, int], list[tuple[datetime, int]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(FAILED, {"points": list(points), "start": start, "end": end})
        for pk, point, factor, at, before, after in cursor:
            series = checks[point, factor]
            series.add((at, False))
            series.update((passed, True) for passed in (before, after) if passed is not None)
            failed[point, factor].append((at, pk))
    for (point, factor), series in checks.items():
        for opens, closes in windows(series):
            first = next(pk for at, pk in failed[point, factor] if at >= opens)
            yield Span(point, factor, opens, closes, "qc", f"upkeep.qctest/{first}")


def last_pass(point: int, factor: int, before: datetime) -> datetime | None:
    """When the instrument of that factor last passed a check before a moment."""
    tests = QcTest.objects.filter(
        point=point, factor=factor, passed=True, at__lt=before, withdrawn_at=None
    )
    return tests.order_by("-at").values_list("at", flat=True).first()


@dataclass(frozen=True, slots=True)
class ManualDay:
    """The manual values of one local day; it stands in for the instrument where it is `enough`.

    Args:
        mean: weighted by flow where every value has one, else arithmetic; in the factor's unit.
        load_kg: from the manual flows; None where they were not given.
        widest: longest time between two samples of the day.
    """

    point: int
    factor: int
    on: date
    count: int
    mean: Decimal
    flow_m3: Decimal | None
    load_kg: Decimal | None
    widest: timedelta
    enough: bool
    references: tuple[str, ...]


def manual_days(
    points: Collection[int], start: datetime, end: datetime
) -> dict[tuple[int, int, date], ManualDay]:
    """Manual data sampled from `start` to `end` (excluded), by (point, factor, local day)."""
    rows = ManualDatum.objects.filter(
        point__in=points, sampled_at__gte=start, sampled_at__lt=end, withdrawn_at=None
    )
    book = rulebook()
    least, apart = book.count("manual_per_day"), book.hours("manual_apart")
    days: dict[tuple[int, int, date], list[ManualDatum]] = defaultdict(list)
    for row in rows.order_by("sampled_at"):
        days[row.point_id, row.factor_id, timezone.localdate(row.sampled_at)].append(row)
    return {key: _manual_day(key, values, least, apart) for key, values in days.items()}


def _manual_day(
    key: tuple[int, int, date], values: Collection[ManualDatum], least: int, apart: timedelta
) -> ManualDay:
    """What the values of one day, in order of their time, come to."""
    point, factor, on = key
    times = [value.sampled_at for value in values]
    widest = max((late - early for early, late in pairwise(times)), default=timedelta(0))
    flows = [value.flow_m3 for value in values if value.flow_m3 is not None]
    flow, load = None, None
    mean = sum((value.value for value in values), Decimal(0)) / len(values)
    if len(flows) == len(values) and sum(flows) > 0:
        flow = sum(flows, Decimal(0))
        carried = sum(
            (value.value * part for value, part in zip(values, flows, strict=True)), Decimal(0)
        )
        mean, load = carried / flow, carried / KG
    return ManualDay(
        point=point, factor=factor, on=on, count=len(values), mean=mean, flow_m3=flow,
        load_kg=load, widest=widest,
        enough=len(values) >= least and widest <= apart,
        references=tuple(f"upkeep.manualdatum/{value.pk}" for value in values),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MarkShare:
    """How much of a month's hours of a point were marked, and how often it was too late."""

    point: int
    month: date
    hours: int
    marked_hours: int
    share: Decimal
    marks: int
    late: int


def mark_share(point: int, month: date, *, until: datetime | None = None) -> MarkShare:
    """Share of the month's hours that standing device marks touch, whatever the factor.

    Late marks that wait for a review are in it: it tells how much is marked, not what counts.

    Args:
        until: hours before this moment alone are counted, for the month that runs.
    """
    return mark_shares([point], month, until=until)[point]


def mark_shares(
    points: Collection[int], month: date, *, until: datetime | None = None
) -> dict[int, MarkShare]:
    """`mark_share` of many points in one query."""
    start = timezone.make_aware(datetime.combine(month.replace(day=1), time.min))
    turn = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    end = timezone.make_aware(datetime.combine(turn, time.min))
    end = max(min(end, until or end), start)
    hours = int((end - start) / timedelta(hours=1))
    marks = marks_standing().filter(
        point__in=points, group=Mark.Group.DEVICE, started_at__lt=end, ended_at__gt=start
    )
    touched: dict[int, set[int]] = defaultdict(set)
    counts: dict[int, list[bool]] = defaultdict(list)
    for mark in marks.only("point_id", "started_at", "ended_at", "late"):
        touched[mark.point_id].update(_hours(mark.started_at, mark.ended_at, start, end))
        counts[mark.point_id].append(mark.late)
    return {
        point: MarkShare(
            point=point, month=start.date(), hours=hours, marked_hours=len(touched[point]),
            share=Decimal(len(touched[point])) / hours if hours else Decimal(0),
            marks=len(counts[point]), late=sum(counts[point]),
        )
        for point in points
    }  # fmt: skip


def _hours(first: datetime, last: datetime, start: datetime, end: datetime) -> Iterable[int]:
    """Numbers of the hours from `start` that a stretch touches."""
    hour = timedelta(hours=1)
    opens = max(first, start) - start
    closes = min(last, end) - start
    return range(opens // hour, -(-closes // hour))
