"""`{% load desk %}`: the loop bar."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from jiulong.desk import loop
from jiulong.organisation.models import User

register = template.Library()


@register.inclusion_tag("desk/loop_line.html", takes_context=True)
def loop_line(context: Context) -> dict[str, Any]:
    """The loop in one line, on every page but home."""
    request = context.get("request")
    viewer = getattr(request, "user", None)
    if not isinstance(viewer, User):
        return {"segments": []}
    return {"segments": loop.segments(loop.recent(viewer))}
