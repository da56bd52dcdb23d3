"""Points for lists, for the map and for their own page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from jiulong.monitoring import thresholds
from jiulong.monitoring.models import Finding, Limit, Point
from jiulong.monitoring.queries.latest import CurrentValue, current_values
from jiulong.monitoring.queries.scope import visible_points
from jiulong.organisation.rules import Viewer

State = Literal["live", "late", "offline"]
Light = Literal["jade", "amber", "cinnabar", "indigo"]

STATES: Final[tuple[State, ...]] = ("live", "late", "offline")
#: What `sort` may say; a leading "-" reverses. "light" puts what is wrong first.
SORTS: Final[dict[str, tuple[str, ...]]] = {
    "light": ("worst", "liveness_rank"),
    "name": ("outfall__enterprise__name", "name"),
    "code": ("code",),
    "enterprise": ("outfall__enterprise__name",),
    "trade": ("outfall__enterprise__trade",),
    "street": ("outfall__enterprise__street__name",),
    "heard": ("heard_at",),
    "findings": ("open_findings",),
}
_SEVERITY_RANK: Final = {
    Finding.Severity.SERIOUS: 3,
    Finding.Severity.WARNING: 2,
    Finding.Severity.INFORMATION: 1,
}
_SEARCHED: Final = (
    "code",
    "name",
    "outfall__code",
    "outfall__name",
    "outfall__enterprise__name",
    "outfall__enterprise__credit_code",
)


@dataclass(frozen=True, slots=True)
class PointRow:
    """One point as lists and maps show it."""

    point: Point
    state: State
    heard_at: datetime | None
    open_findings: int
    light: Light
    values: tuple[CurrentValue, ...] = field(default=())

    def value_of(self, code: str) -> CurrentValue | None:
        """The current value of one factor, by code."""
        return next((value for value in self.values if value.factor.code == code), None)


def points(
    viewer: Viewer,
    *,
    now: datetime | None = None,
    q: str = "",
    trade: str = "",
    street: str = "",
    state: str = "",
    factor: str = "",
    has_findings: bool | None = None,
    retired: bool = False,
    sort: str = "light",
) -> QuerySet[Point]:
    """Points, filtered and sorted, with `liveness`, `heard_at`, `open_findings`, `worst` (0–3).

    `street` is a unit's code; `factor` a factor's code that has a limit there; every word of `q`
    must be in a name or code. Values that mean nothing filter nothing out but themselves: an
    unknown state gives no rows. Use `point_rows` for what the page shows.
    """
    now = now or timezone.now()
    found = _with_standing(visible_points(viewer), now)
    if not retired:
        found = found.filter(Q(active_to=None) | Q(active_to__gt=now))
    for word in q.split():
        found = found.filter(_mentions(word))
    for path, wanted in (
        ("outfall__enterprise__trade", trade),
        ("outfall__enterprise__street__code", street),
        ("liveness", state),
    ):
        if wanted:
            found = found.filter(**{path: wanted})
    if factor:
        found = found.filter(
            Exists(Limit.objects.filter(point=OuterRef("pk"), factor__code=factor))
        )
    if has_findings is not None:
        path = "open_findings__gt" if has_findings else "open_findings"
        found = found.filter(**{path: 0})
    return found.order_by(*_order(sort))


def point(viewer: Viewer, code: str, *, now: datetime | None = None) -> Point:
    """One point by its code, with the same annotations as `points`.

    Raises:
        Point.DoesNotExist: there is none, or not for this viewer.
    """
    found = _with_standing(visible_points(viewer), now or timezone.now())
    return found.get(code=code)


def point_rows(
    page: Iterable[Point], *, now: datetime | None = None, values: bool = True
) -> list[PointRow]:
    """Rows for a page of `points()`: three queries more for the values, however many rows."""
    listed = list(page)
    now = now or timezone.now()
    current = current_values([row.pk for row in listed], now) if values else {}
    return [_row(row, current.get(row.pk, ())) for row in listed]


def map_rows(
    viewer: Viewer, *, now: datetime | None = None, **filters: Any
) -> list[dict[str, Any]]:
    """Every point of the filter as the map draws it: place, name, light, state."""
    found = points(viewer, now=now, **filters)
    return [
        {
            "code": row.point.code,
            "name": row.point.name,
            "enterprise": row.point.outfall.enterprise.name,
            "trade": row.point.outfall.enterprise.trade,
            "longitude": row.point.outfall.longitude,
            "latitude": row.point.outfall.latitude,
            "state": row.state,
            "light": row.light,
            "findings": row.open_findings,
        }
        for row in point_rows(found, now=now, values=False)
    ]


def limits_in_force(target: Point, on: datetime | None = None) -> list[Limit]:
    """The point's limits that hold on the (local) day of `on`."""
    day = timezone.localdate(on)
    held = Q(valid_to=None) | Q(valid_to__gte=day)
    return list(
        Limit.objects.filter(held, point=target, valid_from__lte=day)
        .select_related("factor")
        .order_by("factor__code", "statistic", "-valid_from")
    )


