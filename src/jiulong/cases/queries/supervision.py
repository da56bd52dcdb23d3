"""What a supervisor looks at: who is slow at what, what is over, what came up today."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Case as Choice
from django.db.models import Count, F, Q, QuerySet, When
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
from jiulong.cases.queries.scope import IS_OPEN, furnished, past, rows, visible
from jiulong.cases.queries.todo import extensions_for
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer, reach

#: Rows of the lists of the page; the matrix says how many there are.
MOST, FEW = 30, 15
BULLETIN_SPAN: Final = timedelta(days=30)
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
    #: Where its open cases are listed.
    address: str = ""
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


def overdue(viewer: Viewer, now: datetime, most: int = MOST) -> list[Case]:
    """Open cases past their time, the longest over first."""
    return furnished(_overdue(viewer, now, most))


def _overdue(viewer: Viewer, now: datetime, most: int) -> QuerySet[Case]:
    promised = Q(replied_at=None, due_at__isnull=False)  # as `words.until_of` shows it
    since = Choice(When(promised, then=F("due_at")), default=F("turn_due_at"))
    return rows(visible(viewer).filter(past(now))).order_by(since, "pk")[:most]


@dataclass(frozen=True, slots=True)
class Desk:
    """The lists of the supervisor's page; their cases have their names."""

    overdue: list[Case]
    extensions: list[Case]
    escalated: list[Escalation]
    bulletin: list[Escalation]


def desk(viewer: Viewer, now: datetime) -> Desk:
    """What is over, the longest first; extensions that wait for the viewer, the most urgent first;
    rungs that came today, and those of the last 30 days for the bulletin, newest first.
    """
    late = list(_overdue(viewer, now, MOST))
    asked = list(rows(extensions_for(viewer)).order_by("due_at", "pk")[:FEW])
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = _rungs(viewer, Q(at__gte=midnight, at__lt=midnight + timedelta(days=1)))
    named = _rungs(viewer, Q(bulletin=True, at__gte=now - BULLETIN_SPAN))
    rungs = [*today, *named]
    of_rungs = rows(Case.objects.filter(pk__in={one.case_id for one in rungs})) if rungs else []
    known = {case.pk: case for case in furnished([*late, *asked, *of_rungs])}
    for one in rungs:
        one.case = known[one.case_id]
    return Desk(late, asked, today, named)


def _rungs(viewer: Viewer, wanted: Q) -> list[Escalation]:
    found = Escalation.objects.filter(wanted)
    if not reach(viewer, "see_cases").everything:
        found = found.filter(case__in=visible(viewer).order_by())
    return list(found.order_by("-at", "-id")[:FEW])
