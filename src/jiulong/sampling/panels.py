"""What sampling adds to a point's page."""

from __future__ import annotations

from django.http import HttpRequest

from jiulong.monitoring.models import Point


def point_panel(request: HttpRequest, point: Point) -> str:
    return ""
