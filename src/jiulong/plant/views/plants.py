"""The treatment plant behind a point: the way of the water, units, what they did, the station."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from jiulong.organisation.rules import may, require
from jiulong.plant import actions, drawing, queries
from jiulong.plant.diagram import laid_out
from jiulong.plant.forms import UnitForm
from jiulong.plant.models import PlantUnit
from jiulong.plant.views.common import point_of


def plant_page(request: HttpRequest, code: str) -> HttpResponse:
    """A point's treatment plant: its diagram with current values, run hours, its station."""
    point, now = point_of(request, code), timezone.now()
    units = queries.units(request.user, point)
    columns = drawing.columns(request.user, point, units)
    days, hours = queries.run_hours(request.user, point, now)
    names = {one.unit.code: one.unit.name for one in units}
    context: dict[str, Any] = {
        "point": point,
        "columns": columns,
        "drawing": laid_out(columns),
        "units": units,
        "changes": queries.unit_changes(request.user, point),
        "days": days,
        "hours": [
            (code, names.get(code, ""), [found.get(on) for on in days])
            for code, found in sorted(hours.items())
        ],
        "undescribed": queries.undescribed(request.user, point, now),
        "station": queries.station(request.user, point),
        "doors": queries.doors(request.user, point),
        "may_edit": may(request.user, "edit_point"),
    }
    return render(request, "plant/plant.html", context)


def unit_form(request: HttpRequest, code: str) -> HttpResponse:
    """Describe a unit that a point's logger reports, or change what was said of it."""
    require(request.user, "edit_point")
    point = point_of(request, code)
    given = request.GET.get("unit", "")
    unit = PlantUnit.objects.filter(point=point, code=given).first()
    initial: dict[str, Any] = {"code": given, "must_run": True}
    if unit is not None:
        initial = {name: getattr(unit, name) for name in UnitForm.base_fields}
    form = UnitForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.describe_unit(actor=request.user, point=point, **form.cleaned_data)
        except ValidationError as error:
            form.blame(error)
        else:
            return redirect("plant:plant", code=point.code)
    context = {"form": form, "point": point}
    return render(request, "plant/unit.html", context, status=422 if form.errors else 200)
