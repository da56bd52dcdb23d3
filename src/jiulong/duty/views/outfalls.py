"""An outfall at a glance: everything that is known of it, each section by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from jiulong.duty import actions, queries
from jiulong.duty.models import Camera
from jiulong.monitoring import panels
from jiulong.monitoring import queries as monitoring
from jiulong.monitoring.models import Outfall, PermittedLoad, Point
from jiulong.monitoring.views import readings
from jiulong.monitoring.views.spans import PRESETS, asked_span
from jiulong.organisation.rules import may, require
from jiulong.validity.models import DayStatistic

log = logging.getLogger(__name__)


@require_safe
def outfall(request: HttpRequest, code: str) -> HttpResponse:
    """The page: course and current values at once, the rest when it comes."""
    found, points, point = _find(request, code)
    now = timezone.now()
    span = asked_span(request, now)
    rows = monitoring.point_rows(points, now=now)
    row = next(one for one in rows if one.point.pk == point.pk)
    factor = readings.chosen_factor(request.user, request.GET.get("factor", ""), row)
    standing = queries.standing(request.user).filter(outfall=found)
    waiting = queries.waiting(request.user, standing, now)
    context = {
        "outfall": found,
        "point": point,
        "rows": rows,
        "row": row,
        "span": span,
        "presets": [(name, label) for name, (_length, label) in PRESETS.items()],
        "factor": factor,
        "factors": [value.factor for value in row.values],
        "chart": readings.chart_of(request, row, factor, span) if factor else None,
        "waiting": [one for one in waiting if not one.settled],
        "now": now,
        "cameras": queries.cameras(request.user, [found]),
        "on_desk": may(request.user, "keep_duty"),
        "may_set": may(request.user, "edit_point"),
        "sections": [(f"panel-{n}", "") for n in range(panels.count())],
    }
    return render(request, "duty/outfall.html", context)


@require_safe
def section(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """One section of the page. One that fails says so, and spares the others."""
    found, _points, point = _find(request, code)
    number = name.removeprefix("panel-")
    make: Callable[[], str] | None = None
    if name != number and number.isdecimal() and int(number[:4]) < panels.count():
        make = lambda: panels.one(request, point, int(number))  # noqa: E731 - one of several
    elif name in SECTIONS:
        make = lambda: SECTIONS[name](request, found, point)  # noqa: E731
    if make is None:
        raise Http404(name)
    try:
        with transaction.atomic():
            html = make()
    except Exception:
        log.exception("section %s of outfall %s", name, code)
        html = render_to_string("duty/section_failed.html", {"name": name}, request)
    if request.headers.get("HX-Request"):
        return HttpResponse(html)
    return render(request, "duty/section.html", {"outfall": found, "html": html})


@require_POST
def add_camera(request: HttpRequest, code: str) -> HttpResponse:
    """Name a camera of the outfall."""
    require(request.user, "edit_point")
    found, _points, _point = _find(request, code)
    try:
        actions.set_camera(
            actor=request.user, outfall=found, name=request.POST.get("name", ""),
            address=request.POST.get("address", ""),
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
    else:
        messages.success(request, _t("The camera is set."))
    return redirect("duty:outfall", code=code)


@require_POST
def drop_camera(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a camera away."""
    require(request.user, "edit_point")
    found, _points, _point = _find(request, code)
    camera = Camera.objects.filter(pk=pk, outfall=found, removed_at=None).first()
    if camera is None:
        raise Http404(str(pk))
    actions.remove_camera(actor=request.user, camera=camera)
    return redirect("duty:outfall", code=code)


def _find(request: HttpRequest, code: str) -> tuple[Outfall, list[Point], Point]:
    """The outfall, its points that the viewer sees on the way of the water, and the one shown."""
    seen = list(monitoring.points(request.user, retired=True).filter(outfall__code=code))
    if not seen:
        raise Http404(code)
    order = {Point.Position.INFLUENT: 0, Point.Position.PROCESS: 1, Point.Position.EFFLUENT: 2}
    seen.sort(key=lambda one: (order[Point.Position(one.position)], one.code))
    asked = request.GET.get("point", "")
    shown = next((one for one in seen if one.code == asked), seen[-1])
    return seen[0].outfall, seen, shown


def _permit(request: HttpRequest, outfall: Outfall, point: Point) -> str:
    """Limits in force with where they stand, and how much of the permitted load is used."""
    now = timezone.now()
    year = timezone.localdate().year
    loads = list(PermittedLoad.objects.filter(outfall=outfall, year=year).select_related("factor"))
    used: dict[int, Any] = {}
    points = outfall.points.filter(position=Point.Position.EFFLUENT)
    for row in DayStatistic.objects.filter(
        point__in=points, on__year=year, load_kg__isnull=False, over=True,
        factor__in=[load.factor_id for load in loads],
    ).values_list("factor", "load_kg"):  # fmt: skip
        used[row[0]] = used.get(row[0], 0) + row[1]
    lines = [_load(load, used.get(load.factor_id, 0)) for load in loads]
    context = {**readings.limits_of(point, now), "point": point, "loads": lines, "year": year}
    return render_to_string("duty/permit.html", context, request)


def _load(load: PermittedLoad, used_kg: Any) -> dict[str, Any]:
    tonnes = used_kg / 1000
    share = float(tonnes / load.tonnes) if load.tonnes else None
    return {
        "factor": load.factor,
        "used": round(tonnes, 3),
        "tonnes": load.tonnes,
        "share": share,
        "percent": None if share is None else round(share * 100, 1),
        "width": None if share is None else round(min(share, 1) * 100, 1),
    }


#: Sections of our own; what other apps show of a point comes by `monitoring.panels`.
SECTIONS: Final[dict[str, Callable[[HttpRequest, Outfall, Point], str]]] = {
    "permit": _permit,
}
