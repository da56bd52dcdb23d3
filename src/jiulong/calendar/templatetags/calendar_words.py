"""`{% load calendar_words %}`: the horizon's warning, and limits in words."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from jiulong.calendar import queries, words
from jiulong.organisation.rules import may

register = template.Library()
register.filter("holiday_name", words.holiday)
register.filter("limit_words", words.limit)
register.filter("left_words", words.left)


@register.inclusion_tag("calendar/horizon.html", takes_context=True)
def horizon_warning(context: Context) -> dict[str, Any]:
    """A note while the holidays are known for less than sixty days; otherwise nothing."""
    viewer = context["request"].user
    return {
        "horizon": queries.horizon(timezone.localdate()),
        "may_edit": may(viewer, "edit_calendar"),
    }
