"""A few faults: open, restored in time, restored late; with manual data meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from jiulong.calendar import clocks
from jiulong.calendar.queries import district_calendar
from jiulong.evidence.actions import record_events
from jiulong.evidence.actions.events import Act
from jiulong.monitoring.models import Finding, Point
from jiulong.upkeep.actions import common
from jiulong.upkeep.invented.cast import DAY, HOUR, Cast, dice
from jiulong.upkeep.invented.checking import STANDARDS
from jiulong.upkeep.models import FaultReport, ManualDatum

#: Faults of points that are not silent, and how long ago the first of them began.
OTHERS: Final = 5
METHODS: Final = {"w01018": "HJ 828-2017", "w21003": "HJ 535-2009", "w21011": "GB 11893-89",
                  "w21001": "HJ 636-2012"}  # fmt: skip
LABORATORY: Final = "芗溪检测（演示）"


@dataclass(frozen=True, slots=True)
class Broken:
    """A fault that is to be reported: after how long, and after how long it was over."""

    point: Point
    began_at: datetime
    reported: timedelta
    lasted: timedelta | None
    words: str


def faults(points: Sequence[Point], cast: Cast) -> int:
    """The silent stations' open faults, and some that were put right."""
    calendar = district_calendar()
    rows = []
    for one in _broken(points, cast):
        due = clocks.deadline(one.began_at, cast.book.limit("fault_report"), calendar)
        restore = clocks.deadline(one.began_at, cast.book.limit("fault_restore"), calendar)
        entered = min(one.began_at + one.reported, cast.now)
        over = None if one.lasted is None else one.began_at + one.lasted
        row = FaultReport(
            point=one.point, began_at=one.began_at, factors=[], description=one.words,
            due_at=due or entered, late=due is not None and entered > due,
            restore_by=restore or entered, **cast.signed(one.point, entered),
        )  # fmt: skip
        if over is not None:
            row.restored_at, row.restored_by = over, cast.actor(one.point)
            row.restored_note = "更换备件，核查合格后恢复"
        rows.append(row)
    made = FaultReport.objects.bulk_create(rows)
    record_events(
        Act(
            actor=row.by, verb="report_fault", subject=row, at=row.entered_at,
            data={"point": row.point.code, "description": row.description, "late": row.late},
        )
        for row in made
    )  # fmt: skip
    manual = ManualDatum.objects.bulk_create([one for row in made for one in _manual(row, cast)])
    record_events(
        Act(
            actor=one.by, verb="enter_manual", subject=one, at=one.entered_at,
            data={"point": one.point.code, "factor": one.factor.code, "value": str(one.value)},
        )
        for one in manual
    )  # fmt: skip
    for row in made:
        end = row.restored_at or cast.now
        common.tell(row.point_id, row.began_at, end, common.reference(row))
    return len(made)


def _broken(points: Sequence[Point], cast: Cast) -> Iterator[Broken]:
    silent = dict(
        Finding.objects.filter(rule="offline", ended_at=None).values_list("point", "started_at")
    )
    for point in points:
        since = silent.get(point.pk)
        if since is not None and cast.now - since > 4 * HOUR:
            yield Broken(point, since, 3 * HOUR, None, "站房断电，数采仪离线，等待供电抢修")
    operated = [point for point in points if point.operator is not None and point.pk not in silent]
    step = max(len(operated) // OTHERS, 1)
    for number, point in enumerate(operated[::step][:OTHERS]):
        began = cast.now - (3 + 5 * number) * DAY - 7 * HOUR
        if began < cast.now - cast.days * DAY or began < point.active_from:
            continue
        late = number == 2
        lasted = 200 * HOUR if number == 3 else (40 + 8 * number) * HOUR
        reported = 19 * HOUR if late else (2 + number) * HOUR
        yield Broken(point, began, reported, lasted, "COD分析仪消解模块故障，改人工监测")


def _manual(row: FaultReport, cast: Cast) -> Iterator[ManualDatum]:
    """A sample every six hours of each factor that a laboratory measures."""
    chance = dice(row.point, "manual")
    end = row.restored_at or cast.now - 2 * HOUR
    at = row.began_at + 2 * HOUR
    while at < end:
        for factor in cast.factors.get(row.point_id, []):
            level = STANDARDS.get(factor.code)
            if level is not None:
                value = level * Decimal(f"{chance.uniform(0.3, 0.7):.3f}")
                yield ManualDatum(
                    point=row.point, factor=factor, sampled_at=at, fault=row, flow_m3=None,
                    value=value.quantize(Decimal("0.01")), method=METHODS[factor.code],
                    laboratory=LABORATORY, **cast.signed(row.point, at + 90 * timedelta(minutes=1)),
                )  # fmt: skip
        at += 6 * HOUR
