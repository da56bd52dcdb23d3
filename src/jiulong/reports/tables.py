"""The tables that accounts count, with their columns and filters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from jiulong.monitoring.words import factor_name
from jiulong.organisation.rules import Viewer
from jiulong.pages import lights
from jiulong.pages.columns import Column, as_clock, as_light, as_number
from jiulong.reports.drill import (
    Asked,
    alarms,
    cases,
    days,
    gaps,
    marks,
    offline,
    points,
    samples,
    within,
)
from jiulong.reports.scope import Scope
from jiulong.reports.sections.data import REASONS
from jiulong.upkeep.models import FaultReport, MaintenanceRecord, QcTest
from jiulong.validity.models import DayStatistic


def _factor(row: Any) -> str:
    return factor_name(row.factor)


POINT = Column(
    name="point", label=_("Point"), value="point.name", opens=True, sort=("point__code",)
)
ENTERPRISE = Column(
    name="enterprise", label=_("Enterprise"), value="point.outfall.enterprise.name",
    sort=("point__outfall__enterprise__name",),
)  # fmt: skip
FACTOR = Column(name="factor", label=_("Factor"), value=_factor, sort=("factor__code",))


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


def _reasons(row: DayStatistic) -> str:
    return ", ".join(str(REASONS.get(reason, reason)) for reason in row.reasons)


def _hours(row: DayStatistic) -> str:
    return f"{row.n_valid} / {row.n_expected}"


def _passed(row: QcTest) -> str:
    return "met" if row.passed else "over"


def _counts(row: DayStatistic) -> SafeString:
    word = pgettext("account", "Effective") if row.valid else pgettext("account", "Not effective")
    return lights.light("met" if row.valid else "none", word)


KINDS: Final[Mapping[str, Kind]] = {
    "days": Kind(
        _("Daily means"),
        (
            Column(name="on", label=pgettext_lazy("account", "Day"), sort=("on",), short=True),
            POINT,
            ENTERPRISE,
            FACTOR,
            Column(
                name="valid",
                label=pgettext_lazy("account", "Effective"),
                value=_counts,
            ),
            Column(
                name="mean",
                label=pgettext_lazy("account", "Mean"),
                numeric=True,
                show=as_number(digits=4),
                sort=("mean",),
            ),
            Column(name="maximum", label=_("Limit"), numeric=True, show=as_number()),
            Column(name="hours", label=_("Valid hours"), value=_hours, numeric=True),
            Column(
                name="load_kg",
                label=_("Load (kg)"),
                numeric=True,
                show=as_number(digits=2),
                sort=("load_kg",),
                on_phone=False,
            ),
            Column(
                name="reasons",
                label=pgettext_lazy("account", "Reasons"),
                value=_reasons,
                on_phone=False,
            ),
        ),
        "-on",
        days,
        ("point", "enterprise", "factor", "valid", "over", "special", "reason"),
    ),
    "points": Kind(
        _("Points"),
        (
            Column(name="point", label=_("Point"), value="name", opens=True, sort=("code",)),
            Column(
                name="enterprise",
                label=_("Enterprise"),
                value="outfall.enterprise.name",
                sort=("outfall__enterprise__name",),
            ),
            Column(
                name="position",
                label=pgettext_lazy("account", "Position"),
                value="get_position_display",
            ),
            Column(
                name="street", label=_("Street or town"), value="outfall.enterprise.street.name"
            ),
            Column(name="operator", label=_("Operating firm"), value="operator.name"),
        ),
        "point",
        points,
    ),
    "offline": Kind(
        _("Interruptions"),
        (
            POINT,
            ENTERPRISE,
            _when("started_at", pgettext_lazy("account", "From")),
            _when("ended_at", pgettext_lazy("account", "To")),
        ),
        "-started_at",
        offline,
        ("point", "enterprise"),
    ),
    "alarms": Kind(
        _("Alarms"),
        (
            Column(name="severity", label=_("Severity"), show=as_light, short=True),
            Column(name="kind", label=pgettext_lazy("account", "Class"), sort=("kind",)),
            Column(
                name="outfall", label=_("Outfall"), value="outfall.name", sort=("outfall__code",)
            ),
            Column(name="enterprise", label=_("Enterprise"), value="outfall.enterprise.name"),
            _when("started_at", pgettext_lazy("account", "From")),
            _when("ended_at", pgettext_lazy("account", "To")),
        ),
        "-started_at",
        alarms,
        ("kind",),
    ),
    "cases": Kind(
        _("Cases"),
        (
            Column(name="number", label=_("Number"), opens=True, sort=("number",)),
            Column(name="title", label=pgettext_lazy("account", "Title")),
            Column(name="enterprise", label=_("Enterprise"), value="enterprise.name"),
            _when("filed_at", pgettext_lazy("when", "Reported")),
            _when("closed_at", pgettext_lazy("account", "Closed")),
        ),
        "-filed_at",
        cases,
        ("closed",),
    ),
    "samples": Kind(
        _("Samples"),
        (
            Column(name="number", label=_("Number"), sort=("number",)),
            POINT,
            ENTERPRISE,
            Column(
                name="trigger", label=pgettext_lazy("account", "Cause"), value="get_trigger_display"
            ),
            Column(name="state", label=_("State"), value="get_state_display"),
            _when("ordered_at", pgettext_lazy("a sample", "Ordered")),
            _when("sampled_at", pgettext_lazy("a sample", "Taken")),
        ),
        "-ordered_at",
        samples,
        ("point", "enterprise", "trigger", "taken", "analysed"),
    ),
    "checks": Kind(
        _("Checks of instruments"),
        (
            POINT,
            ENTERPRISE,
            FACTOR,
            Column(name="kind", label=pgettext_lazy("account", "Check"), value="get_kind_display"),
            Column(
                name="passed",
                label=pgettext_lazy("account", "Passed"),
                value=_passed,
                show=as_light,
            ),
            _when("at", pgettext_lazy("account", "At")),
        ),
        "-at",
        within(QcTest, "at", withdrawn_at=None),
        ("point", "enterprise"),
    ),
    "records": Kind(
        _("Maintenance records"),
        (
            POINT,
            ENTERPRISE,
            Column(name="form", label=pgettext_lazy("account", "Form")),
            Column(name="by_name", label=_("By")),
            _when("at", pgettext_lazy("account", "At")),
        ),
        "-at",
        within(MaintenanceRecord, "at", withdrawn_at=None),
        ("point", "enterprise"),
    ),
    "faults": Kind(
        pgettext_lazy("account", "Faults"),
        (
            POINT,
            ENTERPRISE,
            Column(name="description", label=pgettext_lazy("account", "Description"), wide=True),
            _when("began_at", pgettext_lazy("account", "From")),
            _when("restored_at", pgettext_lazy("account", "To")),
        ),
        "-began_at",
        within(FaultReport, "began_at", withdrawn_at=None),
        ("point", "enterprise"),
    ),
    "marks": Kind(
        _("Marks"),
        (
            POINT,
            ENTERPRISE,
            Column(name="kind", label=_("Kind")),
            Column(name="explanation", label=pgettext_lazy("account", "Explanation"), wide=True),
            _when("started_at", pgettext_lazy("account", "From")),
            _when("ended_at", pgettext_lazy("account", "To")),
        ),
        "-started_at",
        marks,
        ("point", "enterprise", "accepted"),
    ),
    "gaps": Kind(
        _("Gaps"),
        (
            POINT,
            ENTERPRISE,
            Column(
                name="period", label=pgettext_lazy("account", "Data"), value="get_period_display"
            ),
            Column(name="state", label=_("State"), value="get_state_display"),
            Column(name="left", label=_("Readings missing"), numeric=True, sort=("left",)),
            _when("start", pgettext_lazy("account", "From")),
            _when("end", pgettext_lazy("account", "To")),
        ),
        "-start",
        gaps,
        ("point", "enterprise", "state"),
    ),
}
