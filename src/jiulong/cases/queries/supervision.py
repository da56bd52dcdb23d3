"""What a supervisor looks at: who is slow at what, what is over, what came up today."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from jiulong.cases.lifecycle import (
    ACCEPTED,
    ASSIGNED,
    FILED,
    REPLIED,
    SUSPENDED,
    VERIFIED,
)
from jiulong.cases.models import Case, Escalation
from jiulong.cases.queries.scope import HEAVY, IS_OPEN, past, rows, visible
from jiulong.cases.queries.todo import extensions_for
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer

#: The matrix's columns, in the order of the road.
STAGES: Final = (FILED, ASSIGNED, ACCEPTED, REPLIED, VERIFIED, SUSPENDED)


@dataclass(frozen=True, slots=True)
class Cell:
    """Open cases of a unit at a stage, and how many of them are past their time."""

    stage: str
    count: int = 0
    late: int = 0


@dataclass(slots=True)
class Line:
    """One unit of the matrix."""

    unit: Unit
    by_stage: dict[str, Cell] = field(default_factory=dict)

    @property
    def cells(self) -> list[Cell]:
        return [self.by_stage.get(stage, Cell(stage)) for stage in STAGES]

    @property
    def count(self) -> int:
        return sum(cell.count for cell in self.by_stage.values())

    @property
    def late(self) -> int:
        return sum(cell.late for cell in self.by_stage.values())


def matrix(viewer: Viewer, now: datetime) -> list[Line]:
    """Units × stages of the open cases, the unit with most overdue cases first: two queries.

    A case counts for its lead unit, before it has one for the desk that dispatches it. Late is
    what is past its promise, before there is one what is past the time of the next move.
    """
    grouped = (
        visible(viewer)
        .filter(IS_OPEN)
        .order_by()
        .values("stage", unit=Coalesce(F("lead_id"), F("dispatch_id")))
        .annotate(count=Count("pk"), late=Count("pk", filter=past(now)))
    )
    counted = list(grouped)
    units = Unit.objects.in_bulk({row["unit"] for row in counted})
    lines = {pk: Line(unit) for pk, unit in units.items()}
    for row in counted:
        cell = Cell(row["stage"], row["count"], row["late"])
        lines[row["unit"]].by_stage[row["stage"]] = cell
    return sorted(lines.values(), key=lambda line: (-line.late, -line.count, line.unit.code))


def overdue(viewer: Viewer, now: datetime) -> QuerySet[Case]:
    """Open cases past their time, the longest over first."""
    since = Coalesce(F("due_at"), F("turn_due_at"))
    return rows(visible(viewer).filter(past(now))).order_by(since, "pk")


def extensions(viewer: Viewer) -> QuerySet[Case]:
    """Cases whose extension waits for the viewer's answer, the most urgent first."""
    return rows(extensions_for(viewer)).order_by("due_at", "pk")


def escalated(viewer: Viewer, now: datetime) -> QuerySet[Escalation]:
    """Rungs that came today, newest first."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return _rungs(viewer).filter(at__gte=midnight, at__lt=midnight + timedelta(days=1))


def bulletin(viewer: Viewer, since: datetime) -> QuerySet[Escalation]:
    """Rungs since then that are to be named in the bulletin, newest first."""
    return _rungs(viewer).filter(bulletin=True, at__gte=since)


def _rungs(viewer: Viewer) -> QuerySet[Escalation]:
    joined = Escalation.objects.select_related("case__lead", "case__dispatch")
    return joined.defer(*(f"case__{name}" for name in HEAVY)).filter(
        case__in=visible(viewer).order_by()
    )
