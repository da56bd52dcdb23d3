"""What monitoring knows of an enterprise: for its file, and for the search box."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from jiulong.monitoring import queries
from jiulong.monitoring.queries.scope import visible_points
from jiulong.monitoring.words import point_title
from jiulong.organisation.rules import Viewer
from jiulong.registers.models import Enterprise
from jiulong.registers.providers import Hit

FINDINGS: Final = 10


def enterprise_panel(request: HttpRequest, firm: Enterprise) -> str:
    """Its outfalls' points with their current values, and what was found at them lately."""
    points = queries.points(request.user).filter(outfall__enterprise=firm)
    rows = queries.point_rows(points)
    if not rows:
        return ""
    found = queries.findings(request.user).filter(point__outfall__enterprise=firm)
    context: dict[str, Any] = {"rows": rows, "findings": found[:FINDINGS], "firm": firm}
    return render_to_string("monitoring/enterprise_panel.html", context, request)


def find_points(viewer: Viewer, text: str, most: int) -> Sequence[Hit]:
    """Points by code, name, outfall, or name or initials of the enterprise."""
    words = Q()
    for word in text.split():
        words &= (
            Q(code__icontains=word)
            | Q(name__icontains=word)
            | Q(outfall__code__icontains=word)
            | Q(outfall__enterprise__name__icontains=word)
        )
    initials = text.replace(" ", "").lower()
    words |= Q(outfall__enterprise__initials__startswith=initials)
    found = visible_points(viewer).filter(words).select_related("outfall__enterprise")
    return [
        Hit(
            title=point_title(point),
            number=point.code,
            address=reverse("monitoring:point", args=[point.code]),
        )
        for point in found.order_by("code")[:most]
    ]
