"""What the wall reads: every project of the viewer with its year, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q

from jiulong.cases.lifecycle import OPEN
from jiulong.cases.models import Case
from jiulong.cases.queries.scope import visible
from jiulong.organisation.rules import Viewer
from jiulong.projects import rules, wall_course
from jiulong.projects.lights.gathering import COUNTED, month_of, standing_overrides
from jiulong.projects.models import (
    Colour,
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
from jiulong.projects.wall_course import MONTHS, NOUGHT, Course, Mark
from jiulong.projects.words import decided

#: Fields of a project that the wall draws; descriptions and contacts stay behind.
DRAWN: Final = (
    "pk", "code", "name", "level", "batch", "stage", "zone__code", "zone__name",
    "lead_unit__code", "lead_unit__name", "leader_post", "leader",
    "total_investment", "longitude", "latitude", "planned_start_on", "started_on",
    "planned_finish_on", "finished_on", "dropped_on",
)  # fmt: skip
#: What stands in the way, in short: the page of the project has all of it.
OBSTACLES: Final = 5
#: What the name of a leader is made of, as in `queries.leaders`.
LEADER: Final = ("leader__last_name", "leader__first_name", "leader__username")


@dataclass(frozen=True)
class Wall:
    """A year of projects as one viewer sees it.

    `through` is how many months have been judged; the slider goes that far. `units` are names by
    code, `leaders` names by key.
    """

    year: int
    through: int
    today: date
    units: Mapping[str, str]
    leaders: Mapping[str, str]
    courses: tuple[Course, ...]

    def day(self, month: int) -> date:
        """Until when a month (1 is January) is looked at: its last day, or today in it."""
        return min(wall_course.last_day(self.year, month - 1), self.today)

    def as_json(self) -> dict[str, Any]:
        """As the wall's scripts read it."""
        zones = {one.zone for one in self.courses}
        leads = {one.unit for one in self.courses}
        return {
            "year": self.year,
            "through": self.through,
            "today": self.today,
            "zones": {code: name for code, name in self.units.items() if code in zones},
            "units": {code: name for code, name in self.units.items() if code in leads},
            "leaders": self.leaders,
            "projects": [one.as_json() for one in self.courses],
        }


def year(viewer: Viewer, of: int, today: date) -> dict[str, Any]:
    """`wall` as one compact structure for scripts, dates as dates: DjangoJSONEncoder writes it."""
    return wall(viewer, of, today).as_json()


def wall(viewer: Viewer, of: int, today: date, only: int | None = None) -> Wall:
    """The projects that the viewer may see, through the year: nine queries whatever their number.

    What was taken off the list before the year is left out. `only` is the key of one project.
    """
    here = Project.objects.filter(rules.visible(viewer), filed_at__year__lte=of)
    if only is not None:
        here = here.filter(pk=only)
    projects = list(
        here.filter(Q(dropped_on=None) | Q(dropped_on__year__gte=of))
        .order_by("code")
        .values(*DRAWN, *LEADER)
    )
    judged = month_of(today)
    through = judged_months(of, judged)
    rows = _Rows(frozenset(row["pk"] for row in projects), of, judged, today)
    units = {row["zone__code"]: row["zone__name"] for row in projects}
    units |= {row["lead_unit__code"]: row["lead_unit__name"] for row in projects}
    leaders = {_key(row): _name(row) for row in projects if _key(row)}
    return Wall(
        year=of,
        through=through,
        today=today,
        units=dict(sorted(units.items(), key=lambda pair: pair[1])),
        leaders=dict(sorted(leaders.items(), key=lambda pair: pair[1])),
        courses=tuple(_course(row, rows) for row in projects),
    )


def judged_months(of: int, judged: date) -> int:
    """How many months of a year have been judged when `judged` is the newest month that has."""
    if of != judged.year:
        return MONTHS if of < judged.year else 1
    return judged.month


@dataclass(frozen=True, slots=True)
class Brief:
    """One project in short: its year, what it is, what decided its light, what holds it up."""

    wall: Wall
    project: Project
    light: Light | None
    override: LightOverride | None
    obstacles: list[Case]

    @property
    def decided(self) -> str:
        """What decided the light of the newest month; empty where nothing is wrong."""
        return decided(self.light.explanation, self.light.rule) if self.light else ""


def brief(viewer: Viewer, pk: int, of: int, today: date) -> Brief | None:
    """A project that the viewer may see; None: there is none, or not that year."""
    found = wall(viewer, of, today, only=pk)
    if not found.courses:
        return None
    project = Project.objects.select_related("zone", "lead_unit", "leader").get(pk=pk)
    month = date(of, found.through, 1)
    held = LightOverride.objects.filter(standing_overrides(today), project=pk)
    cases = visible(viewer).filter(
        pk__in=Obstacle.objects.filter(project=pk).values("case"), stage__in=sorted(OPEN)
    )
    return Brief(
        wall=found,
        project=project,
        light=Light.objects.filter(project=pk, month=month).first(),
        override=held.first(),
        obstacles=list(cases.order_by("due_at", "pk")[:OBSTACLES]),
    )


