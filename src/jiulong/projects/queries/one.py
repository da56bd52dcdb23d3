"""One project with all that its page shows: a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from jiulong.cases.queries.scope import furnished
from jiulong.cases.queries.scope import visible as visible_cases
from jiulong.evidence.models import Attachment, Event
from jiulong.organisation.rules import Viewer
from jiulong.projects import rules
from jiulong.projects.lights import gathering
from jiulong.projects.lights.gathering import month_of, standing_overrides
from jiulong.projects.models import (
    Light,
    LightOverride,
    Milestone,
    MonthReport,
    Obstacle,
    PlanMonth,
    Project,
    StageMove,
    YearPlan,
)
from jiulong.projects.queries.scope import counted, lit

#: So many of the newest acts are shown.
ACTS = 60


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month of the year: plan beside word, both 万元 from January on."""

    month: date
    planned: Decimal
    node: str
    report: MonthReport | None
    light: Light | None
    due: bool

    @property
    def done(self) -> Decimal | None:
        """What was done, where the word counts."""
        if self.report is None or self.report.state not in gathering.COUNTED:
            return None
        return self.report.done


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a project's page."""

    project: Project
    month: date
    light: Light | None
    override: LightOverride | None
    moves: Sequence[StageMove]
    plans: Sequence[YearPlan]
    months: Sequence[MonthRow]
    milestones: Sequence[Milestone]
    pictures: Mapping[str, Sequence[Attachment]]
    obstacles: Sequence[Obstacle]
    acts: Sequence[Event]


def project(viewer: Viewer, pk: int, on: date) -> Any:
    """One project with its light and figures.

    Raises:
        Project.DoesNotExist: there is none, or the viewer may not see it.
    """
    month = month_of(on)
    found = counted(lit(Project.objects.filter(rules.visible(viewer)), month, on), month)
    return found.select_related("zone", "lead_unit", "supervising_unit", "leader").get(pk=pk)


def page(viewer: Viewer, found: Project, on: date) -> Page:
    """All that belongs to a project that the viewer was shown."""
    month = month_of(on)
    overrides = LightOverride.objects.filter(standing_overrides(on), project=found)
    milestones = list(found.milestones.select_related("done_by", "confirmed_by"))
    return Page(
        project=found,
        month=month,
        light=Light.objects.filter(project=found, month=month).first(),
        override=overrides.first(),
        moves=list(found.stage_moves.all()),
        plans=list(found.plans.all()),
        months=months(found, month.year, month),
        milestones=milestones,
        pictures=_pictures(milestones),
        obstacles=_obstacles(viewer, found),
        acts=list(
            Event.objects.filter(subject="projects.project", subject_id=str(found.pk))
            .order_by("-at", "-pk")[:ACTS]
        ),
    )  # fmt: skip


def months(found: Project, year: int, judged: date) -> list[MonthRow]:
    """The twelve months of a year as far as they are planned or reported."""
    reports = {
        row.month: row
        for row in found.reports.filter(month__year=year)
        .select_related("submitted_by", "confirmed_by")
        .prefetch_related("revisions")
    }
    lights = {row.month: row for row in found.lights.filter(month__year=year)}
    planned = PlanMonth.objects.filter(plan__project=found, plan__year=year)
    plans = {row.month: row for row in planned}
    return [
        MonthRow(
            month=month,
            planned=plans[month].planned if month in plans else Decimal(0),
            node=plans[month].node if month in plans else "",
            report=reports.get(month),
            light=lights.get(month),
            due=month <= judged,
        )
        for month in sorted(plans.keys() | reports.keys())
    ]


def milestone(viewer: Viewer, pk: int) -> Milestone:
    """One milestone of a project that the viewer may see.

    Raises:
        Milestone.DoesNotExist: there is none, or the viewer may not see its project.
    """
    seen = Project.objects.filter(rules.visible(viewer))
    return Milestone.objects.select_related("project").get(pk=pk, project__in=seen)


def report(viewer: Viewer, pk: int) -> MonthReport:
    """One month's report of a project that the viewer may see.

    Raises:
        MonthReport.DoesNotExist: there is none, or the viewer may not see its project.
    """
    seen = Project.objects.filter(rules.visible(viewer))
    return MonthReport.objects.select_related("project").get(pk=pk, project__in=seen)


def override(viewer: Viewer, pk: int) -> LightOverride:
    """One light by hand of a project that the viewer may see.

    Raises:
        LightOverride.DoesNotExist: there is none, or the viewer may not see its project.
    """
    seen = Project.objects.filter(rules.visible(viewer))
    return LightOverride.objects.select_related("project").get(pk=pk, project__in=seen)


def _pictures(milestones: Sequence[Milestone]) -> dict[str, list[Attachment]]:
    """Photographs of milestones by the milestone's key, as text."""
    found: dict[str, list[Attachment]] = {}
    rows = Attachment.objects.filter(
        subject="projects.milestone", subject_id__in=[str(one.pk) for one in milestones],
        withdrawn_at=None,
    ).select_related("file")  # fmt: skip
    for row in rows:
        found.setdefault(row.subject_id, []).append(row)
    return found


def _obstacles(viewer: Viewer, found: Project) -> list[Obstacle]:
    """Obstacles whose cases the viewer may see, with their cases."""
    rows = list(found.obstacles.filter(case__in=visible_cases(viewer)).select_related("case"))
    furnished([row.case for row in rows])
    return rows
