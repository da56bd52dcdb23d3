"""What a firm has to do today at its stations, in a handful of queries for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Count, Max, Q
from django.utils import timezone

from jiulong.monitoring.models import Finding, Limit, Point, PointState
from jiulong.organisation.rules import Viewer
from jiulong.upkeep import queries as upkeep
from jiulong.upkeep.actions import mark_due
from jiulong.upkeep.models import FaultReport, ManualDatum, Mark
from jiulong.upkeep.provisions import Rulebook, rulebook
from jiulong.validity.models import DayStatistic
from jiulong.validity.runs import midnight

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
HOURS: Final = 24
#: Hours that ask for a mark, in the order in which they are named.
SUSPICIOUS: Final = ("missing", "flag", "disagreement")
#: Rules of the judge whose findings ask for a word of the station.
OVER: Final = frozenset({"hour_exceedance", "day_exceedance"})
OFFLINE: Final = "offline"
#: What an instrument reports of itself is not what was filed.
CHANGED: Final = "parameter_change"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do: `kind` names it, `due_at` is its clock, `tone` a light."""

    kind: str  # mark explain report filing restore manual maintenance check review
    tone: str  # over | near | told
    due_at: datetime | None = None
    factor: int | None = None
    factors: tuple[int, ...] = ()  # of a mark
    hours: int = 0  # bits of local hours of `on`
    on: date | None = None
    code: str = ""  # form, kind of check, rule
    pk: int | None = None
    count: int = 0


@dataclass(slots=True)
class Station:
    """A station with what is to be done, the most urgent first."""

    point: Point
    heard_at: datetime | None
    offline: bool
    items: list[Item] = field(default_factory=list)

    @property
    def tone(self) -> str:
        """The worst light of its items."""
        tones = {item.tone for item in self.items}
        return next((tone for tone in ("over", "near", "told") if tone in tones), "met")


def stations(viewer: Viewer, *, now: datetime, code: str = "") -> list[Station]:
    """The viewer's own stations with their work, what is most urgent first."""
    points = upkeep.own_points(viewer).filter(Q(active_to=None) | Q(active_to__gt=now))
    if code:
        points = points.filter(code=code)
    found = list(points.select_related("outfall__enterprise", "operator"))
    ids = [point.pk for point in found]
    book = rulebook()
    heard = dict(PointState.objects.filter(point__in=ids).values_list("point", "heard_at"))
    work: dict[int, list[Item]] = defaultdict(list)
    standing = _findings(ids, now)
    offline = {finding.point_id for finding in standing if finding.rule == OFFLINE}
    for point, item in (
        *_marks(ids, book, now),
        *_explanations(standing),
        *_reports(ids, standing, book),
        *_filings(standing),
        *_faults(ids, book, now),
        *_maintenance(ids, now),
        *_checks(ids, book, now),
        *_rejected(ids, now),
    ):
        work[point].append(item)
    rows = [
        Station(one, heard.get(one.pk), one.pk in offline, _sorted(work[one.pk])) for one in found
    ]
    return sorted(rows, key=lambda row: (_rank(row.tone), row.point.code))


def _rank(tone: str) -> int:
    return ("over", "near", "told", "met").index(tone)


def _sorted(items: Iterable[Item]) -> list[Item]:
    never = midnight(date.max - DAY)
    return sorted(items, key=lambda item: (_rank(item.tone), item.due_at or never))


def _findings(points: Collection[int], now: datetime) -> list[Finding]:
    """Exceedances since yesterday, silence and unfiled changes that last."""
    since = midnight(timezone.localdate(now) - DAY)
    return list(
        Finding.objects.filter(
            Q(rule__in=OVER, started_at__gte=since)
            | Q(rule__in=(OFFLINE, CHANGED), ended_at=None),
            point__in=points, withdrawn_at=None,
        )
    )  # fmt: skip


def _marks(points: Collection[int], book: Rulebook, now: datetime) -> Iterator[tuple[int, Item]]:
    """Hours of yesterday that are missing or flagged, and not marked: until 12:00 today."""
    yesterday = timezone.localdate(now) - DAY
    due = mark_due(book, midnight(yesterday))
    rows = DayStatistic.objects.filter(point__in=points, on=yesterday).exclude(invalid={})
    waiting = _waiting(points, yesterday)
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in rows.only("point_id", "factor_id", "invalid").order_by("point_id", "factor_id"):
        hours = 0
        for reason in SUSPICIOUS:
            hours |= row.invalid.get(reason, 0)
        hours &= ~row.invalid.get("mark", 0) & ~row.invalid.get("flow_zero", 0)
        for factors, marked in waiting.get(row.point_id, ()):
            if not factors or row.factor_id in factors:
                hours &= ~marked
        if hours:
            alike[row.point_id, hours].append(row.factor_id)
    for (point, hours), factors in alike.items():
        yield point, Item(
            kind="mark", tone="near" if now <= due else "over", due_at=due, on=yesterday,
            factors=tuple(factors), hours=hours, count=hours.bit_count(),
        )  # fmt: skip


