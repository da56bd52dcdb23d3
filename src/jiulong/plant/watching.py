"""Watching over units and doors: what stands still, what stands open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from jiulong.monitoring import numbers
from jiulong.monitoring.models import Finding, Point
from jiulong.monitoring.raising import end_findings, raise_finding
from jiulong.plant import codes, judging
from jiulong.plant.models import Stage, StationState, UnitState
from jiulong.upkeep.models import MaintenanceRecord

#: A door that opens this long before or after the work of a maintenance record was opened for it.
WORK: Final = timedelta(hours=4)

#: The lowest and the newest flow (L/s) at the outfalls' effluent points since a moment.
FLOW: Final = """
SELECT p.id, p.outfall_id, min(r.values[k.i]), count(*)
FROM monitoring_point p
JOIN reading r ON r.point = p.id AND r.period IN (0, 1) AND r.at >= %(since)s AND r.at <= %(now)s
CROSS JOIN LATERAL (SELECT array_position(
    r.factors, (SELECT id FROM monitoring_factor WHERE code = 'w00000')) AS i) AS k
WHERE p.outfall_id = ANY(%(outfalls)s) AND p.position = 'effluent'
  AND k.i IS NOT NULL AND r.values[k.i] IS NOT NULL
GROUP BY p.id, p.outfall_id ORDER BY p.id
"""


def step(now: datetime) -> bool:
    """One round (a chore, every minute): units that stand still, findings that are over."""
    idle = _idle(now)
    flows = _flows({state.unit.point.outfall_id for state in idle}, now)
    standing: dict[int, list[UnitState]] = {}
    for state in idle:
        for point in flows.get(state.unit.point.outfall_id, ()):
            standing.setdefault(point, []).append(state)
    points = Point.objects.in_bulk(standing)
    for pk, states in standing.items():
        _raise(points[pk], states, now)
    over = Finding.objects.filter(rule=judging.PlantOff.code, ended_at=None)
    for finding in over.exclude(point__in=standing).select_related("point"):
        end_findings(rule=finding.rule, point=finding.point, factor=None, now=now)
    return False


def _idle(now: datetime) -> list[UnitState]:
    """Units that have to run and have been off for longer than they may."""
    off = UnitState.objects.filter(
        state=UnitState.State.OFF, until=None, unit__must_run=True, unit__retired_at=None,
        unit__stage=Stage.PROCESS,
    ).select_related("unit__point")  # fmt: skip
    return [one for one in off if one.since + timedelta(minutes=one.unit.off_minutes) <= now]


def _flows(outfalls: set[int], now: datetime) -> dict[int, list[int]]:
    """Outfalls from which water flows now, with their effluent points."""
    if not outfalls:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            FLOW,
            {"since": now - judging.FLOW_WITHIN, "now": now, "outfalls": list(outfalls)},
        )
        rows = cursor.fetchall()
    found: dict[int, list[int]] = {}
    for point, outfall, lowest, _count in rows:
        if numbers.exact(lowest) >= judging.FLOW_MIN:
            found.setdefault(outfall, []).append(point)
    return found


def _raise(point: Point, states: list[UnitState], now: datetime) -> None:
    """One finding for a point, however many units stand still."""
    open_now = Finding.objects.filter(rule=judging.PlantOff.code, point=point, ended_at=None)
    started = open_now.values_list("started_at", flat=True).first()
    since = min(one.since + timedelta(minutes=one.unit.off_minutes) for one in states)
    detail = {
        "units": [
            {"code": one.unit.code, "name": one.unit.name, "since": one.since.isoformat()}
            for one in sorted(states, key=lambda one: one.unit.code)
        ]
    }
    if started is not None and open_now.filter(detail=detail).exists():
        return
    raise_finding(
        rule=judging.PlantOff.code, point=point, started_at=started or since, now=now,
        detail=detail,
    )  # fmt: skip


# -- doors ---------------------------------------------------------------------------------------


def watch_doors(point_id: int, now: datetime) -> None:
    """Raise what stands open without work, end what was closed."""
    point = Point.objects.get(pk=point_id)
    doors = StationState.objects.filter(point=point, key__in=codes.WATCHED, current=True)
    opened = [one for one in doors if one.text.strip() not in codes.CLOSED]
    if not opened:
        closed = max((one.since for one in doors), default=now)
        end_findings(rule=judging.DOOR, point=point, factor=None, now=closed)
        return
    since = min(one.since for one in opened)
    if not worked_at(point, since):
        detail = {"doors": sorted(one.key for one in opened)}
        raise_finding(rule=judging.DOOR, point=point, started_at=since, now=now, detail=detail)


def worked_at(point: Point, moment: datetime) -> bool:
    """Whether a maintenance record tells of work at the station about then."""
    return MaintenanceRecord.objects.filter(
        point=point, withdrawn_at=None, at__gte=moment - WORK, at__lte=moment + WORK
    ).exists()


def explain_doors(now: datetime) -> bool:
    """A chore: open doors that a record, handed in since, tells of are explained and over."""
    standing = Finding.objects.filter(rule=judging.DOOR, ended_at=None).select_related("point")
    for finding in _explained(standing):
        end_findings(rule=judging.DOOR, point=finding.point, factor=None, now=now)
    return False


def _explained(findings: Iterable[Finding]) -> list[Finding]:
    return [one for one in findings if worked_at(one.point, one.started_at)]
