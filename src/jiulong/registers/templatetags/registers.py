"""`{% load registers %}`: lights of a pack's options, words of what was done."""

from __future__ import annotations

from typing import Any, Final

from django import template
from django.forms import Form
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from jiulong.pages import lights
from jiulong.registers.fields import Option
from jiulong.registers.showing import STATES

register = template.Library()

DONE: Final = {
    "create_entry": _("entered"),
    "update_entry": _("changed"),
    "remove_entry": _("removed"),
    "restore_entry": _("restored"),
    "keep_file": _("file added"),
}


@register.simple_tag
def tone(option: Option) -> SafeString:
    """An option with its light."""
    return lights.light(STATES[option.light], str(option.label))


@register.filter
def done(verb: str) -> Any:
    """What an event's verb means; one of a floor above stays as it is."""
    return DONE.get(verb, verb)


@register.filter
def field(form: Form, name: str) -> str:
    """The label of a form's field."""
    return str(form.fields[name].label)
