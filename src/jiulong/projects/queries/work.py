"""What waits for somebody: months to report and to confirm, obstacles, and other rules' lights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from jiulong.cases import specs
from jiulong.cases.lifecycle import OPEN
from jiulong.cases.models import MatterType
from jiulong.cases.queries.scope import furnished
from jiulong.cases.queries.scope import visible as visible_cases
from jiulong.organisation.rules import Viewer, reach
from jiulong.projects import rules
from jiulong.projects.lights import gathering, judging
from jiulong.projects.lights.gathering import month_of
from jiulong.projects.lights.spec import LightSpec
from jiulong.projects.models import MonthReport, Obstacle, Project
from jiulong.projects.queries.scope import reported, visible


@dataclass(frozen=True, slots=True)
class Due:
    """A month that a project has to report."""

    project: Project
    month: date
    due_on: date
    late: bool


def reporting_month(on: date) -> date:
    """The month that is being reported: the last that ended."""
    return gathering.before(on)


def due_on(month: date, day: int) -> date:
    """Until when a month is reported."""
    return gathering.after(month).replace(day=day)


def unreported(viewer: Viewer, on: date) -> list[Due]:
    """Projects whose word on the last ended month is not in, those the viewer may report first."""
    month = reporting_month(on)
    spec = gathering.in_force(gathering.all_rules(), on)
    until = due_on(month, spec.report_due_day if spec else gathering.DUE_DAY)
    found = missing(month).filter(pk__in=visible(viewer).values("pk"))
    own = reach(viewer, "report_project")
    rows = [
        Due(project=one, month=month, due_on=until, late=on > until)
        for one in found.select_related("lead_unit", "zone")
    ]
    return sorted(
        rows, key=lambda row: (not own.covers(row.project.lead_unit_id), row.project.code)
    )


def missing(month: date) -> QuerySet[Project]:
    """Projects on the list with a plan for the year whose word on the month is not in."""
    planned = Project.objects.filter(dropped_on=None, plans__year=month.year)
    return planned.filter(~reported(month)).order_by("code")


def to_confirm(viewer: Viewer) -> QuerySet[MonthReport]:
    """Reports that wait for a confirmation which the viewer may give, the oldest first."""
    held = reach(viewer, "confirm_project")
    return (
        MonthReport.objects.filter(state=MonthReport.State.SUBMITTED)
        .filter(held.within("project__supervising_unit"), rules.visible(viewer, "project__"))
        .exclude(submitted_by=viewer.pk)
        .select_related("project", "project__lead_unit", "submitted_by")
        .order_by("submitted_at", "pk")
    )


def obstacles(viewer: Viewer, *, open_only: bool = True, matter: str = "") -> QuerySet[Obstacle]:
    """Obstacles whose project and case the viewer may see, the nearest promise first."""
    found = Obstacle.objects.filter(
        project__in=visible(viewer).values("pk"), case__in=visible_cases(viewer).values("pk")
    )
    if open_only:
        found = found.filter(case__stage__in=sorted(OPEN))
    if matter:
        found = found.filter(case__matter__code=matter)
    return found.select_related("project", "project__lead_unit", "project__zone", "case")


def dressed(rows: Sequence[Obstacle]) -> Sequence[Obstacle]:
    """Their cases with units and matters: two queries, however many."""
    furnished([row.case for row in rows])
    return rows


@dataclass(frozen=True, slots=True)
class Compared:
    """What one set of rules gives for all projects of a month."""

    spec: LightSpec
    counts: dict[str, int]
    colours: dict[int, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every set of rules on the same figures, and the projects on which they differ."""

    month: date
    sets: list[Compared]
    differing: list[tuple[Project, list[str]]]


def compare(viewer: Viewer, on: date) -> Comparison:
    """Judge the viewer's projects by every set of rules: six queries, nothing is written."""
    month = month_of(on)
    found = list(visible(viewer).select_related("lead_unit"))
    facts = gathering.facts_of(found, [month], on)
    sets = [_compared(spec, facts) for spec in gathering.all_rules()]
    differing: list[tuple[Project, list[str]]] = []
    for project in found:
        colours = [one.colours[project.pk] for one in sets]
        if len(set(colours) - {judging.NONE}) > 1:
            differing.append((project, colours))
    return Comparison(month=month, sets=sets, differing=differing)


def _compared(spec: LightSpec, facts: Any) -> Compared:
    colours = {pk: judging.judge(spec, about).colour for (pk, _month), about in facts.items()}
    counts = Counter(colours.values())
    return Compared(spec, {colour: counts[colour] for colour in judging.WEIGHT}, colours)


def matter_choices(prefix: str) -> list[tuple[str, str]]:
    """Matters whose code begins so: code and name."""
    rows = MatterType.objects.filter(code__startswith=prefix, retired_at=None)
    return [(row.code, specs.matter(row).name.show()) for row in rows]
