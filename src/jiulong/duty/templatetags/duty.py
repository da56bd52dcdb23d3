"""`{% load duty %}`: clocks and acts in words, curves as small pictures."""

from __future__ import annotations

from django import template

from jiulong.duty import words
from jiulong.duty.queries import Clock
from jiulong.evidence.models import Event

register = template.Library()


@register.filter
def clock_word(clock: Clock) -> str:
    """What is due."""
    return str(words.CLOCKS.get(clock.what, clock.what))


@register.filter
def act_word(event: Event) -> str:
    """What was done."""
    return words.act(event)


@register.filter
def act_told(event: Event) -> str:
    """What the record tells of it."""
    return words.told(event)
