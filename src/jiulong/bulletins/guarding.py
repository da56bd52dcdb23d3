"""Who may see and add the files of bulletins, visits and letters."""

from __future__ import annotations

from jiulong.bulletins import rules
from jiulong.bulletins.models import Bulletin
from jiulong.evidence import guards
from jiulong.organisation.rules import Viewer


def _reads(viewer: Viewer, pk: str) -> bool:
    return pk.isdecimal() and Bulletin.objects.filter(rules.visible(viewer), pk=pk).exists()


def register_guards() -> None:
    """Called once when the apps are ready."""
    guards.register("bulletins.bulletin", _reads, lambda _viewer, _pk: False)
