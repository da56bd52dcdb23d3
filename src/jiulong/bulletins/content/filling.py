"""Registers the builders and sections of this floor."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.bulletins import kinds
from jiulong.bulletins.content import agenda, letters, meetings, overdue, standings
from jiulong.bulletins.content.registry import register, register_builder


def register_all() -> None:
    """Called once when the apps are ready."""
    register_builder(kinds.CIRCULAR, standings.circular)
    register_builder(kinds.COMMENDATION, standings.commendation)
    register_builder(kinds.RECTIFICATION, standings.rectification)
    register_builder(kinds.PACK, meetings.pack)
    register_builder(kinds.QUARTERLY, meetings.quarterly)
    register_builder(kinds.LETTER, letters.letter)
    register("decisions", agenda.decisions, label=_("What the last meeting decided"))
    register("standings", agenda.standings, label=_("The contest"))
    register("projects", agenda.projects, label=_("Key projects"))
    register("indicators", agenda.indicators, label=_("Targets below what is expected"))
    register("cases", overdue.cases, label=_("Overdue cases"))
