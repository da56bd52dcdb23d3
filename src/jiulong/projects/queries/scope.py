"""The projects a viewer may see, each with its light, its figures and what holds it up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf, Round
from django.utils import timezone

from jiulong.cases.lifecycle import OPEN
from jiulong.organisation.rules import Viewer
from jiulong.projects import rules
from jiulong.projects.lights import gathering
from jiulong.projects.lights.gathering import month_of, standing_overrides
from jiulong.projects.models import (
    Colour,
    Light,
    LightOverride,
    MonthReport,
    Obstacle,
    PlanMonth,
    Project,
    YearPlan,
)

_MONEY: Final = DecimalField(max_digits=16, decimal_places=2)


def visible(viewer: Viewer) -> QuerySet[Project]:
    """All projects on the list that the viewer may see, bare."""
    return Project.objects.filter(rules.visible(viewer), dropped_on=None)


def lit(found: QuerySet[Project], month: date, on: date) -> Any:
    """With `computed`, `by_hand` and `colour`: the light of the month, as it stands on the day."""
    lights = Light.objects.filter(project=OuterRef("pk"), month=month)
    by_hand = LightOverride.objects.filter(standing_overrides(on), project=OuterRef("pk"))
    return found.annotate(
        computed=Subquery(lights.values("colour")[:1]),
        rule=Subquery(lights.values("rule")[:1]),
        by_hand=Subquery(by_hand.values("colour")[:1]),
        colour=Coalesce("by_hand", "computed", Value(Colour.NONE.value)),
    )


def counted(found: QuerySet[Any], month: date) -> Any:
    """With `year_plan`, `planned`, `done` (万元 of the year to the month) and `behind` (points)."""
    plan = YearPlan.objects.filter(project=OuterRef("pk"), year=month.year)
    planned = PlanMonth.objects.filter(
        plan__project=OuterRef("pk"), month__year=month.year, month__lte=month
    ).order_by("-month")
    done = MonthReport.objects.filter(
        project=OuterRef("pk"), month__year=month.year, month__lte=month,
        state__in=gathering.COUNTED,
    ).order_by("-month")  # fmt: skip
    held = Obstacle.objects.filter(project=OuterRef("pk"), case__stage__in=sorted(OPEN))
    many = held.order_by().values("project").annotate(n=Count("pk")).values("n")
    return found.annotate(
        year_plan=Subquery(plan.values("investment")[:1]),
        planned=Subquery(planned.values("planned")[:1]),
        done=Coalesce(Subquery(done.values("done")[:1]), Value(Decimal(0)), output_field=_MONEY),
        reported_to=Subquery(done.values("month")[:1]),
        behind=Round(
            (F("planned") - F("done")) * 100 / NullIf(F("year_plan"), Value(Decimal(0))),
            precision=1, output_field=_MONEY,
        ),
        obstacles_open=Coalesce(Subquery(many), Value(0)),
    )  # fmt: skip


def reported(month: date) -> Exists:
    """Whether a project's word on a month is in."""
    return Exists(
        MonthReport.objects.filter(project=OuterRef("pk"), month=month, state__in=gathering.COUNTED)
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list asks for; empty: all. Units by code, the leader by primary key or post."""

    q: str = ""
    level: str = ""
    kind: str = ""
    industry: str = ""
    stage: str = ""
    batch: str = ""
    zone: str = ""
    unit: str = ""
    light: str = ""
    leader: str = ""
    more: str = ""


def projects(viewer: Viewer, on: date, wanted: Wanted | None = None) -> Any:
    """Projects as lists show them, with units and leader joined; see `lit` and `counted`."""
    ask = wanted or Wanted()
    month = month_of(on)
    found = counted(lit(visible(viewer), month, on), month)
    exact = {
        "level": ask.level, "kind": ask.kind, "industry": ask.industry, "stage": ask.stage,
        "batch": ask.batch, "zone__code": ask.zone, "lead_unit__code": ask.unit,
        "colour": ask.light,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if ask.q:
        words = Q(name__icontains=ask.q) | Q(code__icontains=ask.q)
        found = found.filter(words | Q(national_code__icontains=ask.q))
    if ask.leader:
        found = found.filter(_leader(ask.leader))
    if ask.more:
        found = found.filter(_more(ask.more, month))
    return found.select_related("zone", "lead_unit", "leader")


def _leader(key: str) -> Q:
    return Q(leader=int(key)) if key.isdecimal() else Q(leader_post=key)


def _more(key: str, month: date) -> Q:
    match key:
        case "late":  # the month's report is due and not in
            unreported = Q(~reported(month), plans__year=month.year)
            return Q(pk__in=Project.objects.filter(unreported).values("pk"))
        case "held":
            return Q(obstacles_open__gt=0)
        case "uncounted":
            return Q(started_on__isnull=False, in_statistics_on=None)
        case "late_start":
            return Q(started_on=None, planned_start_on__lte=gathering.last_of(month))
    return Q()


def leaders(viewer: Viewer) -> list[tuple[str, str]]:
    """Leaders in charge of anything the viewer may see: key and name."""
    rows = (
        visible(viewer)
        .order_by("leader__username", "leader_post")
        .values_list("leader", "leader__last_name", "leader__first_name", "leader__username",
                     "leader_post")
        .distinct()
    )  # fmt: skip
    found: dict[str, str] = {}
    for pk, last, first, username, post in rows:
        name = post or f"{first} {last}".strip() or username
        if name:
            found[post or str(pk)] = name
    return list(found.items())


def today() -> date:
    """The district's day."""
    return timezone.localdate()


def money(value: Any) -> Decimal:
    """A sum that may be missing."""
    return value if isinstance(value, Decimal) else Decimal(0)
