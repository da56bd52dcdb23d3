"""`{% load evidence %}`: galleries of files, and words for what they are for."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from jiulong.evidence import telling
from jiulong.evidence.models import Attachment, CustodyStep, Event

register = template.Library()
register.filter("purpose", telling.purpose)

#: Before stands left of after, whatever was sent first.
_ORDER = {"before": 0, "after": 1}


@register.filter
def by_purpose(files: Iterable[Attachment]) -> list[tuple[str, list[Attachment]]]:
    """Files under what they are for, before and after first."""
    groups: dict[str, list[Attachment]] = {}
    for one in files:
        groups.setdefault(one.purpose, []).append(one)
    keys = sorted(groups, key=lambda key: (_ORDER.get(key, 2), not key))
    return [(_purpose(groups[key][0]), groups[key]) for key in keys]


def _purpose(one: Attachment) -> str:
    """What it is for: as whoever gives the gallery calls it, else as everybody does."""
    return getattr(one, "purpose_words", "") or telling.purpose(one.purpose)


@register.filter
def custody_step(step: CustodyStep) -> str:
    """The step in words."""
    return str(telling.STEPS.get(step.step, step.step))


@register.filter
def told(event: Event) -> telling.Words:
    """What happened, and what was said about it."""
    return telling.tell(event)


@register.filter
def kind(media_type: str) -> str:
    """The kind of a file that has no picture: PDF, Word, …"""
    return _KINDS.get(media_type, media_type.rsplit("/", maxsplit=1)[-1].upper())


_KINDS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "text/plain": "TXT",
}
