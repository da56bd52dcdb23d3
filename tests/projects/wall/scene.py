"""Projects with a year behind them, for the tests of the wall."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any, Final

from jiulong.organisation.models import Unit
from jiulong.projects import stages
from jiulong.projects.models import (
    Colour,
    Light,
    Milestone,
    MonthReport,
    PlanMonth,
    Project,
    StageMove,
    YearPlan,
)
from tests.factories import make_unit

#: The lights of October are the newest: reports are due on the 5th of the month after.
TODAY: Final = date(2026, 11, 20)
NOW: Final = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
YEAR: Final = 2026
_serial = count(1)


def make_project(zone: Unit | None = None, unit: Unit | None = None, **fields: Any) -> Project:
    """A project under construction since May."""
    n = next(_serial)
    given = {
        "code": f"P{n:03d}", "name": f"Project {n}", "level": "city", "kind": "new",
        "industry": "manufacturing", "stage": stages.BUILDING, "batch": "started",
        "zone": zone or make_unit(Unit.Kind.STREET), "lead_unit": unit or make_unit(),
        "total_investment": Decimal(24_000), "started_on": date(YEAR, 5, 6),
        "construction_permit_on": date(YEAR, 5, 1), "longitude": 117.65, "latitude": 24.52,
        "filed_at": datetime(YEAR - 1, 12, 1, tzinfo=UTC), "updated_at": NOW,
    }  # fmt: skip
    return Project.objects.create(**{**given, **fields})


def tell(
    project: Project, done: Sequence[int], *, plan: int = 1200, colours: Sequence[str] = ()
) -> None:
    """An even plan of the year, what was done month by month (from January on), and the lights."""
    planned = YearPlan.objects.create(
        project=project, year=YEAR, investment=Decimal(plan), revised_at=NOW
    )
    PlanMonth.objects.bulk_create(
        PlanMonth(plan=planned, month=date(YEAR, n, 1), planned=Decimal(plan * n) / 12)
        for n in range(1, 13)
    )
    MonthReport.objects.bulk_create(
        MonthReport(
            project=project, month=date(YEAR, n, 1), planned=Decimal(plan * n) / 12,
            done=Decimal(value), state=MonthReport.State.SUBMITTED,
        )
        for n, value in enumerate(done, start=1)
    )  # fmt: skip
    Light.objects.bulk_create(
        Light(
            project=project, month=date(YEAR, n, 1), colour=colour, rule="", rules="test",
            computed_at=NOW,
        )
        for n, colour in enumerate(colours, start=1)
    )  # fmt: skip


def enter(project: Project, *moves: tuple[str, date]) -> None:
    """Days on which a project entered its stages."""
    StageMove.objects.bulk_create(
        StageMove(project=project, stage=stage, entered_on=on, at=NOW) for stage, on in moves
    )


def plan_mark(project: Project, title: str, planned: date, done: date | None = None) -> Milestone:
    """A milestone."""
    return Milestone.objects.create(project=project, title=title, planned_on=planned, done_on=done)


def district(n: int = 3) -> list[Project]:
    """Projects of which every third is red, every third yellow and every third green."""
    zones = [make_unit(Unit.Kind.STREET, name=f"片区{k}") for k in range(3)]
    lead = make_unit(name="住建局")
    made = []
    for k in range(n):
        colour = (Colour.RED, Colour.YELLOW, Colour.GREEN)[k % 3]
        place = {"longitude": 117.6 + k % 20 / 200, "latitude": 24.5 + k % 15 / 200}
        project = make_project(zones[k % 3], lead, name=f"项目{k + 1}", **place)
        share = {Colour.RED: 40, Colour.YELLOW: 80, Colour.GREEN: 100}[colour]
        tell(project, [share * m for m in range(1, 11)], colours=[Colour.GREEN] * 5 + [colour] * 5)
        plan_mark(project, "主体封顶", date(YEAR, 9, 30), None if k % 3 == 0 else date(YEAR, 9, 20))
        made.append(project)
    return made
