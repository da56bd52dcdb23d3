"""What sampling adds to a point's page: the carousel in short, the last samples, the order."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.template.loader import render_to_string

from jiulong.monitoring.models import Point
from jiulong.organisation.rules import may
from jiulong.sampling import queries
from jiulong.sampling.models import Bottle

SAMPLES: Final = 4


def point_panel(request: HttpRequest, point: Point) -> str:
    """Bottles and samples of the point; nothing where there is neither for this viewer."""
    viewer = request.user
    sampler = queries.samplers(viewer).filter(point=point).first()
    rows = list(queries.samples(viewer, point=point.code)[:SAMPLES])
    may_edit = may(viewer, "edit_point") and may(viewer, "see_all")
    if sampler is None and not rows and not may_edit:
        return ""
    context = {
        "point": point,
        "sampler": sampler,
        "samples": rows,
        "counts": [(state, word, getattr(sampler, state)) for state, word in Bottle.State.choices]
        if sampler
        else [],
        "may_order": may(viewer, "order_sample"),
        "may_edit": may_edit,
    }
    return render_to_string("sampling/point_panel.html", context, request)
