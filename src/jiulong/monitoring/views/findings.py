"""Findings: what is wrong, as a list and one by one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from jiulong.cases import queries as cases
from jiulong.monitoring import actions, casework, queries
from jiulong.monitoring.facts import contradictions, facts
from jiulong.monitoring.forms import AcknowledgeForm
from jiulong.monitoring.judgements import rules
from jiulong.monitoring.models import Finding
from jiulong.monitoring.views.spans import midnight
from jiulong.monitoring.words import as_point, factor_name, point_title
from jiulong.organisation.rules import Viewer, require
from jiulong.pages.columns import Column, as_clock, as_code, as_light, as_number
from jiulong.pages.filters import Choice, Day, Options
from jiulong.pages.lists import Asked, Empty, ListPage, Preset

MEANINGS = {code: rule.meaning for code, rule in rules().items()}
KINDS = {code: rule.kind for code, rule in rules().items()}
RULE_NAMES = {code: rule.name for code, rule in rules().items()}
#: How much of the course around a finding its page shows.
BEFORE, AFTER = timedelta(hours=12), timedelta(hours=6)


def rule_choices(viewer: Viewer) -> Options:  # noqa: ARG001 - rules are no secret
    return list(RULE_NAMES.items())


def rule_name(code: str) -> Any:
    """The rule's name; findings of a rule that is gone keep its code."""
    return RULE_NAMES.get(code, code)


class FindingList(ListPage):
    """What the judge found, newest first."""

    title = _("Findings")
    file_name = "findings"
    search_hint = _("Enterprise, outfall or factor")
    order = "-started"
    live = ("findings",)
    columns = (
        Column(name="severity", label=_("Severity"), show=as_light, sort=("rank", "started_at"),
               short=True),
        Column(name="kind", label=_("Class"), value=lambda row: KINDS.get(row.rule, ""),
               show=as_code, short=True, on_phone=False),
        Column(name="rule", label=_("Rule"), value=lambda row: rule_name(row.rule), opens=True,
               sort=("rule", "started_at")),
        Column(name="point", label=_("Point"), value=lambda row: row.point,
               show=as_point, export=point_title,
               sort=("point__outfall__enterprise__name", "point__code"), wide=True),
        Column(name="factor", label=_("Factor"),
               value=lambda row: factor_name(row.factor) if row.factor else None),
        Column(name="value", label=_("Worst value"), show=as_number(), numeric=True),
        Column(name="limit", label=_("Limit"), value="limit_value", show=as_number(),
               numeric=True),
        Column(name="multiple", label=_("Multiple over"), show=as_number(digits=2), numeric=True,
               sort=("multiple", "started_at")),
        Column(name="started", label=_("From"), value="started_at", show=as_clock,
               sort=("started_at", "id"), short=True),
        Column(name="ended", label=_("Until"), value="ended_at", short=True,
               show=lambda at: as_clock(at) if at else as_light("open"), sort=("ended_at",)),
        Column(name="acknowledged", label=_("Acknowledged"), value="acknowledged_by",
               on_phone=False),
    )  # fmt: skip
    filters = (
        Choice(name="rule", label=_("Rule"), choices=rule_choices),
        Choice(name="severity", label=_("Severity"), choices=Finding.Severity.choices),
        Choice(name="standing", label=_("Standing"),
               choices=[("open", _("Still holds")), ("ended", _("Ended")),
                        ("withdrawn", pgettext_lazy("of a finding", "Withdrawn"))]),
        Choice(name="acknowledged", label=_("Acknowledged"),
               choices=[("yes", _("Acknowledged")), ("no", _("Not acknowledged"))]),
        Day(name="since", label=_("From day")),
        Day(name="until", label=_("Until day")),
    )  # fmt: skip
    presets = (
        Preset(label=_("All findings")),
        Preset(label=_("Still holding"), query={"standing": "open"}),
        Preset(label=_("Exceedances"), query={"rule": "hour_exceedance"}),
        Preset(label=_("Offline"), query={"rule": "offline", "standing": "open"}),
    )
    empty = Empty(
        title=_("Nothing found"),
        text=_("The judge reads every new reading; what breaks a rule appears here."),
        icon="shield-check",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Finding]:
        acknowledged = asked.filters["acknowledged"]
        since, until = asked.filters["since"], asked.filters["until"]
        return queries.findings(
            viewer,
            q=asked.search,
            rule=asked.filters["rule"] or "",
            severity=asked.filters["severity"] or "",
            standing=asked.filters["standing"] or "",
            acknowledged=None if not acknowledged else acknowledged == "yes",
            since=midnight(since) if since else None,
            until=midnight(until, end_of_day=True) if until else None,
        )

    def row_address(self, row: Finding) -> str:
        return reverse("monitoring:finding", args=[row.pk])


def finding_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: what, where, how bad, from when to when, and the evidence."""
    return _page(request, _finding(request, pk), AcknowledgeForm())


def _page(
    request: HttpRequest, finding: Finding, form: AcknowledgeForm, status: int = 200
) -> HttpResponse:
    start = finding.started_at - BEFORE
    end = min((finding.ended_at or timezone.now()) + AFTER, timezone.now())
    chart = None
    if finding.factor:
        chart = {
            "factor": finding.factor.code,
            "name": factor_name(finding.factor),
            "flow": "",
            "start": start.isoformat(),
            "end": end.isoformat(),
            "period": "",
            "live": False,
        }
    context = {
        "finding": finding,
        "rule": rule_name(finding.rule),
        "meaning": MEANINGS.get(finding.rule, ""),
        "facts": facts(finding),
        "contradictions": contradictions(finding),
        "form": form,
        "factor": factor_name(finding.factor) if finding.factor else "",
        "chart": chart,
        "point": finding.point,
        "cause": cause_of(finding),
        "over_days": queries.days_over([finding]).get(finding.pk),
        "now": timezone.now(),
        "cases": cases.about_finding(request.user, casework.NAME, finding.pk),
        "may_acknowledge": queries.acknowledgeable(request.user, finding),
    }
    return render(request, "monitoring/finding.html", context, status=status)


#: Why findings are withdrawn, where it is a code.
CAUSES = {
    "later_data": _("Data that came later show another course."),
    "computed_anew": _("The day was computed anew."),
    "rejudged": _("History was judged again."),
}


def cause_of(finding: Finding) -> Any:
    """Why a finding does not stand any more."""
    return CAUSES.get(finding.withdrawn_cause, finding.withdrawn_cause)


@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that somebody has seen the finding, and what they say to it."""
    finding = _finding(request, pk)
    require(request.user, "acknowledge_finding")
    form = AcknowledgeForm(request.POST)
    if not form.is_valid():
        return _page(request, finding, form, status=422)
    try:
        actions.acknowledge_finding(actor=request.user, finding=finding, **form.cleaned_data)
    except actions.AlreadyAcknowledgedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _t("Acknowledged."))
    return redirect("monitoring:finding", pk=pk)


def _finding(request: HttpRequest, pk: int) -> Finding:
    try:
        return queries.finding(request.user, pk)
    except Finding.DoesNotExist as error:
        raise Http404(str(pk)) from error
