"""Counts of projects by light and stage, and those that lag, for the home page and meetings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Case, F, IntegerField, Value, When

from jiulong.organisation.rules import Viewer
from jiulong.projects import stages
from jiulong.projects.lights.gathering import month_of
from jiulong.projects.models import Colour, Project
from jiulong.projects.queries.scope import counted, lit, money, projects, visible
from jiulong.rounding import rounded

#: Heaviest first.
HEAVIEST: Final = Case(
    When(colour=Colour.RED, then=Value(0)),
    When(colour=Colour.YELLOW, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands on a day; money in 万元 from January to the end of `month`."""

    month: date
    total: int
    by_colour: Mapping[str, int]
    by_stage: Mapping[str, int]
    by_level: Mapping[str, int]
    by_hand: int
    held: int
    year_plan: Decimal
    planned: Decimal
    done: Decimal

    @property
    def completion(self) -> Decimal | None:
        """Percent of the plan to date that is done, one decimal."""
        return percent(self.done, self.planned)


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """One decimal, half to even; None of nothing."""
    if not whole:
        return None
    return rounded(part * 100 / whole, 1)


def summary(viewer: Viewer, on: date) -> Summary:
    """Counts by light, stage and level of what the viewer may see, and the year's money."""
    month = month_of(on)
    rows = list(
        counted(lit(visible(viewer), month, on), month)
        .order_by()
        .values_list("colour", "stage", "level", "by_hand", "obstacles_open", "year_plan",
                     "planned", "done")
    )  # fmt: skip
    colours = Counter(row[0] for row in rows)
    by_stage = Counter(row[1] for row in rows)
    levels = Counter(row[2] for row in rows)
    return Summary(
        month=month,
        total=len(rows),
        by_colour={colour: colours[colour] for colour in Colour.values},
        by_stage={stage: by_stage[stage] for stage in stages.ORDER},
        by_level={level: levels[level] for level in Project.Level.values},
        by_hand=sum(row[3] is not None for row in rows),
        held=sum(row[4] > 0 for row in rows),
        year_plan=sum((money(row[5]) for row in rows), Decimal(0)),
        planned=sum((money(row[6]) for row in rows), Decimal(0)),
        done=sum((money(row[7]) for row in rows), Decimal(0)),
    )


def lagging(viewer: Viewer, on: date, limit: int = 10) -> list[Any]:
    """Red and yellow projects, the heaviest and farthest behind first; as `projects` gives them."""
    found = projects(viewer, on).filter(colour__in=[Colour.RED, Colour.YELLOW])
    return list(found.order_by(HEAVIEST, F("behind").desc(nulls_last=True), "code")[:limit])
