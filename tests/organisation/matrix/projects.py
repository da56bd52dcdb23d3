"""Key projects: led by `world.own`; the place it lies in and its supervisors stand apart."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from jiulong.cases.models import MatterType
from jiulong.projects import actions
from jiulong.projects.models import Easing, LightOverride, Milestone, MonthReport, Project
from tests.organisation.matrix import EVERYWHERE, NEARBY, Row, holders, scoped
from tests.organisation.matrix.world import World
from tests.projects.scene import make_matter, make_project

SEE = "administrator observer supervisor dispatcher leader handler verifier cadre street_staff"
SEES = {
    "administrator observer supervisor dispatcher verifier": EVERYWHERE,
    "leader street_staff": "own above",
    "handler cadre": "own",
}
READS = {
    "supervisor dispatcher verifier": EVERYWHERE,
    "leader": "own above",
    "handler": "own",
}
REPORTS = {"supervisor": EVERYWHERE, "leader street_staff": "own above", "handler": "own"}
KEEPS = {"supervisor": EVERYWHERE, "leader": "own above"}
CONFIRMS = {"supervisor verifier": EVERYWHERE}
OVERRIDES = {"supervisor": EVERYWHERE}
#: Whoever confirms, but nobody of the unit that leads it.
SETTLES = {"supervisor verifier": "sibling above below other"}
#: In the past: nothing here runs against the clock.
AT = datetime(2026, 3, 10, 4, tzinfo=UTC)


def a_project(world: World) -> Project:
    """In the charge of the cadre of `own`, who sees it without the unit."""
    return make_project(lead_unit=world.own, leader=world.people["cadre", "own"])


def a_matter(_world: World) -> MatterType:
    return make_matter()


def a_milestone(world: World) -> Milestone:
    return Milestone.objects.create(
        project=world.get(a_project), title="Roof", planned_on=date(2026, 3, 1),
        done_on=date(2026, 3, 2),
    )  # fmt: skip


def a_report(world: World) -> MonthReport:
    project = world.get(a_project)
    actions.revise_plan(actor=None, project=project, year=2026, investment=Decimal(1200), now=AT)
    return actions.report_month(
        actor=None, project=project, month=date(2026, 2, 1), done=Decimal(200), now=AT
    )


def an_override(world: World) -> LightOverride:
    return LightOverride.objects.create(
        project=world.get(a_project), colour="green", reason="x", since=date(2026, 3, 1),
        until=date(2099, 1, 1), by_name="x", at=AT,
    )  # fmt: skip


def an_easing(world: World) -> Easing:
    return Easing.objects.create(
        project=world.get(a_project), kind="drop", reason="x", asked_by_name="x", asked_at=AT
    )


def _act(cells: dict[str, str], *more: object) -> Row:
    return scoped(cells, places=NEARBY, args=lambda world: [world.get(a_project).pk, *more])


ROWS = {
    "projects:projects": holders(SEE),
    "projects:obstacles": holders(SEE),
    "projects:means": holders(SEE),
    "projects:lights": holders(SEE),
    "projects:due": holders(SEE),
    "projects:new": holders("supervisor leader"),
    "projects:import": holders("supervisor leader"),
    "projects:template": holders("supervisor leader"),
    "projects:project": scoped(SEES, args=lambda world: [world.get(a_project).pk]),
    "projects:brief": _act(SEES, "docx"),
    "projects:leader": scoped(
        SEES, places=NEARBY,
        args=lambda world: [world.get(a_project).leader_id, "docx"],
    ),
    "projects:change": scoped(KEEPS, args=lambda world: [world.get(a_project).pk]),
    "projects:plan": _act(KEEPS, date.today().year),  # noqa: DTZ011 - any year nearby
    "projects:move": _act(KEEPS, "finish"),
    "projects:drop": _act(KEEPS),
    "projects:milestone": _act(KEEPS),
    "projects:override": scoped(OVERRIDES, args=lambda world: [world.get(a_project).pk]),
    "projects:obstacle": scoped(
        REPORTS, places=NEARBY,
        args=lambda world: [world.get(a_project).pk, world.get(a_matter).code],
    ),
    "projects:funds": _act(REPORTS),
    "projects:contact": _act(READS),
    "projects:report": scoped(
        REPORTS, args=lambda world: [world.get(a_project).pk, "2026-02"]
    ),
    "projects:confirm": scoped(
        CONFIRMS, args=lambda world: [world.get(a_report).pk], post={}
    ),
    "projects:return": scoped(
        CONFIRMS, places=NEARBY, args=lambda world: [world.get(a_report).pk]
    ),
    "projects:reached": scoped(
        REPORTS, places=NEARBY, args=lambda world: [world.get(a_milestone).pk]
    ),
    "projects:confirm_milestone": scoped(
        CONFIRMS, places=NEARBY, args=lambda world: [world.get(a_milestone).pk], post={}
    ),
    "projects:grant": scoped(SETTLES, args=lambda world: [world.get(an_easing).pk], post={}),
    "projects:refuse": scoped(
        SETTLES, places=NEARBY, args=lambda world: [world.get(an_easing).pk]
    ),
    "projects:withdraw_easing": scoped(
        KEEPS, places=NEARBY, args=lambda world: [world.get(an_easing).pk], post={}
    ),
    "projects:end_override": scoped(
        OVERRIDES, places=NEARBY, args=lambda world: [world.get(an_override).pk], post={}
    ),
}  # fmt: skip
