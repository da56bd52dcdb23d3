"""Marks on what loggers flagged and what never came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from jiulong.evidence.actions import record_events
from jiulong.evidence.actions.events import Act
from jiulong.monitoring.models import Finding, Period, Point
from jiulong.upkeep.actions import common, mark_due
from jiulong.upkeep.invented.cast import DAY, HOUR, Cast, dice, local
from jiulong.upkeep.models import Mark

#: Hours in a row that a logger flagged, by point and flag.
FLAGGED: Final = """
WITH flagged AS (
    SELECT point, at, substring(flags from '[^N.n]') AS letter
    FROM reading
    WHERE period = %(hour)s AND at >= %(start)s AND at < %(end)s AND flags ~ '[^N.n]'
      AND point = ANY(%(points)s)
), parted AS (
    SELECT *, at - row_number() OVER (PARTITION BY point, letter ORDER BY at) * interval '1 hour'
        AS run FROM flagged
)
SELECT point, letter, min(at), max(at) + interval '1 hour'
FROM parted GROUP BY point, letter, run ORDER BY point, min(at)
"""
#: Letter → kind; others are faults.
KINDS: Final = {
    "D": "fault", "M": "maintenance", "C": "calibration", "F": "stopped", "B": "broken_line",
}  # fmt: skip
WORDS: Final = {
    "fault": ("消解管破裂，已更换", "采样泵不上水，清堵后恢复", "比色光源老化，更换后校准"),
    "maintenance": ("例行清洗管路与电极", "更换试剂并排空", "更换泵管"),
    "calibration": ("量程校准", "每月校验"),
    "stopped": ("站房停电检修", "仪器返厂维修"),
    "broken_line": ("通信卡流量用尽", "数采仪重启，数据已补传", "运营商基站检修"),
    "missing": ("数采仪死机，缺数时段已人工核对", "停电，无数据"),
    "production_stopped": ("当日停产，无废水外排",),
    "treatment_fault": ("曝气风机跳闸，已抢修",),
}
#: In hundredths: never marked, handed in late, rejected.
UNMARKED, LATE, REJECTED = 8, 7, 4
WHY_NOT: Final = ("无佐证材料，不予认可", "标记时段与运维记录不符")
#: A condition mark of one point in so many.
CONDITION_EACH: Final = 15


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time that asks for a mark."""

    kind: str
    start: datetime
    end: datetime


def marks(points: Sequence[Point], cast: Cast) -> int:
    """Marks of all points, most of them reviewed."""
    made = Mark.objects.bulk_create(
        [mark for point, found in _stretches(points, cast) for mark in _marks(point, found, cast)],
        batch_size=1000,
    )
    record_events(_acts(made, cast))
    for mark in made:
        if mark.invalidates and (mark.accepted or not (mark.late or mark.reviewed_at)):
            common.tell(mark.point_id, mark.started_at, mark.ended_at, common.reference(mark))
    return len(made)


def _stretches(points: Sequence[Point], cast: Cast) -> Iterator[tuple[Point, list[Stretch]]]:
    by_point: dict[int, list[Stretch]] = {point.pk: [] for point in points}
    by_batch = {p.pk for p in points if p.discharge == Point.Discharge.INTERMITTENT}
    start = local(cast.today - cast.days * DAY, 0)
    asked: dict[str, Any] = {
        "hour": int(Period.HOUR), "start": start, "end": cast.now, "points": list(by_point),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FLAGGED, asked)
        for point, letter, first, last in cursor.fetchall():
            if letter == "F" and point in by_batch:
                continue  # the works stop every night; nobody marks that
            by_point[point].append(Stretch(KINDS.get(letter, "fault"), first, last))
    missing = Finding.objects.filter(
        rule="missing", point__in=by_point, started_at__gte=start, ended_at__isnull=False
    )
    for finding in missing:
        kind = "broken_line" if finding.pk % 2 else "missing"
        end = finding.ended_at or finding.last_at
        by_point[finding.point_id].append(Stretch(kind, finding.started_at, end))
    for point in points:
        chance = dice(point, "condition")
        if chance.randrange(CONDITION_EACH) == 0:
            day = cast.today - chance.randrange(2, max(cast.days, 3)) * DAY
            kind = chance.choice(("production_stopped", "treatment_fault"))
            stretch = Stretch(kind, local(day, 8), local(day, 8 + chance.randrange(2, 9)))
            by_point[point.pk].append(stretch)
        yield point, by_point[point.pk]


def _marks(point: Point, found: Sequence[Stretch], cast: Cast) -> Iterator[Mark]:
    chance = dice(point, "marks")
    yesterday = local(cast.today - DAY, 0)
    for one in found:
        draw = chance.randrange(100)
        open_still = one.start >= yesterday and chance.randrange(2)
        if draw < UNMARKED or open_still or one.end <= one.start or one.start < point.active_from:
            continue
        mark = _mark(point, one, cast, chance, late=draw < UNMARKED + LATE)
        if mark is not None:
            yield mark


def _mark(point: Point, one: Stretch, cast: Cast, chance: Random, *, late: bool) -> Mark | None:
    kind, due = cast.book.kinds[one.kind], mark_due(cast.book, one.start)
    entered = due + chance.randrange(1, 40) * HOUR if late else due - chance.randrange(1, 5) * HOUR
    entered = max(entered, one.end) + timedelta(minutes=chance.randrange(60))
    if entered > cast.now:
        return None
    return Mark(
        point=point, kind=kind.key, group=kind.group, letter=kind.letter,
        invalidates=kind.invalidates, factors=[], started_at=one.start, ended_at=one.end,
        explanation=chance.choice(WORDS[one.kind]), due_at=due, late=entered > due,
        **_reviewed(entered, cast, chance), **cast.signed(point, entered),
    )  # fmt: skip


def _reviewed(entered: datetime, cast: Cast, chance: Random) -> dict[str, Any]:
    at = entered + chance.randrange(2, 30) * HOUR
    if at > cast.now or cast.reviewer is None:
        return {}
    accepted = chance.randrange(100) >= REJECTED
    reason = "" if accepted else chance.choice(WHY_NOT)
    return {
        "accepted": accepted, "reviewed_at": at, "reviewed_by": cast.reviewer,
        "review_reason": reason,
    }  # fmt: skip


def _acts(made: Sequence[Mark], cast: Cast) -> list[Act]:
    """What was done, in the order of time."""
    acts = []
    for mark in made:
        told = {
            "point": mark.point.code, "kind": mark.kind, "explanation": mark.explanation,
            "started_at": mark.started_at.isoformat(), "ended_at": mark.ended_at.isoformat(),
            "late": mark.late,
        }  # fmt: skip
        acts.append(
            Act(actor=mark.by, verb="mark_data", subject=mark, at=mark.entered_at, data=told)
        )
        if mark.reviewed_at is not None:
            said = {"accepted": mark.accepted, "reason": mark.review_reason}
            acts.append(
                Act(
                    actor=cast.reviewer,
                    verb="review_mark",
                    subject=mark,
                    at=mark.reviewed_at,
                    data=said,
                )
            )
    return sorted(acts, key=lambda act: act.at or timezone.now())
