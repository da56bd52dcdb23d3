"""Faults of stations with their two clocks, and the manual data meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from jiulong.evidence import queries as evidence
from jiulong.monitoring.words import as_point, point_title
from jiulong.organisation.rules import Viewer, require
from jiulong.pages import lights
from jiulong.pages.columns import Column, as_clock
from jiulong.pages.filters import Choice
from jiulong.pages.lists import Asked, Empty, Preset
from jiulong.pages.words import until
from jiulong.upkeep import actions, queries, words
from jiulong.upkeep.forms import RestoreForm
from jiulong.upkeep.models import FaultReport
from jiulong.upkeep.views.acting import FORM_ERROR, do, done, find
from jiulong.upkeep.views.switches import UpkeepList

STANDING = (
    ("open", pgettext_lazy("a fault", "Open")),
    ("over", pgettext_lazy("a fault", "Restored")),
)
MANUAL_BEFORE = timedelta(days=2)


def fault_light(fault: FaultReport) -> Any:
    """Open, overdue or restored, in time or not."""
    if fault.restored_at is not None:
        if fault.restored_at <= fault.restore_by:
            return lights.light("met", STANDING[1][1])
        return lights.light("told", _("Restored late"))
    if timezone.now() > fault.restore_by:
        return lights.light("over", _("Restoring is overdue"))
    return lights.light("near", STANDING[0][1])


class FaultList(UpkeepList):
    """Faults of the stations that the viewer sees."""

    title = _("Faults of stations")
    lead = _(
        "To be reported within 12 hours and restored within 5 working days; meanwhile water is "
        "sampled by hand at least 4 times a day."
    )
    file_name = "faults"
    search_hint = _("Enterprise, point or operating firm")
    order = "-began"
    columns = (
        Column(name="state", label=_("State"), value=lambda row: row, show=fault_light, short=True,
               export=lambda row: "over" if row.restored_at else "open"),
        Column(name="point", label=_("Point"), show=as_point, export=point_title, opens=True),
        Column(name="description", label=_("What broke"), wide=True),
        Column(name="began", label=_("From"), value="began_at", show=as_clock,
               sort=("began_at",), short=True),
        Column(name="entered", label=_("Reported"), value="entered_at", show=as_clock, short=True),
        Column(name="late", label=_("In time"), short=True,
               show=lambda late: lights.light("near", _("Late")) if late
               else lights.light("met", _("In time"))),
        Column(name="restore_by", label=_("To be restored by"), show=as_clock,
               sort=("restore_by",), short=True),
        Column(name="restored", label=_("Restored"), value="restored_at", show=as_clock,
               short=True),
    )  # fmt: skip
    filters = (Choice(name="standing", label=_("State"), choices=STANDING),)
    presets = (
        Preset(label=_("All")),
        Preset(label=STANDING[0][1], query={"standing": "open"}),
    )
    empty = Empty(
        title=_("No faults"),
        text=_("What enterprises and operating firms report appears here."),
        icon="check",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[FaultReport]:
        return queries.faults(viewer, q=asked.search, standing=asked.filters["standing"] or "")

    def row_address(self, row: FaultReport) -> str:
        return reverse("upkeep:fault", args=[row.pk])


def fault_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One fault: its clocks, the manual data meanwhile, and reporting it as restored."""
    return _page(request, find(FaultReport, request.user, pk))


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the station measures again."""
    require(request.user, "mark_data")
    fault = find(FaultReport, request.user, pk)
    form = RestoreForm(request.POST)
    if not form.is_valid():
        return _page(request, fault, form, FORM_ERROR)
    given = form.cleaned_data
    status = do(form, lambda: actions.restore_fault(actor=request.user, fault=fault, **given))
    if status != 200:
        return _page(request, fault, form, status)
    return done(request, reverse("upkeep:fault", args=[pk]), _t("The fault is over."))


def _page(
    request: HttpRequest, fault: FaultReport, form: RestoreForm | None = None, status: int = 200
) -> HttpResponse:
    own = queries.own_points(request.user).filter(pk=fault.point_id).exists()
    if form is None and own and fault.restored_at is None:
        form = RestoreForm(initial={"restored_at": timezone.localtime()})
    end = fault.restored_at or timezone.now()
    known = {factor.pk: factor for factor in queries.factors_named(fault.factors)}
    context = {
        "fault": fault,
        "point": fault.point,
        "light": fault_light(fault),
        "left": until(fault.restore_by),
        "about": words.factor_names(fault.factors, known),
        "files": evidence.files_of(request.user, "upkeep.faultreport", fault.pk),
        "manual": queries.manual_data(
            request.user, start=fault.began_at, end=end + MANUAL_BEFORE, point=fault.point.code
        ).order_by("-sampled_at", "factor__code")[:200],
        "form": form,
        "own": own,
    }
    return render(request, "upkeep/fault.html", context, status=status)
