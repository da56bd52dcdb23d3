"""Metrics for scorecards: how far the projects are that a subject's unit leads or has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiulong.projects.lights import gathering
from jiulong.projects.lights.judging import Facts
from jiulong.projects.models import Light, Project
from jiulong.rounding import rounded
from jiulong.scorecards.dating import last_day
from jiulong.scorecards.metrics import Found, Metric, register
from jiulong.scorecards.models import Subject

#: Rates are in per cent with two decimals.
PLACES: Final = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """A project as it stood at a period's end."""

    project: Project
    facts: Facts
    colour: str


Reckon = Callable[[Sequence[Standing]], Decimal | None]


def _compute(reckon: Reckon) -> Callable[[str, Sequence[Subject]], Found]:
    def compute(period: str, subjects: Sequence[Subject]) -> Found:
        standings = _standings(last_day(period), subjects)
        found: dict[int, tuple[Decimal, Sequence[str]]] = {}
        for subject in subjects:
            own = standings.get(subject.pk, [])
            value = reckon(own) if own else None
            if value is not None:
                found[subject.pk] = (value, [f"projects.project/{one.project.pk}" for one in own])
        return found

    return compute


def _standings(day: date, subjects: Sequence[Subject]) -> Mapping[int, list[Standing]]:
    """Subject → its projects: what its unit leads, or what lies in it; or the project itself.

    A list is filed some time in the year that it is for: when it was filed does not matter.
    """
    units = {subject.unit_id for subject in subjects if subject.unit_id}
    own = {_project_of(subject) for subject in subjects} - {0}
    asked = Q(lead_unit__in=units) | Q(zone__in=units) | Q(pk__in=own)
    there = Project.objects.filter(asked).filter(Q(dropped_on=None) | Q(dropped_on__gt=day))
    projects = list(there.order_by("pk"))
    month = gathering.first_of(day)
    facts = gathering.facts_of(projects, [month], day)
    lights = Light.objects.filter(project__in=projects, month=month).order_by()
    colours = dict(lights.values_list("project", "colour"))
    found: dict[int, list[Standing]] = defaultdict(list)
    for project in projects:
        standing = Standing(project, facts[project.pk, month], colours.get(project.pk, ""))
        for subject in subjects:
            if _is_of(project, subject):
                found[subject.pk].append(standing)
    return found


def _project_of(subject: Subject) -> int:
    kind, _slash, pk = subject.ref.partition("/")
    return int(pk) if kind == "project" and pk.isdecimal() else 0


def _is_of(project: Project, subject: Subject) -> bool:
    if _project_of(subject):
        return _project_of(subject) == project.pk
    return subject.unit_id is not None and subject.unit_id in {
        project.lead_unit_id,
        project.zone_id,
    }


def _completion(own: Sequence[Standing]) -> Decimal | None:
    planned = _sum(one.facts.planned for one in own)
    return percent(_sum(one.facts.done for one in own if one.facts.planned is not None), planned)


def _of_year(own: Sequence[Standing]) -> Decimal | None:
    year = _sum(one.facts.year_plan for one in own)
    return percent(_sum(one.facts.done for one in own if one.facts.year_plan), year)


def _started(own: Sequence[Standing]) -> Decimal | None:
    """Of the new projects whose start was due by then."""
    due = [
        one for one in own
        if one.project.kind == Project.Kind.NEW
        and one.project.planned_start_on is not None
        and one.project.planned_start_on <= one.facts.as_of
    ]  # fmt: skip
    begun = [one for one in due if _by(one.project.started_on, one.facts.as_of)]
    return percent(Decimal(len(begun)), Decimal(len(due)))


def _in_statistics(own: Sequence[Standing]) -> Decimal | None:
    begun = [one for one in own if _by(one.project.started_on, one.facts.as_of)]
    entered = [one for one in begun if _by(one.project.in_statistics_on, one.facts.as_of)]
    return percent(Decimal(len(entered)), Decimal(len(begun)))


def _investment(own: Sequence[Standing]) -> Decimal | None:
    return _sum(one.facts.done for one in own)


def _provincial(own: Sequence[Standing]) -> Decimal | None:
    return Decimal(sum(one.project.level == Project.Level.PROVINCE for one in own))


def _count(own: Sequence[Standing]) -> Decimal | None:
    return Decimal(len(own))


def _red(own: Sequence[Standing]) -> Decimal | None:
    return Decimal(sum(one.colour == "red" for one in own))


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """Two decimals; None of nothing."""
    return rounded(part * 100 / whole, PLACES) if whole else None


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))


def _by(day: date | None, until: date) -> bool:
    return day is not None and day <= until


#: Code → label, unit of measure, whether it adds up from January, how it is reckoned.
METRICS: Final = (
    ("projects.investment_completion", _("Investment done of the plan to date"), "%", True,
     _completion),
    ("projects.investment_of_year", _("Investment done of the year's plan"), "%", True, _of_year),
    ("projects.investment", _("Investment done in key projects"), "万元", True, _investment),
    ("projects.started_share", _("New projects started of those due"), "%", True, _started),
    ("projects.in_statistics_share", _("Started projects entered in the statistics"), "%", False,
     _in_statistics),
    ("projects.provincial", _("Provincial projects"), "个", False, _provincial),
    ("projects.count", _("Key projects"), "个", False, _count),
    ("projects.red", _("Projects with a red light"), "个", False, _red),
)  # fmt: skip


def register_all() -> None:
    """Offer them."""
    for code, label, measure, cumulative, reckon in METRICS:
        register(Metric(code, label, _compute(reckon), measure, cumulative))
