"""`{% load pages %}`: lights, icons, times, numbers, addresses and live regions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from jiulong.pages import addresses, icons, lights, words
from jiulong.pages.filters import Bound

register = template.Library()

register.simple_tag(icons.icon, name="icon")
register.simple_tag(lights.light, name="light")
register.simple_tag(lights.shape, name="shape")
register.simple_tag(words.ago, name="ago")
register.simple_tag(words.until, name="until")
register.simple_tag(words.clock, name="clock")
register.simple_tag(words.number, name="number")
register.filter("span", words.span)
register.filter("person", words.person)


@register.simple_tag(takes_context=True)
def address(context: Context, **changes: Any) -> str:
    """`{% address page=2 %}`: this page with one thing changed."""
    return addresses.address(context["request"], **changes)


@register.simple_tag(takes_context=True)
def live(context: Context, name: str, *events: str | Sequence[str]) -> SafeString:
    """`<section {% live "rows" "findings" "readings" %}>`: refetched when such an event arrives.

    Gives the element its id; the whole page is asked for again and the element of that id kept,
    so a live region needs no address of its own.
    """
    wanted = [word for given in events for word in ([given] if isinstance(given, str) else given)]
    triggers = ", ".join(f"live:{event} from:body" for event in wanted)
    return format_html(
        'id="{0}" hx-get="{1}" hx-select="#{0}" hx-target="this" hx-swap="outerHTML" '
        'hx-push-url="false" hx-disinherit="*" hx-trigger="{2}"',
        name,
        context["request"].get_full_path(),
        triggers,
    )


@register.simple_tag
def gap() -> str:
    """`{{ one }}{% gap %}{{ two }}`: what stands between two sentences; in Chinese nothing."""
    return "" if (get_language() or "").startswith("zh") else " "


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """A form field's input in our look, told what its hint is."""
    kind = field.field.widget
    look = "form-select" if isinstance(kind, Select) else "form-control"
    if isinstance(kind, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        look = "form-check-input"
    look = kind.attrs.get("class", look)  # the form may know better
    wrong = {"aria-invalid": "true"} if field.errors else {}
    return field.as_widget(attrs={"class": look, **wrong})


@register.filter
def day(at: datetime) -> str:
    """The local date, `YYYY-MM-DD`."""
    return timezone.localtime(at).strftime("%Y-%m-%d")


@register.simple_tag(takes_context=True)
def chip_off(context: Context, one: Bound) -> str:
    """The address without one filter."""
    return addresses.address(context["request"], **{one.filter.name: None})
