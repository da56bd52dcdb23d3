"""What plants add to a point's page: the units, the station, the parameters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from jiulong.monitoring.models import Factor, Point
from jiulong.monitoring.overlays import Drawn
from jiulong.organisation.rules import Viewer
from jiulong.plant import codes, queries


def point_panel(request: HttpRequest, point: Point) -> str:
    """Units with their states, what the station says, and parameters that differ."""
    analysers = queries.parameters(request.user, point)
    context = {
        "point": point,
        "units": queries.units(request.user, point),
        "station": queries.station(request.user, point),
        "analysers": analysers,
        "differing": [one for one in analysers if one.differs],
    }
    return render_to_string("plant/point_panel.html", context, request)


def parameter_ticks(
    viewer: Viewer, point: Point, factor: Factor, start: datetime, end: datetime
) -> Iterable[Drawn]:
    """Changes of the factor's parameters, on its chart."""
    address = reverse("plant:parameters", args=[point.code])
    for one in queries.changes(viewer, point, start, end, factor):
        if not one.who and not one.before:
            continue  # the first report is no change
        words = f"{codes.info_name(one.info)} {one.before} → {one.text}".replace("  ", " ")
        tone = "told" if one.who else "near"
        yield Drawn("tick", one.at, words, letter="P", tone=tone, address=address)