class _Rows:
    """What is known of many projects through a year, by project."""

    def __init__(self, ids: Collection[int], of: int, judged: date, today: date) -> None:
        self.year, self.through, self.today = of, judged_months(of, judged), today
        self.newest = judged.month - 1 if judged.year == of else None
        mine = Q(project__in=ids)
        self.plans = dict(
            YearPlan.objects.filter(mine, year=of).order_by().values_list("project", "investment")
        )
        self.planned = _by_month(
            PlanMonth.objects.filter(plan__project__in=ids, plan__year=of)
            .order_by().values_list("plan__project", "month", "planned")
        )  # fmt: skip
        self.done = _by_month(
            MonthReport.objects.filter(mine, month__year=of, state__in=COUNTED)
            .order_by().values_list("project", "month", "done")
        )  # fmt: skip
        self.lights = _by_month(
            Light.objects.filter(mine, month__year=of)
            .order_by().values_list("project", "month", "colour")
        )  # fmt: skip
        self.overrides = _grouped(
            LightOverride.objects.filter(mine, since__year__lte=of, until__year__gte=of)
            .order_by("since", "id").values_list("project", "since", "until", "ended_at", "colour")
        )  # fmt: skip
        self.moves = _grouped(
            StageMove.objects.filter(mine).order_by("entered_on", "id")
            .values_list("project", "entered_on", "stage")
        )  # fmt: skip
        self.marks = _grouped(
            Milestone.objects.filter(mine).values_list("project", "title", "planned_on", "done_on")
        )

    def colour(self, pk: int, month: int) -> str:
        """The light at a month's end; that of the newest month as it stands today.

        A person's word stands while it holds.
        """
        if month >= self.through:
            return str(Colour.NONE)
        day = self.today if month == self.newest else wall_course.last_day(self.year, month)
        for since, until, ended_at, colour in reversed(self.overrides[pk]):
            if since <= day <= until and (ended_at is None or ended_at.date() > day):
                return str(colour)
        return str(self.lights[pk].get(month, Colour.NONE))


def _course(row: Mapping[str, Any], rows: _Rows) -> Course:
    pk = row["pk"]
    planned, done = wall_course.carried(rows.planned[pk]), wall_course.carried(rows.done[pk])
    starts = row["planned_start_on"], row["started_on"]
    placed = row["longitude"] is not None and row["latitude"] is not None
    return Course(
        pk=pk,
        code=row["code"],
        name=row["name"],
        level=row["level"],
        expanding=row["batch"] == Project.Batch.EXPANDING,
        zone=row["zone__code"],
        unit=row["lead_unit__code"],
        leader=_key(row),
        total=row["total_investment"],
        year_plan=rows.plans.get(pk, NOUGHT),
        place=(row["longitude"], row["latitude"]) if placed else None,
        stages=wall_course.stages_of(rows.moves[pk], row["stage"], rows.year),
        lights=tuple(rows.colour(pk, month) for month in range(MONTHS)),
        planned=planned,
        done=done,
        behind=tuple(_behind(rows, planned, done, starts, month) for month in range(MONTHS)),
        marks=tuple(Mark(*mark) for mark in rows.marks[pk]),
        starts=starts,
        finishes=(row["planned_finish_on"], row["finished_on"]),
        until=_until(row["dropped_on"], rows.year),
    )


def _behind(
    rows: _Rows,
    planned: tuple[Decimal, ...],
    done: tuple[Decimal, ...],
    starts: tuple[date | None, date | None],
    month: int,
) -> int:
    """Tenths of months: of money or of the start, whichever is longer."""
    if month >= rows.through:
        return 0
    day = min(wall_course.last_day(rows.year, month), rows.today)
    return max(
        wall_course.months_behind(planned, done[month], month),
        wall_course.start_behind(*starts, day),
    )


def _key(row: Mapping[str, Any]) -> str:
    """The leader as the address of a list has it; empty: nobody is named."""
    return str(row["leader_post"] or row["leader"] or "")


def _name(row: Mapping[str, Any]) -> str:
    last, first, username = (row[field] or "" for field in LEADER)
    return row["leader_post"] or f"{last} {first}".strip() or username


def _until(dropped_on: date | None, of: int) -> int:
    """How many months of the year it was on the list."""
    return dropped_on.month - 1 if dropped_on and dropped_on.year == of else MONTHS


def _by_month(rows: Iterable[tuple[int, date, Any]]) -> defaultdict[int, dict[int, Any]]:
    """Project → month (0 is January) → value."""
    found: defaultdict[int, dict[int, Any]] = defaultdict(dict)
    for pk, month, value in rows:
        found[pk][month.month - 1] = value
    return found


def _grouped(rows: Iterable[tuple[Any, ...]]) -> defaultdict[int, list[tuple[Any, ...]]]:
    found: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for pk, *rest in rows:
        found[pk].append(tuple(rest))
    return found
