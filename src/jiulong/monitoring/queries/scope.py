"""What a viewer may see: everything, what their firm owns or operates, or nothing."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from jiulong.monitoring.models import Alarm, Finding, Point
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may


def visible_points(viewer: Viewer) -> QuerySet[Point]:
    """Points the viewer may see; nobody inactive or anonymous sees any."""
    if may(viewer, "see_all"):
        return Point.objects.all()
    if isinstance(viewer, User) and viewer.is_active and viewer.unit_id is not None:
        theirs = Q(outfall__enterprise__unit=viewer.unit_id) | Q(operator=viewer.unit_id)
        return Point.objects.filter(theirs)
    return Point.objects.none()


def visible_findings(viewer: Viewer) -> QuerySet[Finding]:
    """Findings at the points the viewer may see."""
    if may(viewer, "see_all"):
        return Finding.objects.all()
    return Finding.objects.filter(point__in=visible_points(viewer))


def visible_alarms(viewer: Viewer) -> QuerySet[Alarm]:
    """Alarms at the outfalls of the points the viewer may see."""
    if may(viewer, "see_all"):
        return Alarm.objects.all()
    return Alarm.objects.filter(outfall__in=visible_points(viewer).values("outfall"))
