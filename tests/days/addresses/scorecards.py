"""Targets, figures, sheets and the contest."""

from __future__ import annotations

from typing import Any, Final

from jiulong.scorecards.models import Observation, Sheet
from tests.days.addresses.common import FILE, SENT, Look
from tests.scorecards.scene import made_up as made_up_figures
from tests.scorecards.standings import looks as ranked


def figures() -> list[Any]:
    """The district has targets, figures and sheets."""
    made_up_figures()
    return []


def a_sheet() -> list[Any]:
    figures()
    return [Sheet.objects.filter(state="draft").order_by("pk")[0].pk]


def a_figure() -> list[Any]:
    figures()
    return [Observation.objects.filter(current=True).order_by("pk")[0].pk]


def an_indicator() -> list[Any]:
    figures()
    return ["retail"]


LOOKS: Final = (
    Look("scorecards:targets", "supervisor", figures),
    Look("scorecards:indicators", "supervisor", figures),
    Look("scorecards:indicator", "supervisor", an_indicator),
    Look("scorecards:target", "supervisor", an_indicator),
    Look("scorecards:split", "supervisor", an_indicator),
    Look("scorecards:figure", "supervisor", a_figure),
    Look("scorecards:revise", "supervisor", a_figure),
    Look("scorecards:sheets", "supervisor", figures),
    Look("scorecards:sheet", "supervisor", a_sheet),
    # It leads on to the newest standing, and others of this district make some.
    Look("scorecards:standings", "supervisor", note="of none", query="?scheme=of-none"),
    Look("scorecards:standing_list", "supervisor", ranked.nothing),
    Look("scorecards:standing", "supervisor", ranked.standing),
    Look("scorecards:standing", "leader", ranked.standing, "own row"),
    Look("scorecards:standing_again", "supervisor", ranked.standing),
    Look("scorecards:row", "supervisor", ranked.row),
    Look("scorecards:what_if", "supervisor", ranked.row),
    Look("scorecards:object", "leader", ranked.row),
    Look("scorecards:disputes", "supervisor", ranked.nothing),
    Look("scorecards:dispute", "supervisor", ranked.dispute),
    Look("scorecards:schemes", "supervisor", ranked.nothing),
    Look("scorecards:scheme", "supervisor", ranked.scheme),
    Look("scorecards:scheme_edit", "supervisor", ranked.draft),
    Look("scorecards:scheme_simulate", "supervisor", ranked.scheme),
    Look("scorecards:adjustments", "supervisor", ranked.nothing),
    Look("scorecards:adjustment_new", "supervisor", ranked.nothing),
    Look("scorecards:adjustment", "supervisor", ranked.adjustment),
    Look("scorecards:judging", "handler", ranked.nothing),
    Look("scorecards:judge", "handler", ranked.task),
    Look("scorecards:panels", "supervisor", ranked.nothing),
    Look("scorecards:panel_new", "supervisor", ranked.nothing),
    Look("scorecards:panel", "supervisor", ranked.panel),
)  # fmt: skip
OTHERS: Final = {
    SENT: """
        scorecards:ask_cause scorecards:sheet_save scorecards:sheet_sign scorecards:sheet_return
        scorecards:sheet_upload scorecards:compute scorecards:standing_act
        scorecards:dispute_withdraw scorecards:scheme_draft scorecards:scheme_adopt
        scorecards:scheme_drop scorecards:adjustment_confirm scorecards:adjustment_withdraw
        scorecards:panel_close scorecards:panel_material
    """,
    FILE: """
        scorecards:targets_paper scorecards:sheet_file scorecards:standing_scheme
        scorecards:standing_rows
    """,
}
