"""Parameters of analysers: filed against reported, the history beside the data, filings."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from jiulong.monitoring.models import Factor, Limit, Point
from jiulong.monitoring.words import as_point, factor_name, point_title
from jiulong.organisation.rules import Viewer, may, require
from jiulong.pages.columns import Column, as_clock
from jiulong.pages.filters import Choice
from jiulong.pages.lists import Asked, Empty, ListPage, Preset
from jiulong.plant import actions, asking, queries
from jiulong.plant.forms import FilingForm, ReviewForm
from jiulong.plant.models import ParameterFiling
from jiulong.plant.views.common import point_of
from jiulong.plant.words import filing_light, told

State = ParameterFiling.State
CHANGES = 100


class FilingList(ListPage):
    """Filed parameters over all points, those that wait for review first."""

    title = _("Parameter filings")
    lead = _("What analysers are set to. What they report is held against what was confirmed.")
    file_name = "parameters"
    order = "-filed"
    search_hint = _("Point, enterprise or code")
    columns = (
        Column(name="state", label=_("State"), value=lambda row: row, show=filing_light,
               sort=("state",), export=lambda row: row.get_state_display(), short=True),
        Column(name="point", label=_("Point"), value="point", show=as_point, export=point_title,
               opens=True, sort=("point__outfall__enterprise__name", "point__code")),
        Column(name="factor", label=_("Factor"), value=lambda row: factor_name(row.factor)),
        Column(name="values", label=_("Parameters"), value=told, wide=True),
        Column(name="valid", label=_("Holds from"), value="valid_from", show=as_clock,
               sort=("valid_from",), short=True),
        Column(name="by", label=_("Filed by"), value="filed_by", on_phone=False),
        Column(name="filed", label=_("Filed"), value="filed_at", show=as_clock,
               sort=("filed_at", "id"), short=True),
        Column(name="reviewed", label=_("Reviewed by"), value="reviewed_by", on_phone=False),
    )  # fmt: skip
    filters = (Choice(name="state", label=_("State"), choices=State.choices),)
    presets = (
        Preset(label=_("All filings")),
        Preset(label=_("Waiting for review"), query={"state": "filed"}),
    )
    empty = Empty(
        title=_("Nothing was filed yet"),
        text=_("Enterprises and operating firms file the parameters of their analysers."),
        icon="adjustments",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[ParameterFiling]:
        return queries.filings(viewer, text=asked.search, state=asked.filters["state"] or "")

    def row_address(self, row: ParameterFiling) -> str:
        return reverse("plant:parameters", args=[row.point.code])


def parameter_page(request: HttpRequest, code: str) -> HttpResponse:
    """A point's analysers: filed and reported side by side, and every change of either."""
    point = point_of(request, code)
    filings = list(queries.filings(request.user, point=point))
    context = {
        "point": point,
        "analysers": queries.parameters(request.user, point),
        "changes": queries.changes(request.user, point)[:CHANGES],
        "filings": filings,
        "waiting": sum(filing.state == State.FILED for filing in filings),
        "may_file": may(request.user, "file_parameters"),
        "may_review": may(request.user, "review_marks"),
    }
    return render(request, "plant/parameters.html", context)


def file_page(request: HttpRequest, code: str) -> HttpResponse:
    """Hand in what an analyser's parameters are, from when on."""
    require(request.user, "file_parameters")
    point = point_of(request, code)
    form = FilingForm(
        _factors(point),
        request.POST if request.method == "POST" else None,
        initial={
            "factor": request.GET.get("factor", ""),
            "valid_from": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        },
    )
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("factor", "valid_from", "reason")}
        try:
            actions.file_parameters(actor=request.user, point=point, values=form.values, **given)
        except ValidationError as error:
            form.blame(error)
        else:
            return redirect("plant:parameters", code=point.code)
    context = {"form": form, "point": point}
    return render(request, "plant/file.html", context, status=422 if form.errors else 200)


def _factors(point: Point) -> list[Factor]:
    """The analysers of a point; of one that has not measured yet, what is limited there."""
    found = asking.analysers({point.pk}).get(point.pk, [])
    if found:
        return found
    limited = Limit.objects.filter(point=point).values("factor")
    return list(Factor.objects.filter(pk__in=limited).exclude(code__in=asking.NO_ANALYSER))


@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a filing, or reject it with a word why."""
    require(request.user, "review_marks")
    try:
        filing = queries.filing(request.user, pk)
    except ParameterFiling.DoesNotExist as error:
        raise Http404(str(pk)) from error
    form = ReviewForm(request.POST)
    if form.is_valid():
        confirm = form.cleaned_data["confirm"] == "yes"
        try:
            actions.review_filing(
                actor=request.user, filing=filing, confirm=confirm, note=form.cleaned_data["note"]
            )
        except ValidationError as error:
            messages.error(request, error.messages[0])
    else:
        messages.error(request, _t("Confirm it or reject it."))
    return redirect("plant:parameters", code=filing.point.code)
