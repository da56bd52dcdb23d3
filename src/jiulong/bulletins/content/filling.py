"""Registers the builders and sections of this floor."""

from __future__ import annotations

from jiulong.bulletins import kinds
from jiulong.bulletins.content import standings
from jiulong.bulletins.content.registry import register_builder


def register_all() -> None:
    """Called once when the apps are ready."""
    register_builder(kinds.CIRCULAR, standings.circular)
    register_builder(kinds.COMMENDATION, standings.commendation)
    register_builder(kinds.RECTIFICATION, standings.rectification)
