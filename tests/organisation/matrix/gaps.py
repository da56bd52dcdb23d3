"""Gaps and the proof that nothing is missing."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from jiulong.gaps.models import Gap
from jiulong.monitoring.models import Period
from tests.organisation.matrix import EVERYWHERE, NEARBY, scoped, signed_in
from tests.organisation.matrix.gateway import a_logger
from tests.organisation.matrix.monitoring import MONITORING, a_point
from tests.organisation.matrix.world import World

#: Who asks loggers for data, and who records what a month came to.
DESK = {"officer monitor": EVERYWHERE}


def a_gap(world: World) -> Gap:
    """An hour that is missing at a point that has a logger."""
    world.get(a_logger)
    start = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=5)
    end = start + timedelta(hours=1)
    return Gap.objects.create(
        point=world.get(a_point), period=Period.HOUR, minutes=60, start=start, end=end, missing=1,
        left=1, remaining=[[start, end]], found_at=end,
    )  # fmt: skip


def code(world: World) -> list[str]:
    return [world.get(a_point).code]


ROWS = {
    "gaps:gaps": signed_in(),
    "gaps:months": signed_in(),
    "gaps:gap": scoped(MONITORING, args=lambda world: [world.get(a_gap).pk]),
    "gaps:gap ask": scoped(
        DESK, args=lambda world: [world.get(a_gap).pk], post={"reason": "x"}, places=NEARBY
    ),
    "gaps:calendar": scoped(MONITORING, args=code, places=NEARBY),
    "gaps:proof": scoped(
        MONITORING, args=lambda world: [world.get(a_point).code, "docx"], places=NEARBY
    ),
    "gaps:prove": scoped(DESK, args=code, post={}, places=NEARBY),
    "api:gaps": signed_in(),
    "api:gap": scoped(MONITORING, args=lambda world: [world.get(a_gap).pk], places=NEARBY),
    "api:ask": scoped(
        DESK, args=lambda world: [world.get(a_gap).pk], json={"reason": "x"}, places=NEARBY
    ),
    "api:completeness": scoped(MONITORING, args=code, query="month=2026-03", places=NEARBY),
}
