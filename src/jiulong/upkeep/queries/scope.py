"""Whose stations: what a viewer may see, and for which they may hand something in."""

from __future__ import annotations

from django.db.models import QuerySet

from jiulong.monitoring.models import Point
from jiulong.monitoring.queries.scope import visible_points
from jiulong.organisation.rules import Viewer, reach

__all__ = ["own_points", "visible_points"]


def own_points(viewer: Viewer) -> QuerySet[Point]:
    """Points for which the viewer may `mark_data`: of their enterprise, or operated by their firm.

    A firm that operated a point until yesterday does not any more.
    """
    where = reach(viewer, "mark_data")
    if not where:
        return Point.objects.none()
    return Point.objects.filter(
        where.within("outfall__enterprise__unit") | where.within("operator")
    )
