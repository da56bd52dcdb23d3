"""Events of projects in words, for dossiers and logs."""

from __future__ import annotations

from jiulong.evidence.models import Event
from jiulong.projects import words


def in_words(event: Event) -> tuple[str, str]:
    """What happened, and what was said about it."""
    told = words.act(event)
    return str(told["what"]), " · ".join(told["told"])
