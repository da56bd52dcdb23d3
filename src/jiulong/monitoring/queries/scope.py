"""What a viewer may see: everything, their own unit's points, or nothing."""

from __future__ import annotations

from django.db.models import QuerySet

from jiulong.monitoring.models import Finding, Point
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may


def visible_points(viewer: Viewer) -> QuerySet[Point]:
    """Points the viewer may see; nobody inactive or anonymous sees any."""
    if may(viewer, "see_all"):
        return Point.objects.all()
    if isinstance(viewer, User) and viewer.is_active and viewer.unit_id is not None:
        return Point.objects.filter(outfall__enterprise__unit=viewer.unit_id)
    return Point.objects.none()


def visible_findings(viewer: Viewer) -> QuerySet[Finding]:
    """Findings at the points the viewer may see."""
    if may(viewer, "see_all"):
        return Finding.objects.all()
    return Finding.objects.filter(point__in=visible_points(viewer))
