"""Points, readings, findings, frames."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from jiulong.monitoring.keeping import keep
from jiulong.monitoring.models import Alarm, Finding, Period, Point
from tests.evidence.conftest import append_batch, frames
from tests.factories import make_finding, make_point, write_readings
from tests.organisation.matrix import EVERYWHERE, NEARBY, REST, SEE_ALL, scoped, signed_in
from tests.organisation.matrix.world import World

#: Who needs the monitoring data of all enterprises; others have their own unit's.
MONITORING = {SEE_ALL: EVERYWHERE, REST: "own"}


def a_point(world: World) -> Point:
    return make_point(unit=world.own)


def a_finding(world: World) -> Finding:
    return make_finding(world.get(a_point))


def an_alarm(world: World) -> Alarm:
    """An alarm at the point's outfall."""
    finding = world.get(a_finding)
    keep([finding], finding.found_at)
    finding.refresh_from_db()
    assert finding.alarm is not None
    return finding.alarm


def code(world: World) -> list[str]:
    """The point's code."""
    return [world.get(a_point).code]


def a_batch(world: World) -> int:
    """A batch in the journal whose first frame became a reading of the point."""
    now = timezone.now()
    batch = append_batch(now - timedelta(hours=1), frames(now - timedelta(hours=1), 2))
    hour = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    write_readings(
        world.get(a_point), Period.HOUR, [(hour, {"w01018": 61.5})], batch=batch, received_at=now
    )
    return batch


def measured(world: World) -> list[str]:
    """The point's code, once it has readings."""
    world.get(a_batch)
    return [world.get(a_point).code]


ROWS = {
    "monitoring:points": signed_in(),
    "monitoring:points_map": signed_in(),
    "monitoring:points_map_data": signed_in(),
    "monitoring:point": scoped(MONITORING, args=lambda world: [world.get(a_point).code]),
    "monitoring:point_series": scoped(
        MONITORING, args=measured, query="factor=w01018", places=NEARBY
    ),
    "monitoring:readings": scoped(
        MONITORING, args=lambda world: [world.get(a_point).code], places=NEARBY
    ),
    "monitoring:frame": scoped(
        {"administrator officer monitor": EVERYWHERE, REST: "own"},
        args=lambda world: [world.get(a_batch), 0],
        places=NEARBY,
    ),
    "monitoring:limits": scoped(MONITORING, args=code, places=NEARBY),
    **{
        f"monitoring:{name}": scoped(
            {"administrator officer": EVERYWHERE}, args=code, post={}, places=NEARBY
        )
        for name in ("limit_set", "standard_assign", "load_set")
    },
    "monitoring:standards": signed_in(),
    "monitoring:rules": signed_in(),
    "monitoring:alarms": signed_in(),
    "monitoring:alarm": scoped(MONITORING, args=lambda world: [world.get(an_alarm).pk]),
    "monitoring:alarm_acknowledge": scoped(
        {"officer monitor": EVERYWHERE},
        args=lambda world: [world.get(an_alarm).pk],
        post={},
        places=NEARBY,
    ),
    "monitoring:findings": signed_in(),
    "monitoring:finding": scoped(MONITORING, args=lambda world: [world.get(a_finding).pk]),
    "monitoring:finding_acknowledge": scoped(
        {"officer monitor": EVERYWHERE, "enterprise operator": "own"},
        args=lambda world: [world.get(a_finding).pk],
        post={},
        places=NEARBY,
    ),
}