def _waiting(points: Collection[int], on: date) -> dict[int, list[tuple[list[int], int]]]:
    """Late marks of a day that wait for a review, by point: factors (none: all), bits of hours."""
    start, end = midnight(on), midnight(on + DAY)
    rows = upkeep.marks_standing().filter(
        point__in=points, late=True, accepted=None, started_at__lt=end, ended_at__gt=start
    )
    found: dict[int, list[tuple[list[int], int]]] = defaultdict(list)
    for mark in rows.only("point_id", "factors", "started_at", "ended_at"):
        first = max(mark.started_at, start) - start
        last = min(mark.ended_at, end) - start
        bits = (1 << -(-last // HOUR)) - (1 << first // HOUR)
        found[mark.point_id].append((mark.factors, bits))
    return found


def _explanations(standing: Iterable[Finding]) -> Iterator[tuple[int, Item]]:
    for finding in standing:
        if finding.rule in OVER and finding.acknowledged_at is None:
            yield finding.point_id, Item(
                kind="explain", tone="over" if finding.ended_at is None else "near",
                factor=finding.factor_id, code=finding.rule, pk=finding.pk,
                on=timezone.localdate(finding.started_at),
            )  # fmt: skip


def _filings(standing: Iterable[Finding]) -> Iterator[tuple[int, Item]]:
    """Parameters that were changed and not filed."""
    for point in sorted({one.point_id for one in standing if one.rule == CHANGED}):
        yield point, Item(kind="filing", tone="over")


def _reports(
    points: Collection[int], standing: Iterable[Finding], book: Rulebook
) -> Iterator[tuple[int, Item]]:
    """Stations that fell silent and of which no fault was reported: within twelve hours."""
    reported = set(
        FaultReport.objects.filter(
            point__in=points, restored_at=None, withdrawn_at=None
        ).values_list("point", flat=True)
    )
    for finding in standing:
        if finding.rule == OFFLINE and finding.point_id not in reported:
            due = finding.started_at + book.hours("fault_report")
            yield finding.point_id, Item(kind="report", tone="over", due_at=due, pk=finding.pk)


def _faults(points: Collection[int], book: Rulebook, now: datetime) -> Iterator[tuple[int, Item]]:
    """Faults to be restored, and manual data that are due meanwhile."""
    apart, least = book.hours("manual_apart"), book.count("manual_per_day")
    today = midnight(timezone.localdate(now))
    sampled = {
        point: (count, last)
        for point, count, last in ManualDatum.objects.filter(
            point__in=points, sampled_at__gte=today - DAY, withdrawn_at=None
        )
        .order_by()
        .values_list("point")
        .annotate(
            today=Count("sampled_at", filter=Q(sampled_at__gte=today), distinct=True),
            last=Max("sampled_at"),
        )
    }
    faults = FaultReport.objects.filter(point__in=points, restored_at=None, withdrawn_at=None)
    for fault in faults:
        tone = "over" if now > fault.restore_by else "near"
        yield fault.point_id, Item("restore", tone, due_at=fault.restore_by, pk=fault.pk)
        count, last = sampled.get(fault.point_id, (0, None))
        due = (last or fault.began_at) + apart
        if count < least or now > due:
            tone = "over" if now > due else "near"
            yield fault.point_id, Item("manual", tone, due_at=due, pk=fault.pk, count=count)


def _maintenance(points: Collection[int], now: datetime) -> Iterator[tuple[int, Item]]:
    for point, work in upkeep.due_work(points, today=timezone.localdate(now)).items():
        for one in work:
            if one.state != "met":
                yield (
                    point,
                    Item(
                        "maintenance", one.state, due_at=midnight(one.due_on + DAY), code=one.form
                    ),
                )


def _checks(points: Collection[int], book: Rulebook, now: datetime) -> Iterator[tuple[int, Item]]:
    today = timezone.localdate(now)
    wanted = set(
        Limit.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=today), point__in=points, valid_from__lte=today
        ).values_list("point", "factor", "factor__code")
    )
    for one in upkeep.due_checks(wanted, now=now, book=book):
        tone = "told" if one.last_at is None else "near"
        yield one.point, Item(
            "check", tone, due_at=one.due_at, factor=one.factor, code=one.kind
        )  # fmt: skip


def _rejected(points: Collection[int], now: datetime) -> Iterator[tuple[int, Item]]:
    """Marks that were rejected within a week and for which no other was handed in."""
    rows = Mark.objects.filter(
        point__in=points, accepted=False, withdrawn_at=None, reviewed_at__gte=now - 7 * DAY
    )
    for mark in rows:
        yield (
            mark.point_id,
            Item(
                "review", "told", pk=mark.pk, code=mark.kind, on=timezone.localdate(mark.started_at)
            ),
        )
