"""Marks, checks, faults, maintenance and objections."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from jiulong.organisation.models import User
from jiulong.upkeep.models import (
    FaultReport,
    MaintenanceRecord,
    Mark,
    Objection,
    QcTest,
)
from tests.factories import make_factor
from tests.organisation.matrix import EVERYWHERE, NEARBY, scoped, signed_in
from tests.organisation.matrix.monitoring import MONITORING, a_finding, a_point
from tests.organisation.matrix.world import World
from tests.upkeep.made import make_check, make_fault, make_mark, make_objection, make_record

REVIEW = {"officer monitor": EVERYWHERE}
STATION = {"enterprise operator": "own"}


def _owner(world: World) -> User:
    return world.people["enterprise", "own"]


def a_mark(world: World) -> Mark:
    return make_mark(world.get(a_point), _owner(world))


def a_check(world: World) -> QcTest:
    return make_check(world.get(a_point), _owner(world), make_factor())


def a_fault(world: World) -> FaultReport:
    began = timezone.now() - timedelta(hours=2)
    return make_fault(world.get(a_point), _owner(world), began_at=began)


def a_record(world: World) -> MaintenanceRecord:
    return make_record(world.get(a_point), _owner(world))


def an_objection(world: World) -> Objection:
    return make_objection(world.get(a_point), _owner(world), world.get(a_finding))


ROWS = {
    "upkeep:marks": signed_in(),
    "upkeep:mark": scoped(MONITORING, args=lambda world: [world.get(a_mark).pk]),
    "upkeep:mark_review": scoped(
        REVIEW, args=lambda world: [world.get(a_mark).pk], post={}, places=NEARBY
    ),
    # Whether it is theirs is the act's to say; whoever may not act at all is refused before.
    "upkeep:mark_withdraw": scoped(
        STATION, args=lambda world: [world.get(a_mark).pk], post={}, places=NEARBY
    ),
    "upkeep:checks": signed_in(),
    "upkeep:check": scoped(MONITORING, args=lambda world: [world.get(a_check).pk], places=NEARBY),
    "upkeep:check_withdraw": scoped(
        STATION, args=lambda world: [world.get(a_check).pk], post={}, places=NEARBY
    ),
    "upkeep:faults": signed_in(),
    "upkeep:fault": scoped(MONITORING, args=lambda world: [world.get(a_fault).pk], places=NEARBY),
    "upkeep:fault_restore": scoped(
        STATION, args=lambda world: [world.get(a_fault).pk], post={}, places=NEARBY
    ),
    "upkeep:maintenance": signed_in(),
    "upkeep:record": scoped(MONITORING, args=lambda world: [world.get(a_record).pk], places=NEARBY),
    "upkeep:objections": signed_in(),
    "upkeep:objection": scoped(
        MONITORING, args=lambda world: [world.get(an_objection).pk], places=NEARBY
    ),
    "upkeep:objection_answer": scoped(
        REVIEW, args=lambda world: [world.get(an_objection).pk], post={}, places=NEARBY
    ),
}
