"""What the contest offers to other floors; called once when the apps are ready."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _


def offer() -> None:
    """Register section, guards, menu."""
    from jiulong.scorecards import (  # noqa: PLC0415 - models load first
        schemes_section,
        standing_demo,
        standing_guards,
        standing_verifying,
    )

    schemes_section.register_section()
    standing_demo.register_section()
    standing_guards.register_guards()
    standing_verifying.register_check()
    _add_to_menu()


def _add_to_menu() -> None:
    from jiulong.pages.navigation import Entry, add  # noqa: PLC0415 - apps are loaded by now

    for name, label, icon, verb, order in (
        ("scorecards:standings", _("Standings"), "trophy", "see_standings", 10),
        ("scorecards:schemes", _("Schemes"), "list-details", "see_standings", 20),
        ("scorecards:adjustments", _("Bonuses and vetoes"), "award", "see_standings", 30),
        ("scorecards:judging", _("Judging"), "gavel", "see_standings", 40),
    ):
        add(Entry(group="rank", name=name, label=label, icon=icon, verb=verb, order=order))
