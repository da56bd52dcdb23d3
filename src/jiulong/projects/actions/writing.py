"""Writes that several verbs share: they ask nobody and record nothing; the verbs do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone

from jiulong.projects.actions.common import ChangedMeanwhileError
from jiulong.projects.models import PlanMonth, Project, YearPlan


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan of one month: 万元 from January to its end, and the node."""

    month: int
    planned: Decimal
    node: str = ""


@dataclass(frozen=True, slots=True)
class Fresh:
    """The plan of a year that is to stand: 万元, what stands at its end, twelve months."""

    investment: Decimal
    goal: str
    months: Sequence[Planned]

    def stored(self) -> dict[str, Any]:
        """As a wish keeps it."""
        return {
            "investment": str(self.investment),
            "goal": self.goal,
            "months": [[one.month, str(one.planned), one.node] for one in self.months],
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Fresh:
        """The other way."""
        months = [Planned(n, Decimal(planned), node) for n, planned, node in kept["months"]]
        return cls(Decimal(kept["investment"]), kept["goal"], months)


def write_values(project: Project, fresh: Mapping[str, Any], moment: datetime) -> None:
    """Set fields of a project as it was read.

    Raises:
        ChangedMeanwhileError: somebody else changed it since.
    """
    done = Project.objects.filter(pk=project.pk, version=project.version).update(
        **fresh, updated_at=moment, version=project.version + 1
    )
    if not done:
        raise ChangedMeanwhileError
    project.refresh_from_db()


def write_drop(project: Project, reason: str, moment: datetime) -> bool:
    """Take it off the list; False: it was off already."""
    there = Project.objects.filter(pk=project.pk, dropped_on=None)
    done = there.update(
        dropped_on=timezone.localdate(moment), dropped_reason=reason, updated_at=moment,
        version=F("version") + 1,
    )  # fmt: skip
    project.refresh_from_db()
    return bool(done)


def write_plan(project: Project, year: int, fresh: Fresh, moment: datetime) -> YearPlan:
    """The year's plan in the place of the one that stood."""
    plan, _made = YearPlan.objects.update_or_create(
        project=project, year=year,
        defaults={
            "investment": fresh.investment, "goal": fresh.goal.strip()[:400], "revised_at": moment,
        },
    )  # fmt: skip
    plan.months.all().delete()
    PlanMonth.objects.bulk_create(
        PlanMonth(plan=plan, month=date(year, one.month, 1), planned=one.planned, node=one.node)
        for one in fresh.months
    )
    return plan
