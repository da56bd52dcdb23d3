"""Targets, figures and sheets: whose unit they are fills in, its head signs, supervision sets."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from jiulong.scorecards.models import (
    Indicator,
    Observation,
    Sheet,
    SheetPlan,
    Subject,
    Target,
)
from tests.organisation.matrix import EVERYWHERE, NEARBY, holders, scoped
from tests.organisation.matrix.world import World

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
SEE = "administrator officer observer supervisor dispatcher leader handler street_staff"
#: Who sees the unit's sheets, by where their post reaches.
SHEETS = {
    "administrator observer supervisor dispatcher": EVERYWHERE,
    "officer leader street_staff": "own above",
    "handler": "own",
}
FILLS = {"leader street_staff": "own above", "handler": "own"}
SIGNS = {"leader": "own above"}
SPEC = {
    "key": "m", "name": "月报", "indicators": ["retail"], "subjects": ["S"],
    "levels": [{"name": "负责人"}],
}  # fmt: skip


def an_indicator(_world: World) -> Indicator:
    return Indicator.objects.create(code="retail", names={"zh": "社零"}, measure="亿元")


def a_subject(world: World) -> Subject:
    return Subject.objects.create(code="S", kind="unit", name="一街", unit=world.own)


def a_target(world: World) -> Target:
    return Target.objects.create(
        indicator=world.get(an_indicator), subject=world.get(a_subject), period="2026",
        value=Decimal(100), set_at=AT,
    )  # fmt: skip


def a_value(world: World) -> Observation:
    return Observation.objects.create(
        indicator=world.get(an_indicator), subject=world.get(a_subject), period="2026-01",
        value=Decimal(8), at=AT,
    )  # fmt: skip


def a_plan(_world: World) -> SheetPlan:
    return SheetPlan.objects.create(code="m", spec=SPEC)


def a_sheet(world: World) -> Sheet:
    world.get(an_indicator)
    world.get(a_subject)
    return Sheet.objects.create(
        plan=world.get(a_plan), unit=world.own, period="2026-02", due_at=AT, opened_at=AT
    )


def a_submitted_sheet(world: World) -> Sheet:
    world.get(an_indicator)
    world.get(a_subject)
    return Sheet.objects.create(
        plan=world.get(a_plan), unit=world.own, period="2026-01", due_at=AT, opened_at=AT,
        state="submitted", submitted_at=AT, draft={"S": {"retail": {"value": "8", "note": ""}}},
    )  # fmt: skip


def of_indicator(world: World) -> list[str]:
    world.get(a_target)
    return [world.get(an_indicator).code]


def of_value(world: World) -> list[int]:
    return [world.get(a_value).pk]


def of_sheet(world: World) -> list[int]:
    return [world.get(a_sheet).pk]


def of_submitted(world: World) -> list[int]:
    return [world.get(a_submitted_sheet).pk]


ABOUT = "subject=S&year=2026"

ROWS = {
    "scorecards:targets": holders(SEE, args=lambda world: of_indicator(world)[:0], query=ABOUT),
    "scorecards:targets_paper": holders(
        SEE, args=lambda world: [*of_indicator(world)[:0], "docx"], query=ABOUT
    ),
    "scorecards:indicators": holders(SEE),
    "scorecards:indicator": holders(SEE, args=of_indicator, query=ABOUT),
    "scorecards:target": holders("supervisor", args=of_indicator, query=ABOUT),
    "scorecards:split": holders("supervisor", args=of_indicator, query=ABOUT),
    "scorecards:ask_cause": holders("supervisor", args=of_indicator, query=ABOUT, post={}),
    "scorecards:figure": holders(SEE, args=of_value),
    "scorecards:revise": holders("supervisor", args=of_value),
    "scorecards:sheets": holders(SEE),
    "scorecards:sheet": scoped(SHEETS, args=of_sheet),
    "scorecards:sheet_file": scoped(SHEETS, places=NEARBY, args=of_sheet),
    "scorecards:sheet_save": scoped(FILLS, args=of_sheet, post={"version": "1"}),
    "scorecards:sheet_upload": scoped(FILLS, places=NEARBY, args=of_sheet, post={}),
    "scorecards:sheet_sign": scoped(SIGNS, args=of_submitted, post={}),
    "scorecards:sheet_return": scoped(SIGNS, args=of_submitted, post={}),
}
