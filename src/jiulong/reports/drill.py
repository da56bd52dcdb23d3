"""From a number of an account to its rows: one kind of rows a table, filtered as it was counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.cases.models import Case
from jiulong.cases.rules import visible
from jiulong.gaps.models import Gap
from jiulong.monitoring.models import Alarm, Finding, Limit, Point
from jiulong.monitoring.numbers import LOGARITHMIC
from jiulong.organisation.rules import Viewer
from jiulong.pages.columns import Column, as_clock, as_light, as_number
from jiulong.pages.filters import Options
from jiulong.reports.scope import Scope
from jiulong.reports.sections.alarms import SOURCE
from jiulong.reports.sections.data import REASONS
from jiulong.sampling.models import Sample
from jiulong.upkeep.models import FaultReport, MaintenanceRecord, Mark, QcTest
from jiulong.validity.models import DayStatistic

Asked = Mapping[str, Any]
YES: Final[Options] = [("yes", _("Yes"))]
YES_NO: Final[Options] = [("yes", _("Yes")), ("no", _("No"))]
SPECIAL: Final[Options] = [
    ("substituted", _("Load substituted")),
    ("revised", _("Revised later")),
    ("deviates", _("Sent mean deviates")),
]
POINT = Column(
    name="point", label=_("Point"), value="point.name", opens=True, sort=("point__code",)
)
ENTERPRISE = Column(
    name="enterprise", label=_("Enterprise"), value="point.outfall.enterprise.name",
    sort=("point__outfall__enterprise__name",),
)  # fmt: skip
FACTOR = Column(name="factor", label=_("Factor"), value="factor", sort=("factor__code",))


def _when(name: str, label: str | Promise) -> Column:
    return Column(name=name, label=label, show=as_clock, sort=(name,))


@dataclass(frozen=True)
class Kind:
    """A table that accounts count: its columns, order, filters and rows."""

    title: str | Promise
    columns: Sequence[Column]
    order: str
    rows: Callable[[Viewer, Scope, Asked], QuerySet[Any]]
    filters: Sequence[str] = ()


def _days(_viewer: Viewer, scope: Scope, asked: Asked) -> QuerySet[DayStatistic]:
    limit = Limit.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=OuterRef("on")), point=OuterRef("point"),
        factor=OuterRef("factor"), statistic=Limit.Statistic.DAY, valid_from__lte=OuterRef("on"),
    )  # fmt: skip
    found = DayStatistic.objects.filter(
        over=True, point__in=scope.effluents, on__range=(scope.span.first, scope.span.last)
    ).annotate(
        maximum=Subquery(limit.values("maximum")[:1]), minimum=Subquery(limit.values("minimum")[:1])
    )
    found = _of_point(found, asked)
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


def _of_point(found: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    if asked.get("point"):
        found = found.filter(point__code=asked["point"])
    if asked.get("enterprise"):
        found = found.filter(point__outfall__enterprise=asked["enterprise"])
    return found


def _within(model: Any, moment: str, **fixed: Any) -> Callable[[Viewer, Scope, Asked], Any]:
    """Rows of points that fall into the span by their moment."""

    def rows(_viewer: Viewer, scope: Scope, asked: Asked) -> QuerySet[Any]:
        when = {f"{moment}__gte": scope.span.start, f"{moment}__lt": scope.span.end}
        found = model.objects.filter(point__in=scope.ids, **when, **fixed)
        return _of_point(found, asked).select_related("point__outfall__enterprise")

    return rows


def _points(_viewer: Viewer, scope: Scope, _asked: Asked) -> QuerySet[Point]:
    return Point.objects.filter(pk__in=scope.ids).select_related(
        "outfall__enterprise__street", "operator"
    )


def _offline(_viewer: Viewer, scope: Scope, asked: Asked) -> QuerySet[Finding]:
    found = Finding.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=scope.span.start), rule="offline", withdrawn_at=None,
        point__in=scope.ids, started_at__lt=scope.span.end,
    )  # fmt: skip
    return _of_point(found, asked).select_related("point__outfall__enterprise")


def _alarms(_viewer: Viewer, scope: Scope, asked: Asked) -> QuerySet[Alarm]:
    found = Alarm.objects.filter(
        outfall__in={place.outfall_id for place in scope.places.values()},
        started_at__gte=scope.span.start, started_at__lt=scope.span.end,
        state__in=Alarm.STANDING,
    )  # fmt: skip
    if asked.get("kind"):
        found = found.filter(kind=asked["kind"])
    return found.select_related("outfall__enterprise")


def _cases(viewer: Viewer, scope: Scope, asked: Asked) -> QuerySet[Case]:
    found = Case.objects.filter(
        visible(viewer), source=SOURCE, filed_at__gte=scope.span.start,
        filed_at__lt=scope.span.end,
        enterprise__in={place.enterprise_id for place in scope.places.values()},
    )  # fmt: skip
    if asked.get("closed"):
        found = found.filter(closed_at__isnull=asked["closed"] != "yes")
    return found.select_related("enterprise", "matter")


def _samples(viewer: Viewer, scope: Scope, asked: Asked) -> QuerySet[Sample]:
    found: QuerySet[Sample] = _within(Sample, "ordered_at")(viewer, scope, asked)
    if asked.get("trigger"):
        found = found.filter(trigger=asked["trigger"])
    if asked.get("taken"):
        found = found.filter(sampled_at__isnull=False)
    if asked.get("analysed"):
        found = found.filter(reported_at__isnull=False)
    return found


def _marks(viewer: Viewer, scope: Scope, asked: Asked) -> QuerySet[Mark]:
    found: QuerySet[Mark] = _within(Mark, "started_at", withdrawn_at=None)(viewer, scope, asked)
    return found.filter(accepted=False) if asked.get("accepted") == "no" else found


def _gaps(viewer: Viewer, scope: Scope, asked: Asked) -> QuerySet[Gap]:
    found: QuerySet[Gap] = _within(Gap, "start")(viewer, scope, asked)
    return found.filter(state=asked["state"]) if asked.get("state") else found


def _reasons(row: DayStatistic) -> str:
    return ", ".join(str(REASONS.get(reason, reason)) for reason in row.reasons)


def _hours(row: DayStatistic) -> str:
    return f"{row.n_valid} / {row.n_expected}"


def _passed(row: QcTest) -> str:
    return "met" if row.passed else "over"


def _counts(row: DayStatistic) -> str:
    return "met" if row.valid else "invalid"


KINDS: Final[Mapping[str, Kind]] = {
    "days": Kind(
        _("Daily means"),
        (
            Column(name="on", label=_("Day"), sort=("on",), short=True),
            POINT, ENTERPRISE, FACTOR,
            Column(name="valid", label=_("Effective"), value=_counts, show=as_light),
            Column(name="mean", label=_("Mean"), numeric=True, show=as_number(digits=4),
                   sort=("mean",)),
            Column(name="maximum", label=_("Limit"), numeric=True, show=as_number()),
            Column(name="hours", label=_("Valid hours"), value=_hours, numeric=True),
            Column(name="load_kg", label=_("Load (kg)"), numeric=True, show=as_number(digits=2),
                   sort=("load_kg",), on_phone=False),
            Column(name="reasons", label=_("Reasons"), value=_reasons, on_phone=False),
        ),
        "-on", _days, ("point", "enterprise", "factor", "valid", "over", "special", "reason"),
    ),
    "points": Kind(
        _("Points"),
        (
            Column(name="point", label=_("Point"), value="name", opens=True, sort=("code",)),
            Column(name="enterprise", label=_("Enterprise"), value="outfall.enterprise.name",
                   sort=("outfall__enterprise__name",)),
            Column(name="position", label=_("Position"), value="get_position_display"),
            Column(name="street", label=_("Street or town"),
                   value="outfall.enterprise.street.name"),
            Column(name="operator", label=_("Operating firm"), value="operator.name"),
        ),
        "point", _points,
    ),
    "offline": Kind(
        _("Interruptions"),
        (POINT, ENTERPRISE, _when("started_at", _("From")), _when("ended_at", _("To"))),
        "-started_at", _offline, ("point", "enterprise"),
    ),
    "alarms": Kind(
        _("Alarms"),
        (
            Column(name="severity", label=_("Severity"), show=as_light, short=True),
            Column(name="kind", label=_("Class"), sort=("kind",)),
            Column(name="outfall", label=_("Outfall"), value="outfall.name",
                   sort=("outfall__code",)),
            Column(name="enterprise", label=_("Enterprise"), value="outfall.enterprise.name"),
            _when("started_at", _("From")), _when("ended_at", _("To")),
        ),
        "-started_at", _alarms, ("kind",),
    ),
    "cases": Kind(
        _("Cases"),
        (
            Column(name="number", label=_("Number"), opens=True, sort=("number",)),
            Column(name="title", label=_("Title")),
            Column(name="enterprise", label=_("Enterprise"), value="enterprise.name"),
            _when("filed_at", pgettext_lazy("when", "Reported")), _when("closed_at", _("Closed")),
        ),
        "-filed_at", _cases, ("closed",),
    ),
    "samples": Kind(
        _("Samples"),
        (
            Column(name="number", label=_("Number"), sort=("number",)),
            POINT, ENTERPRISE,
            Column(name="trigger", label=_("Cause"), value="get_trigger_display"),
            Column(name="state", label=_("State"), value="get_state_display"),
            _when("ordered_at", pgettext_lazy("a sample", "Ordered")),
            _when("sampled_at", pgettext_lazy("a sample", "Taken")),
        ),
        "-ordered_at", _samples, ("point", "enterprise", "trigger", "taken", "analysed"),
    ),
    "checks": Kind(
        _("Checks of instruments"),
        (
            POINT, ENTERPRISE, FACTOR,
            Column(name="kind", label=_("Check"), value="get_kind_display"),
            Column(name="passed", label=_("Passed"), value=_passed, show=as_light),
            _when("at", _("At")),
        ),
        "-at", _within(QcTest, "at", withdrawn_at=None), ("point", "enterprise"),
    ),
    "records": Kind(
        _("Maintenance records"),
        (POINT, ENTERPRISE, Column(name="form", label=_("Form")),
         Column(name="by_name", label=_("By")), _when("at", _("At"))),
        "-at", _within(MaintenanceRecord, "at", withdrawn_at=None), ("point", "enterprise"),
    ),
    "faults": Kind(
        _("Faults"),
        (POINT, ENTERPRISE, Column(name="description", label=_("Description"), wide=True),
         _when("began_at", _("From")), _when("restored_at", _("To"))),
        "-began_at", _within(FaultReport, "began_at", withdrawn_at=None), ("point", "enterprise"),
    ),
    "marks": Kind(
        _("Marks"),
        (POINT, ENTERPRISE, Column(name="kind", label=_("Kind")),
         Column(name="explanation", label=_("Explanation"), wide=True),
         _when("started_at", _("From")), _when("ended_at", _("To"))),
        "-started_at", _marks, ("point", "enterprise", "accepted"),
    ),
    "gaps": Kind(
        _("Gaps"),
        (POINT, ENTERPRISE, Column(name="period", label=_("Data"), value="get_period_display"),
         Column(name="state", label=_("State"), value="get_state_display"),
         Column(name="left", label=_("Readings missing"), numeric=True, sort=("left",)),
         _when("start", _("From")), _when("end", _("To"))),
        "-start", _gaps, ("point", "enterprise", "state"),
    ),
}  # fmt: skip
