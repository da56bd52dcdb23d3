"""What the pages of a point share."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from jiulong.monitoring import queries as monitoring
from jiulong.monitoring.models import Point


def point_of(request: HttpRequest, code: str) -> Point:
    """The point, if the viewer may see it; else there is no such page."""
    try:
        return monitoring.point(request.user, code)
    except Point.DoesNotExist as error:
        raise Http404(code) from error
