"""From a number of an account to its rows: one kind of rows a table, filtered as it was counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from jiulong.cases.models import Case
from jiulong.cases.rules import visible
from jiulong.gaps.models import Gap
from jiulong.monitoring.models import Alarm, Finding, Limit, Point
from jiulong.monitoring.numbers import LOGARITHMIC
from jiulong.organisation.rules import Viewer
from jiulong.pages.filters import Options
from jiulong.reports.scope import Scope
from jiulong.reports.sections.alarms import SOURCE
from jiulong.sampling.models import Sample
from jiulong.upkeep.models import Mark
from jiulong.validity.models import DayStatistic

Asked = Mapping[str, Any]
YES: Final[Options] = [("yes", _("Yes"))]
YES_NO: Final[Options] = [("yes", _("Yes")), ("no", _("No"))]
SPECIAL: Final[Options] = [
    ("substituted", _("Load substituted")),
    ("revised", _("Revised later")),
    ("deviates", _("Sent mean deviates")),
]


def days(_viewer: Viewer, scope: Scope, asked: Asked) -> QuerySet[DayStatistic]:
    limit = Limit.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=OuterRef("on")), point=OuterRef("point"),
        factor=OuterRef("factor"), statistic=Limit.Statistic.DAY, valid_from__lte=OuterRef("on"),
    )  # fmt: skip
    found = DayStatistic.objects.filter(
        over=True, point__in=scope.effluents, on__range=(scope.span.first, scope.span.last)
    ).annotate(
        maximum=Subquery(limit.values("maximum")[:1]), minimum=Subquery(limit.values("minimum")[:1])
    )
    found = of_point(found, asked)
    if asked.get("factor"):
        found = found.filter(factor__code=asked["factor"])
    if asked.get("valid"):
        found = found.filter(valid=asked["valid"] == "yes")
    if asked.get("over"):
        beyond = Q(mean__gt=F("maximum")) | Q(mean__lt=F("minimum"))
        found = found.filter(beyond, valid=True).exclude(factor__code__in=LOGARITHMIC)
    if asked.get("reason"):
        found = found.filter(reasons__contains=[asked["reason"]], valid=False)
    special = {"substituted": Q(substituted=True), "revised": Q(revision__gt=0),
               "deviates": Q(deviates=True)}  # fmt: skip
    if asked.get("special"):
        found = found.filter(special[asked["special"]])
    return found.select_related("point__outfall__enterprise", "factor")


def of_point(found: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    if asked.get("point"):
        found = found.filter(point__code=asked["point"])
    if asked.get("enterprise"):
        found = found.filter(point__outfall__enterprise=asked["enterprise"])
    return found


def within(model: Any, moment: str, **fixed: Any) -> Callable[[Viewer, Scope, Asked], Any]:
    """Rows of points that fall into the span by their moment."""

    def rows(_viewer: Viewer, scope: Scope, asked: Asked) -> QuerySet[Any]:
        when = {f"{moment}__gte": scope.span.start, f"{moment}__lt": scope.span.end}
        found = model.objects.filter(point__in=scope.ids, **when, **fixed)
        return of_point(found, asked).select_related("point__outfall__enterprise")

    return rows


def points(_viewer: Viewer, scope: Scope, _asked: Asked) -> QuerySet[Point]:
    return Point.objects.filter(pk__in=scope.ids).select_related(
        "outfall__enterprise__street", "operator"
    )


def offline(_viewer: Viewer, scope: Scope, asked: Asked) -> QuerySet[Finding]:
    found = Finding.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=scope.span.start), rule="offline", withdrawn_at=None,
        point__in=scope.ids, started_at__lt=scope.span.end,
    )  # fmt: skip
    return of_point(found, asked).select_related("point__outfall__enterprise")


def alarms(_viewer: Viewer, scope: Scope, asked: Asked) -> QuerySet[Alarm]:
    found = Alarm.objects.filter(
        outfall__in={place.outfall_id for place in scope.places.values()},
        started_at__gte=scope.span.start, started_at__lt=scope.span.end,
        state__in=Alarm.STANDING,
    )  # fmt: skip
    if asked.get("kind"):
        found = found.filter(kind=asked["kind"])
    return found.select_related("outfall__enterprise")


def cases(viewer: Viewer, scope: Scope, asked: Asked) -> QuerySet[Case]:
    found = Case.objects.filter(
        visible(viewer), source=SOURCE, filed_at__gte=scope.span.start,
        filed_at__lt=scope.span.end,
        enterprise__in={place.enterprise_id for place in scope.places.values()},
    )  # fmt: skip
    if asked.get("closed"):
        found = found.filter(closed_at__isnull=asked["closed"] != "yes")
    return found.select_related("enterprise", "matter")


def samples(viewer: Viewer, scope: Scope, asked: Asked) -> QuerySet[Sample]:
    found: QuerySet[Sample] = within(Sample, "ordered_at")(viewer, scope, asked)
    if asked.get("trigger"):
        found = found.filter(trigger=asked["trigger"])
    if asked.get("taken"):
        found = found.filter(sampled_at__isnull=False)
    if asked.get("analysed"):
        found = found.filter(reported_at__isnull=False)
    return found


def marks(viewer: Viewer, scope: Scope, asked: Asked) -> QuerySet[Mark]:
    found: QuerySet[Mark] = within(Mark, "started_at", withdrawn_at=None)(viewer, scope, asked)
    return found.filter(accepted=False) if asked.get("accepted") == "no" else found


def gaps(viewer: Viewer, scope: Scope, asked: Asked) -> QuerySet[Gap]:
    found: QuerySet[Gap] = within(Gap, "start")(viewer, scope, asked)
    return found.filter(state=asked["state"]) if asked.get("state") else found