def limit_history(target: Point) -> list[Limit]:
    """Every limit the point ever had, newest first within factor and statistic."""
    return list(
        Limit.objects.filter(point=target)
        .select_related("factor")
        .order_by("factor__code", "statistic", "-valid_from")
    )


def worst_ratio(row: PointRow) -> Decimal | None:
    """The highest current ratio to a limit, or None where nothing is limited."""
    return max((v.ratio for v in row.values if v.ratio is not None), default=None)


def _row(found: Any, values: Sequence[CurrentValue]) -> PointRow:
    return PointRow(
        point=found,
        state=found.liveness,
        heard_at=found.heard_at,
        open_findings=found.open_findings,
        light=_light(found.liveness, found.worst, values),
        values=tuple(values),
    )


def _light(state: State, worst: int, values: Sequence[CurrentValue]) -> Light:
    if worst >= 3 or state == "offline":
        return "cinnabar"
    if worst == 2 or state == "late" or any(v.standing == "over" for v in values):
        return "amber"
    return "indigo" if worst == 1 else "jade"


def _mentions(word: str) -> Q:
    found = Q()
    for path in _SEARCHED:
        found |= Q(**{f"{path}__icontains": word})
    return found


def _order(sort: str) -> list[str]:
    name = sort.removeprefix("-")
    paths = SORTS.get(name, SORTS["light"])
    # "light" and counts read worst first; "-light" is the reverse of that.
    descending = sort.startswith("-") != (name in {"light", "findings"} or name not in SORTS)
    return [("-" if descending else "") + path for path in paths] + ["code"]


def _with_standing(base: QuerySet[Point], now: datetime) -> QuerySet[Point]:
    """Annotate what the point's light is made from. No join multiplies rows: subqueries only."""
    open_here = Finding.objects.filter(point=OuterRef("pk"), ended_at=None).order_by()
    ranked = Case(
        *(When(severity=severity, then=Value(rank)) for severity, rank in _SEVERITY_RANK.items()),
        output_field=IntegerField(),
    )
    counted = open_here.values("point").annotate(n=Count("pk")).values("n")
    graded = open_here.values("point").annotate(n=Max(ranked)).values("n")
    return base.select_related("outfall__enterprise__street").annotate(
        heard_at=F("state__heard_at"),
        open_findings=Coalesce(Subquery(counted), 0),
        worst=Coalesce(Subquery(graded), 0),
        **_states(now),
    )


def _states(now: datetime) -> dict[str, Case]:
    """`liveness` by how long nothing was heard, and `liveness_rank` to sort by it."""

    def heard_within(at_least: timedelta) -> Q:
        intervals = F("realtime_interval_s") * thresholds.LATE_INTERVALS
        seconds = Greatest(Value(int(at_least.total_seconds())), intervals)
        second = Value(timedelta(seconds=1), output_field=DurationField())
        span = ExpressionWrapper(seconds * second, output_field=DurationField())
        return Q(
            state__heard_at__gte=ExpressionWrapper(Value(now) - span, output_field=DateTimeField())
        )

    live = heard_within(thresholds.LATE_FLOOR)
    late = heard_within(thresholds.OFFLINE_AFTER)
    return {
        "liveness": Case(
            When(live, then=Value("live")),
            When(late, then=Value("late")),
            default=Value("offline"),
            output_field=CharField(),
        ),
        "liveness_rank": Case(
            When(live, then=0), When(late, then=1), default=2, output_field=IntegerField()
        ),
    }
