"""What may be seen of gaps: those of the points that the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db.models import Prefetch, Q, QuerySet, Sum

from jiulong.gaps import engine, proofs
from jiulong.gaps.engine import Stretch
from jiulong.gaps.models import Expectation, Gap, HistoryRequest, MonthProof, MonthTally
from jiulong.monitoring.models import Period, Point
from jiulong.monitoring.queries import visible_points
from jiulong.organisation.rules import Viewer, may

#: How an hour stands, the worst first: something is missing, came later, all came, nothing owed.
CELLS: Final = ("gap", "late", "whole", "none")


def gaps(
    viewer: Viewer,
    point: Point | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    *,
    text: str = "",
    period: int | None = None,
    state: str = "",
    cause: str = "",
) -> QuerySet[Gap]:
    """Gaps that touch [start, end), newest first; every word of `text` in a name or code."""
    found = Gap.objects.select_related("point__outfall__enterprise")
    if not may(viewer, "see_all"):
        found = found.filter(point__in=visible_points(viewer))
    if point is not None:
        found = found.filter(point=point)
    if start is not None:
        found = found.filter(end__gt=start)
    if end is not None:
        found = found.filter(start__lt=end)
    for word in text.split():
        found = found.filter(
            Q(point__code__icontains=word)
            | Q(point__name__icontains=word)
            | Q(point__outfall__enterprise__name__icontains=word)
        )
    if period is not None:
        found = found.filter(period=period)
    if state == "missing":
        found = found.exclude(state=Gap.State.FILLED)
    elif state:
        found = found.filter(state=state)
    return found.filter(cause=cause) if cause else found


def gap(viewer: Viewer, pk: int) -> Gap:
    """One gap with its requests. Gap.DoesNotExist also where the viewer may not see it."""
    requests = HistoryRequest.objects.select_related("command", "asked_by")
    return gaps(viewer).prefetch_related(Prefetch("requests", requests)).get(pk=pk)


@dataclass(frozen=True, slots=True)
class Completeness:
    """What a period's readings of a month came to."""

    period: int
    expected: int
    live: int
    late: int

    @property
    def never(self) -> int:
        return self.expected - self.live - self.late

    @property
    def share(self) -> Decimal | None:
        return proofs.share(self.live + self.late, self.expected)

    @property
    def label(self) -> str:
        return str(Period(self.period).label)


def completeness(viewer: Viewer, point: Point, month: date) -> list[Completeness]:
    """A point's month by period; nothing for who may not see the point."""
    rows = MonthTally.objects.filter(
        point=point, month=month, point__in=visible_points(viewer)
    ).order_by("period")
    return [Completeness(row.period, row.expected, row.live, row.late) for row in rows]


def months(viewer: Viewer, point: Point) -> list[date]:
    """The months of which something is known, newest first."""
    mine = MonthTally.objects.filter(point=point, point__in=visible_points(viewer))
    return list(mine.order_by("-month").values_list("month", flat=True).distinct())


def known_months(viewer: Viewer) -> list[date]:
    """The months of which something is known of any point, newest first."""
    mine = MonthTally.objects.all()
    if not may(viewer, "see_all"):
        mine = mine.filter(point__in=visible_points(viewer))
    return list(mine.order_by("-month").values_list("month", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class PointMonth:
    """One point's month as the list of all points shows it."""

    point: Point
    expected: int
    late: int
    never: int
    shares: dict[int, Decimal | None]

    @property
    def share(self) -> Decimal | None:
        return proofs.share(self.expected - self.never, self.expected)

    @property
    def minute(self) -> Decimal | None:
        return self.shares.get(Period.MINUTE)

    @property
    def hour(self) -> Decimal | None:
        return self.shares.get(Period.HOUR)

    @property
    def day(self) -> Decimal | None:
        return self.shares.get(Period.DAY)


def point_months(viewer: Viewer, month: date, *, text: str = "") -> list[PointMonth]:
    """Every point's month, in two queries."""
    points = visible_points(viewer).select_related("outfall__enterprise")
    for word in text.split():
        points = points.filter(
            Q(code__icontains=word)
            | Q(name__icontains=word)
            | Q(outfall__enterprise__name__icontains=word)
        )
    tallies: dict[int, list[MonthTally]] = {}
    for tally in MonthTally.objects.filter(month=month).order_by("period"):
        tallies.setdefault(tally.point_id, []).append(tally)
    listed = [point for point in points.order_by("code") if point.pk in tallies]
    return [_point_month(point, tallies[point.pk]) for point in listed]


def _point_month(point: Point, tallies: list[MonthTally]) -> PointMonth:
    expected = sum(one.expected for one in tallies)
    came = sum(one.live + one.late for one in tallies)
    return PointMonth(
        point, expected, sum(one.late for one in tallies), expected - came,
        {one.period: proofs.share(one.live + one.late, one.expected) for one in tallies},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class HourCell:
    """One hour of the strip: its state, and how many readings are missing or came later."""

    at: datetime
    state: str
    missing: int
    late: int


def heat(viewer: Viewer, point: Point, month: date) -> list[tuple[date, list[HourCell]]]:
    """The hours of a month, day by day, from gaps of minute and hour data alone."""
    first, last = engine.month_start(month), engine.month_start(engine.next_month(month))
    owed = Expectation.objects.filter(
        point=point, point__in=visible_points(viewer), period__in=[Period.MINUTE, Period.HOUR]
    )
    begins = [row.since for row in owed]
    ends = [row.until for row in owed]
    lacking: dict[datetime, int] = {}
    later: dict[datetime, int] = {}
    for one in gaps(viewer, point, first, last).exclude(period=Period.DAY):
        remaining = [Stretch(*pair) for pair in one.remaining]
        came = engine.minus([Stretch(one.start, one.end)], remaining)
        _add(lacking, remaining, one.minutes)
        # Of what lies between the missing ones some came in time; the gap knows how many did not.
        _add(later, came if one.missing > one.left else [], one.minutes)
    days: list[tuple[date, list[HourCell]]] = []
    at = first
    while at < last:
        on = at.astimezone(engine.ZONE).date()
        if not days or days[-1][0] != on:
            days.append((on, []))
        owes = bool(begins) and min(begins) < at + timedelta(hours=1) and at < max(ends)
        missing, late = lacking.get(at, 0), later.get(at, 0)
        state = "none" if not owes else "gap" if missing else "late" if late else "whole"
        days[-1][1].append(HourCell(at, state, missing, late))
        at += timedelta(hours=1)
    return days


def _add(counts: dict[datetime, int], stretches: list[Stretch], minutes: int) -> None:
    """Count the periods of the stretches into their hours."""
    for start, end in stretches:
        at = start
        while at < end:
            hour = engine.floor(at, engine.HOUR_MINUTES)
            counts[hour] = counts.get(hour, 0) + 1
            at += timedelta(minutes=minutes)


def standing(viewer: Viewer, point: Point) -> dict[str, int]:
    """For the panel of a point: readings that are missing now, and gaps given up."""
    mine = gaps(viewer, point).exclude(state=Gap.State.FILLED).order_by()
    total = mine.aggregate(left=Sum("left"))["left"] or 0
    return {"left": total, "given_up": mine.filter(state=Gap.State.GIVEN_UP).count()}


def month_proofs(viewer: Viewer, point: Point, month: date | None = None) -> QuerySet[MonthProof]:
    """Recorded proofs of a point, newest first."""
    found = MonthProof.objects.filter(point=point, point__in=visible_points(viewer))
    return found if month is None else found.filter(month=month)
