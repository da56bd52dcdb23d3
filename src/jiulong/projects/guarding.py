"""What asks less of a project that lags: nobody who leads it does that alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from jiulong.projects.lights import gathering, judging
from jiulong.projects.lights.spec import LightSpec
from jiulong.projects.models import Light, LightOverride, Project, YearPlan

#: Promises that ease when they come later or are taken out, and sums that ease when they shrink.
DATES: Final = ("planned_start_on", "planned_finish_on")
SUMS: Final = ("total_investment", "bond_approved")
#: Whoever is watched does not choose who watches.
WATCHERS: Final = ("supervising_unit",)
#: Year and sums of months, 万元 from January on.
Sums = Mapping[int, Decimal]


def eased(before: Mapping[str, Any], project: Project) -> list[str]:
    """Which fields of a change ask less than before."""
    return [name for name, was in before.items() if _eases(name, was, getattr(project, name))]


def _eases(name: str, was: Any, value: Any) -> bool:
    if was is None or value == was:
        return False
    if name in DATES:
        return value is None or bool(value > was)
    return name in WATCHERS or (name in SUMS and bool(value < was))


@dataclass(frozen=True, slots=True)
class Day:
    """A day with the rules in force and the month that they judge."""

    today: date
    spec: LightSpec | None
    month: date

    @classmethod
    def of(cls, today: date) -> Day:
        """One query."""
        specs = gathering.all_rules()
        return cls(today, gathering.in_force(specs, today), gathering.month_of(today, specs))

    def facts_of(self, project: Project, year: int | None = None) -> list[judging.Facts]:
        """What is known at the end of the judged month, of the last that ended, and of December
        where the year is an earlier one.
        """
        months = {self.month, gathering.before(self.today)}
        if year is not None and year < self.today.year:
            months.add(date(year, 12, 1))
        return list(gathering.facts_of([project], sorted(months), self.today).values())


def guarded(project: Project, day: Day, year: int | None = None) -> bool:
    """Whether the project, as it stands, is in a colour in which two have to ease it.

    What the light showed counts, by hand or computed, and what the rules give for the months since:
    nobody is quicker than the day's judging.
    """
    if day.spec is None:
        return False
    shown = {
        *LightOverride.objects.filter(
            gathering.standing_overrides(day.today), project=project
        ).values_list("colour", flat=True),
        *Light.objects.filter(project=project, month=day.month).values_list("colour", flat=True),
        *(judging.judge(day.spec, facts).colour for facts in day.facts_of(project, year)),
    }
    return not shown.isdisjoint(day.spec.eased_by_two)


def plan_eases(
    project: Project, known: YearPlan, investment: Decimal, sums: Sums, day: Day
) -> bool:
    """Whether a plan asks less of any month or of the year, or alone makes a light lighter.

    A year's sum that grows at its end makes the same arrears a smaller part of it.
    """
    stood = {row.month.month: row.planned for row in known.months.all()}
    if investment < known.investment or any(sums[n] < was for n, was in stood.items()):
        return True
    spec = day.spec
    return spec is not None and any(
        _weight(spec, _with(facts, investment, sums)) < _weight(spec, facts)
        for facts in day.facts_of(project, known.year)
        if facts.month.year == known.year
    )


def _weight(spec: LightSpec, facts: judging.Facts) -> int:
    return judging.WEIGHT[judging.judge(spec, facts).colour]


def _with(facts: judging.Facts, investment: Decimal, sums: Sums) -> judging.Facts:
    month = facts.month.month
    return replace(
        facts, year_plan=investment, planned=sums[month],
        planned_before=sums.get(month - 1, gathering.NOUGHT),
    )  # fmt: skip


def lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[list[str]]:
    """What, old and new, of whatever differs, as text: for people, and to see what stood."""
    return [
        [name, _text(was), _text(after[name])] for name, was in before.items() if was != after[name]
    ]


def _text(value: Any) -> str:
    return "" if value is None else str(value)
