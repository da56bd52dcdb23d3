"""Facts of many projects and months at once, and the rules that are in force: few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.db.models import Q

from jiulong.projects.lights.judging import Facts
from jiulong.projects.lights.spec import LightSpec
from jiulong.projects.models import LightRules, MonthReport, PlanMonth, Project, YearPlan

#: A draft is nobody's word yet, and what was returned is not believed.
COUNTED: Final = (MonthReport.State.SUBMITTED, MonthReport.State.CONFIRMED)
NOUGHT: Final = Decimal(0)
#: What holds for plausibility and due days where no pack says anything: no rules, so no lights.
DUE_DAY: Final = 5
MOST_OF_TOTAL: Final = Decimal("1.10")


def first_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def last_of(month: date) -> date:
    """The last day of the month."""
    return after(month) - timedelta(days=1)


def after(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def before(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def months_back(month: date, count: int) -> list[date]:
    """`count` months up to and with this one, the earliest first."""
    found = [first_of(month)]
    while len(found) < count:
        found.append(before(found[-1]))
    return found[::-1]


def all_rules() -> list[LightSpec]:
    """Every set of rules that a pack holds, in order."""
    rows = LightRules.objects.filter(retired_at=None)
    return [LightSpec.model_validate(row.spec) for row in rows]


def in_force(specs: Iterable[LightSpec], day: date) -> LightSpec | None:
    """The set that decides on a day: of those in force then, the one that began last."""
    found = [spec for spec in specs if spec.in_force and spec.covers(day)]
    return max(found, key=lambda spec: spec.since, default=None)


def judged_month(today: date, due_day: int = DUE_DAY) -> date:
    """The newest month whose reports are due: lights of later ones would judge what nobody said."""
    ended = before(today)
    return ended if today.day > due_day else before(ended)


def month_of(on: date, specs: Iterable[LightSpec] | None = None) -> date:
    """The month whose lights stand on a day, by the due day of the rules in force."""
    spec = in_force(all_rules() if specs is None else specs, on)
    return judged_month(on, spec.report_due_day if spec else DUE_DAY)


def standing_overrides(on: date) -> Q:
    """Lights by hand that stand on a day, of one project (for a subquery)."""
    return Q(Q(ended_at=None) | Q(ended_at__date__gt=on), since__lte=on, until__gte=on)


@dataclass(frozen=True, slots=True)
class _Cumulated:
    """Plan and word of one project: year → its plan, month → cumulative 万元."""

    plans: dict[int, Decimal]
    planned: dict[date, Decimal]
    done: dict[date, Decimal]

    def planned_at(self, month: date) -> Decimal:
        """What the plan says to date; the last month before where one is left out."""
        return _latest(self.planned, month)[1]


def facts_of(
    projects: Collection[Project], months: Collection[date], today: date
) -> dict[tuple[int, date], Facts]:
    """What is known of each project at the end of each month: three queries."""
    told = _cumulated([project.pk for project in projects], {month.year for month in months})
    return {
        (project.pk, month): _facts(project, told[project.pk], month, today)
        for project in projects
        for month in months
    }


def _cumulated(ids: Collection[int], years: Collection[int]) -> defaultdict[int, _Cumulated]:
    found: defaultdict[int, _Cumulated] = defaultdict(lambda: _Cumulated({}, {}, {}))
    for pk in ids:
        found[pk] = _Cumulated({}, {}, {})
    plans = YearPlan.objects.filter(project__in=ids, year__in=years).order_by()
    for pk, year, investment in plans.values_list("project", "year", "investment"):
        found[pk].plans[year] = investment
    months = PlanMonth.objects.filter(plan__project__in=ids, plan__year__in=years).order_by()
    for pk, month, planned in months.values_list("plan__project", "month", "planned"):
        found[pk].planned[month] = planned
    words = MonthReport.objects.filter(
        project__in=ids, month__year__in=years, state__in=COUNTED
    ).order_by()
    for pk, month, done in words.values_list("project", "month", "done"):
        found[pk].done[month] = done
    return found


def _latest(rows: Mapping[date, Decimal], month: date) -> tuple[date | None, Decimal]:
    """The newest row of the same year up to the month: what is cumulative goes on."""
    there = [known for known in rows if known <= month and known.year == month.year]
    return (newest := max(there, default=None)), (rows[newest] if newest else NOUGHT)


def _facts(project: Project, told: _Cumulated, month: date, today: date) -> Facts:
    reported_to, done = _latest(told.done, month)
    earlier = before(month) if month.month > 1 else None
    has_plan = month.year in told.plans
    return Facts(
        month=month,
        as_of=min(last_of(month), today),
        year_plan=told.plans.get(month.year),
        planned=told.planned_at(month) if has_plan else None,
        done=done,
        planned_before=told.planned_at(earlier) if earlier else NOUGHT,
        done_before=_latest(told.done, earlier)[1] if earlier else NOUGHT,
        reported_to=reported_to,
        planned_start_on=project.planned_start_on,
        started_on=project.started_on,
        late_reason=project.late_reason,
        in_statistics_on=project.in_statistics_on,
        total=project.total_investment,
        bond_approved=project.bond_approved,
        bond_used=project.bond_used,
    )
