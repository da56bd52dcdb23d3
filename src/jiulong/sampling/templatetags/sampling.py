"""`{% load sampling %}`: lights of samples, clocks and cabinets."""

from __future__ import annotations

from typing import Any

from django import template

from jiulong.sampling import words
from jiulong.sampling.papers import agreement

register = template.Library()

register.simple_tag(words.state_light, name="state_light")
register.simple_tag(words.clock_light, name="clock_light")
register.simple_tag(words.cabinet_light, name="cabinet_light")
register.filter("agreement", agreement)
register.filter("listed", words.listed)


@register.filter
def of(names: dict[str, Any], key: str) -> Any:
    """The value at a key; the key itself where there is none."""
    return names.get(key, key)
