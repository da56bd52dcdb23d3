"""Sections of the rivers: their class, and the outfalls upstream with their loads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from jiulong.monitoring.models import Factor
from jiulong.monitoring.words import factor_name
from jiulong.organisation.rules import Viewer, may, require
from jiulong.pages.columns import Column, as_number
from jiulong.pages.lights import light
from jiulong.pages.lists import Action, Asked, Empty, ListPage
from jiulong.plant import actions, queries
from jiulong.plant.forms import MeasurementForm, PlaceForm, SectionForm
from jiulong.plant.models import RiverSection, WaterClass
from jiulong.plant.queries import SectionNow


def as_grade(row: SectionNow) -> Any:
    """The class of a section with its light."""
    if row.verdict is None:
        return light("none")
    return light(row.light, WaterClass(row.verdict.grade).label)


def _worst(row: SectionNow) -> str:
    """What misses the target, in words."""
    if row.verdict is None:
        return ""
    over = row.verdict.over(row.section.target)
    names = {one.code: factor_name(one) for one in
             Factor.objects.filter(code__in=[one.code for one in over])}  # fmt: skip
    return "，".join(names.get(one.code, one.code) for one in over)


class SectionList(ListPage):
    """Sections down the rivers with their water class and the outfalls upstream."""

    title = _("River sections")
    lead = _("Water class by GB 3838-2002, single-factor method, beside the outfalls upstream.")
    file_name = "sections"
    order = "place"
    columns = (
        Column(name="grade", label=_("Water class"), value=lambda row: row, show=as_grade,
               short=True, sort=("verdict.grade",),
               export=lambda row: row.verdict and str(WaterClass(row.verdict.grade).label)),
        Column(name="place", label=_("River section"), value=lambda row: str(row.section),
               opens=True, sort=("section.river.name", "section.km")),
        Column(name="target", label=_("Target"), value="section.get_target_display",
               sort=("section.target",), short=True),
        Column(name="km", label=_("km"), value="section.km", show=as_number(), numeric=True,
               on_phone=False),
        Column(name="worst", label=_("Misses it by"), value=_worst, wide=True),
        Column(name="on", label=_("Measured"), value=lambda row: row.measurement and
               row.measurement.on.isoformat(), short=True),
        Column(name="outfalls", label=_("Outfalls upstream"), numeric=True,
               value=lambda row: len(row.outfalls)),
    )  # fmt: skip
    empty = Empty(
        title=_("No section yet"),
        text=_("Sections come with the district's packs or from its administrator."),
        icon="ripple",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> Sequence[SectionNow]:  # noqa: ARG002
        return queries.sections(viewer)

    def actions(self, viewer: Viewer) -> Sequence[Action]:
        if not may(viewer, "edit_point"):
            return ()
        new = reverse("plant:section_new")
        return (Action(label=_("Enter a section"), address=new, icon="plus", primary=True),)

    def row_address(self, row: SectionNow) -> str:
        return reverse("plant:section", args=[row.section.code])


def section_form(request: HttpRequest, code: str = "") -> HttpResponse:
    """Enter a section of a river, or change one."""
    require(request.user, "edit_point")
    section = RiverSection.objects.select_related("river").filter(code=code).first()
    if code and section is None:
        raise Http404(code)
    initial: dict[str, Any] = {}
    if section is not None:
        initial = {name: getattr(section, name) for name in SectionForm.base_fields
                   if hasattr(section, name)}  # fmt: skip
        initial |= {"river": section.river.code, "river_name": section.river.name}
    form = SectionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.set_section(actor=request.user, **form.section())
        except ValidationError as error:
            form.blame(error)
        else:
            return redirect("plant:section", code=made.code)
    context = {"form": form, "section": section}
    return render(request, "plant/section_form.html", context, status=422 if form.errors else 200)


@require_POST
def place(request: HttpRequest, code: str) -> HttpResponse:
    """Say where along the section's river an outfall lies."""
    require(request.user, "edit_point")
    try:
        found = queries.section(request.user, code)
    except RiverSection.DoesNotExist as error:
        raise Http404(code) from error
    form = PlaceForm(request.POST)
    if form.is_valid():
        actions.place_outfall(actor=request.user, river=found.section.river, **form.cleaned_data)
    else:
        messages.error(request, _t("Choose an outfall and say at which kilometre it lies."))
    return redirect("plant:section", code=code)


def section_page(request: HttpRequest, code: str) -> HttpResponse:
    """One section: its class by factor, its measurements, the outfalls upstream with loads."""
    try:
        found = queries.section(request.user, code)
    except RiverSection.DoesNotExist as error:
        raise Http404(code) from error
    form = MeasurementForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(request.user, "keep_duty")
        if form.is_valid() and _entered(request, found.section, form):
            return redirect("plant:section", code=code)
    year = timezone.localdate().year
    loads = queries.loads([place.outfall_id for place in found.outfalls], year)
    factors = list(Factor.objects.filter(code__in=queries.LOADED).order_by("code"))
    measured = found.section.measurements.all()[: queries.MEASUREMENTS]
    context = {
        "found": found,
        "grade": as_grade(found),
        "judged": _judged(found),
        "year": year,
        "factors": factors,
        "outfalls": [
            (place, [loads.get(place.outfall_id, {}).get(factor.code) for factor in factors])
            for place in found.outfalls
        ],
        "measured": [(one, queries.verdict_of(one, found.section.target)) for one in measured],
        "form": form,
        "may_edit": may(request.user, "edit_point"),
        "place_form": PlaceForm() if may(request.user, "edit_point") else None,
        "may_enter": may(request.user, "keep_duty"),
    }
    return render(request, "plant/section.html", context, status=422 if form.errors else 200)


def _entered(request: HttpRequest, section: RiverSection, form: MeasurementForm) -> bool:
    try:
        actions.enter_measurement(
            actor=request.user, section=section, on=form.cleaned_data["on"], values=form.values,
            source=form.cleaned_data["source"],
        )  # fmt: skip
    except ValidationError as error:
        form.blame(error)
        return False
    return True


def _judged(found: SectionNow) -> list[dict[str, Any]]:
    """Every factor of the last measurement with its own class."""
    if found.verdict is None:
        return []
    names = {one.code: one for one in Factor.objects.filter(
        code__in=[one.code for one in found.verdict.factors])}  # fmt: skip
    return [
        {
            "factor": names.get(one.code),
            "code": one.code,
            "value": one.value,
            "limit": one.limit,
            "times": one.times,
            "grade": WaterClass(one.grade).label,
            "light": "met" if one.grade <= found.section.target else "over",
        }
        for one in found.verdict.factors
    ]
