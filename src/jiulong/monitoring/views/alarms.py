"""Alarms: one event at one outfall each, as a list and one by one."""

from __future__ import annotations

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

from jiulong.monitoring import actions, queries
from jiulong.monitoring.catalogue import Catalogue
from jiulong.monitoring.forms import AcknowledgeForm
from jiulong.monitoring.judgements import rules
from jiulong.monitoring.models import Alarm, Severity
from jiulong.monitoring.rulebook import kind_name, kinds
from jiulong.monitoring.views.spans import midnight
from jiulong.monitoring.words import place_name
from jiulong.organisation.rules import Viewer, require
from jiulong.pages import lights
from jiulong.pages.columns import Column, as_clock, as_light
from jiulong.pages.filters import Choice, Day, Options
from jiulong.pages.lists import Asked, Empty, ListPage, Preset

STATES: Options = [
    ("live", _("Open or quiet")), *Alarm.State.choices,
]  # fmt: skip
TONES = {"open": "near", "quiet": "told", "closed": "met", "merged": "none", "withdrawn": "none"}


def kind_choices(viewer: Viewer) -> Options:  # noqa: ARG001 - classes are no secret
    return [(kind, f"{kind} {name}") for kind, name in kinds().items()]


def state_light(alarm: Alarm) -> Any:
    """The state with its tone; an open alarm is amber, one that fell quiet is told."""
    return lights.light(TONES[alarm.state], alarm.get_state_display())


def as_outfall(alarm: Alarm) -> str:
    """Whose outfall and which."""
    return f"{alarm.outfall.enterprise.name} {place_name(alarm.outfall)}"


class AlarmList(ListPage):
    """Events, newest first."""

    title = _("Alarms")
    lead = _("Findings of one outfall and family without a pause are one alarm.")
    file_name = "alarms"
    search_hint = _("Enterprise or outfall")
    order = "-started"
    live = ("findings",)
    columns = (
        Column(name="severity", label=_("Severity"), show=as_light, sort=("rank", "started_at"),
               short=True),
        Column(name="kind", label=_("Class"),
               value=lambda row: f"{row.kind} {kind_name(row.kind)}", opens=True,
               sort=("kind", "started_at")),
        Column(name="outfall", label=_("Outfall"), value=as_outfall,
               sort=("outfall__enterprise__name", "outfall__code"), wide=True),
        Column(name="count", label=_("Findings"), numeric=True),
        Column(name="state", label=_("State"), value=lambda row: row, show=state_light,
               export=lambda row: str(row.get_state_display()), short=True),
        Column(name="started", label=_("From"), value="started_at", show=as_clock,
               sort=("started_at", "id"), short=True),
        Column(name="ended", label=_("Until"), value="ended_at", short=True, show=as_clock,
               sort=("ended_at",)),
        Column(name="respond", label=_("Answer by"), value="respond_by", show=as_clock,
               sort=("respond_by", "id"), short=True),
        Column(name="acknowledged", label=_("Acknowledged"), value="acknowledged_by",
               on_phone=False),
    )  # fmt: skip
    filters = (
        Choice(name="kind", label=_("Class"), choices=kind_choices),
        Choice(name="family", label=_("Family"), choices=Alarm.Family.choices),
        Choice(name="severity", label=_("Severity"), choices=Severity.choices),
        Choice(name="state", label=_("State"), choices=STATES),
        Choice(name="acknowledged", label=_("Acknowledged"),
               choices=[("yes", _("Acknowledged")), ("no", _("Not acknowledged"))]),
        Day(name="since", label=_("From day")),
        Day(name="until", label=_("Until day")),
    )  # fmt: skip
    presets = (
        Preset(label=_("All")),
        Preset(label=_("Open or quiet"), query={"state": "live"}),
        Preset(label=pgettext_lazy("alarms", "Over the limit"),
               query={"family": "limit", "state": "live"}),
        Preset(label=_("Not acknowledged"), query={"acknowledged": "no", "state": "live"}),
    )  # fmt: skip
    empty = Empty(
        title=_("No alarms"),
        text=_("When the judge finds something at an outfall, it appears here as one event."),
        icon="shield-check",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Alarm]:
        named = {
            name: asked.filters[name] or "" for name in ("kind", "family", "severity", "state")
        }
        acknowledged = asked.filters["acknowledged"]
        since, until = asked.filters["since"], asked.filters["until"]
        return queries.alarms(
            viewer,
            q=asked.search,
            acknowledged=None if not acknowledged else acknowledged == "yes",
            since=midnight(since) if since else None,
            until=midnight(until, end_of_day=True) if until else None,
            **named,
        )

    def row_address(self, row: Alarm) -> str:
        return reverse("monitoring:alarm", args=[row.pk])


def alarm_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One alarm: what, where, its clocks, and the findings it is made of."""
    return _page(request, _alarm(request, pk), AcknowledgeForm())


def _page(
    request: HttpRequest, alarm: Alarm, form: AcknowledgeForm, status: int = 200
) -> HttpResponse:
    findings = queries.findings_of(request.user, alarm)
    over = queries.days_over(findings)
    catalogue, known = Catalogue.read(), rules()
    context = {
        "alarm": alarm,
        "state": state_light(alarm),
        "kind": kind_name(alarm.kind),
        "findings": [(finding, over.get(finding.pk)) for finding in findings],
        "asked": [
            (known[code].kind, known[code].name, catalogue.at(code, alarm.raised_at))
            for code in alarm.rules
            if code in known
        ],
        "form": form,
        "cases": queries.alarm_case(request.user, alarm),
        "now": timezone.now(),
        "may_acknowledge": queries.acknowledgeable_alarm(request.user, alarm),
    }
    return render(request, "monitoring/alarm.html", context, status=status)


@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that somebody has seen the alarm, and what they say to it."""
    alarm = _alarm(request, pk)
    require(request.user, "keep_duty")
    form = AcknowledgeForm(request.POST)
    if not form.is_valid():
        return _page(request, alarm, form, status=422)
    try:
        actions.acknowledge_alarm(actor=request.user, alarm=alarm, **form.cleaned_data)
    except actions.AlreadyAcknowledgedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _t("Acknowledged."))
    return redirect("monitoring:alarm", pk=pk)


def _alarm(request: HttpRequest, pk: int) -> Alarm:
    try:
        return queries.alarm(request.user, pk)
    except Alarm.DoesNotExist as error:
        raise Http404(str(pk)) from error
