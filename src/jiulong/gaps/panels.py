"""What gaps add to a point's page: how complete this month is, and what is missing."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from jiulong.gaps import engine, queries
from jiulong.gaps.models import Gap
from jiulong.monitoring.models import Point

GAPS = 3


def point_panel(request: HttpRequest, point: Point) -> str:
    """This month by period, the last gaps, and the way to the whole calendar."""
    rows = queries.completeness(request.user, point, engine.month_of(timezone.now()))
    missing = queries.gaps(request.user, point).exclude(state=Gap.State.FILLED)[:GAPS]
    context = {"point": point, "rows": rows, "gaps": missing}
    return render_to_string("gaps/point_panel.html", context, request)
