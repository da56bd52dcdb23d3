"""The contest: who sees ranks, who objects for their unit, who runs it, who changes its rules."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from typing import Any

from jiulong.scorecards.actions import standings as contest
from jiulong.scorecards.models import (
    Adjustment,
    Assignment,
    Dispute,
    Panel,
    SchemeVersion,
    Standing,
    StandingRow,
    Subject,
)
from tests.organisation.matrix import EVERYWHERE, holders, scoped, signed_in
from tests.organisation.matrix.world import World
from tests.scorecards.standings.scene import NOW, PERIOD, SPEC, make_version

SEE = "administrator officer observer supervisor dispatcher leader handler street_staff"
#: An enterprise opens the pages of the contest and finds its own rows there.
READ = f"{SEE} enterprise"
RUN = "supervisor"
OWN_ROWS = {SEE: EVERYWHERE, "enterprise": "own"}
SPEAKS = {"leader street_staff enterprise": "own"}


def a_scheme(_world: World) -> SchemeVersion:
    spec: dict[str, Any] = deepcopy(SPEC)
    spec["groups"] = [{"key": "all", "name": "全部", "subjects": ["contest-own"]}]
    spec["consequences"] = []
    return make_version(spec)


def a_draft(world: World) -> SchemeVersion:
    made = world.get(a_scheme)
    return make_version(made.spec, version=2, state=SchemeVersion.State.DRAFT)


def a_row(world: World) -> StandingRow:
    """Of the unit's own subject, open to objections."""
    Subject.objects.create(code="contest-own", kind="unit", name="本单位", unit=world.own)
    standing = contest.compute_standing(
        actor=None, scheme=world.get(a_scheme), period=PERIOD, now=NOW
    )
    contest.open_standing(actor=None, standing=standing)
    return standing.rows.get()


def a_dispute(world: World) -> Dispute:
    who = world.people["leader", "own"]
    return contest.file_dispute(actor=who, row=world.get(a_row), claim="少计一项")


def an_adjustment(world: World) -> Adjustment:
    row = world.get(a_row)
    return contest.file_adjustment(
        actor=world.people["leader", "sibling"], scheme=world.get(a_scheme),
        criterion="bonus@award", subject=row.subject, period=PERIOD, amount=Decimal(1),
        reason="表彰", ref="通报1号",
    )  # fmt: skip


def a_panel(world: World) -> Panel:
    row = world.get(a_row)
    panel = Panel.objects.create(
        scheme="contest", criterion="visit", period=PERIOD, closes_at=NOW + timedelta(days=9999)
    )
    Assignment.objects.create(
        panel=panel, judge=world.people["handler", "other"], subject=row.subject, alias="01"
    )
    return panel


def of_row(world: World) -> list[int]:
    return [world.get(a_row).pk]


def of_standing(world: World) -> list[int]:
    return [Standing.objects.get(rows=world.get(a_row)).pk]


def of_dispute(world: World) -> list[int]:
    return [world.get(a_dispute).pk]


def of_scheme(world: World) -> list[int]:
    return [world.get(a_scheme).pk]


def of_draft(world: World) -> list[int]:
    return [world.get(a_draft).pk]


def of_adjustment(world: World) -> list[int]:
    return [world.get(an_adjustment).pk]


def of_panel(world: World) -> list[int]:
    return [world.get(a_panel).pk]


def of_task(world: World) -> list[int]:
    return [world.get(a_panel).assignments.get().pk]


ROWS = {
    "scorecards:standings": holders(READ),
    "scorecards:standing_list": holders(READ),
    "scorecards:compute": holders(RUN, post={}),
    "scorecards:standing": holders(READ, args=of_standing),
    "scorecards:standing_again": holders(READ, args=of_standing),
    "scorecards:standing_act": holders(
        RUN, args=lambda world: [*of_standing(world), "recompute"], post={}
    ),
    "scorecards:standing_scheme": holders(SEE, args=of_standing),
    "scorecards:standing_rows": holders(SEE, args=of_standing),
    "scorecards:row": scoped(OWN_ROWS, args=of_row),
    "scorecards:what_if": scoped(OWN_ROWS, args=of_row),
    "scorecards:object": scoped(SPEAKS, args=of_row),
    "scorecards:disputes": holders(READ),
    "scorecards:dispute": scoped(OWN_ROWS, args=of_dispute),
    "scorecards:dispute answered": holders(RUN, args=of_dispute, post={}),
    "scorecards:dispute_withdraw": scoped(SPEAKS, args=of_dispute, post={}),
    "scorecards:schemes": holders(READ),
    "scorecards:scheme": holders(READ, args=of_scheme),
    "scorecards:scheme draft": holders(RUN, args=of_draft),
    "scorecards:scheme_draft": holders(RUN, args=of_scheme, post={}),
    "scorecards:scheme_edit": holders(RUN, args=of_draft),
    "scorecards:scheme_simulate": holders(RUN, args=of_scheme),
    "scorecards:scheme_adopt": holders(RUN, args=of_draft, post={}),
    "scorecards:scheme_drop": holders(RUN, args=of_draft, post={}),
    "scorecards:adjustments": holders(READ),
    "scorecards:adjustment_new": holders("supervisor leader"),
    "scorecards:adjustment": holders(SEE, args=of_adjustment),
    # Never by somebody of the unit itself.
    "scorecards:adjustment_confirm": scoped(
        {RUN: "above sibling below other"}, args=of_adjustment, post={}
    ),
    "scorecards:adjustment_withdraw": holders(RUN, args=of_adjustment, post={}),
    "scorecards:judging": signed_in(),
    "scorecards:judge": scoped({"handler": "other"}, args=of_task),
    "scorecards:panels": holders(RUN),
    "scorecards:panel_new": holders(RUN),
    "scorecards:panel": holders(RUN, args=of_panel),
    "scorecards:panel_material": holders(RUN, args=of_panel, post={}),
    "scorecards:panel_close": holders(RUN, args=of_panel, post={}),
}
