"""A project's course through a year, month by month: figures in, figures out, no database.

Months are counted from 0 here (January) where they are places of a tuple. Money is 万元 as
Decimal; what adds up, adds up from January.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from jiulong.projects import stages

MONTHS: Final = 12
#: A month of thirty days, where a span of days is told in months.
MONTH_DAYS: Final = 30
#: 万元 → 百元: two decimals become whole numbers, so that sums in a browser are exact.
HUNDREDS: Final = 100
NOUGHT: Final = Decimal(0)
#: 五个一批 by where a project stands on its road; what expands is told apart by its batch.
BATCH_OF_STAGE: Final[dict[str, str]] = {
    stages.PLANNED: "planned",
    stages.SIGNED: "signed",
    stages.PREPARING: "signed",
    stages.STARTED: "started",
    stages.BUILDING: "started",
    stages.FINISHED: "producing",
    stages.PRODUCING: "producing",
}
EXPANDING: Final = "expanding"


@dataclass(frozen=True, slots=True)
class Mark:
    """A milestone: its name, when it is planned, when it was done."""

    title: str
    planned_on: date
    done_on: date | None

    def done_by(self, day: date) -> bool:
        """Whether it was done on that day."""
        return self.done_on is not None and self.done_on <= day


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One project with twelve months of stage, light, plan and work.

    Zone and unit are codes, the leader a key. `behind` is in tenths of months. `until` is how many
    of the months it was on the list.
    """

    pk: int
    code: str
    name: str
    level: str
    expanding: bool
    zone: str
    unit: str
    leader: str
    total: Decimal
    year_plan: Decimal
    place: tuple[float, float] | None
    stages: tuple[str, ...]
    lights: tuple[str, ...]
    planned: tuple[Decimal, ...]
    done: tuple[Decimal, ...]
    behind: tuple[int, ...]
    marks: tuple[Mark, ...]
    starts: tuple[date | None, date | None]
    finishes: tuple[date | None, date | None]
    until: int = MONTHS

    def batch(self, month: int) -> str:
        """Its one of the five batches at the end of a month (0 is January)."""
        return EXPANDING if self.expanding else BATCH_OF_STAGE[self.stages[month]]

    def next_mark(self, day: date) -> Mark | None:
        """The earliest milestone that is still to come on that day, or overdue."""
        waiting = [mark for mark in self.marks if not mark.done_by(day)]
        return min(waiting, key=lambda mark: mark.planned_on, default=None)

    def as_json(self) -> dict[str, Any]:
        """As the wall's scripts read it: money in 百元, stages and lights a sign a month."""
        return {
            "id": self.pk,
            "code": self.code,
            "name": self.name,
            "level": self.level,
            "expanding": self.expanding,
            "zone": self.zone,
            "unit": self.unit,
            "leader": self.leader,
            "total": hundreds(self.total),
            "plan": hundreds(self.year_plan),
            "at": self.place,
            "stages": "".join(str(stages.index(stage)) for stage in self.stages),
            "lights": "".join(colour[0] for colour in self.lights),
            "planned": [hundreds(value) for value in self.planned],
            "done": [hundreds(value) for value in self.done],
            "behind": self.behind,
            "marks": [[mark.title, mark.planned_on, mark.done_on] for mark in self.marks],
            "starts": self.starts,
            "finishes": self.finishes,
            "until": self.until,
        }


def hundreds(value: Decimal) -> int:
    """万元 as whole 百元."""
    return int(value * HUNDREDS)


def last_day(year: int, month: int) -> date:
    """The last day of a month (0 is January)."""
    following = date(year + month // 11, (month + 1) % MONTHS + 1, 1)
    return following - timedelta(days=1)


def carried(rows: Mapping[int, Decimal]) -> tuple[Decimal, ...]:
    """Twelve values from those that are known (0 is January): what adds up goes on."""
    found, last = [], NOUGHT
    for month in range(MONTHS):
        last = rows.get(month, last)
        found.append(last)
    return tuple(found)


def stages_of(moves: Sequence[tuple[date, str]], now: str, year: int) -> tuple[str, ...]:
    """The stage at each month's end, from the days on which stages were entered, in order.

    A project without any entry has been where it is all the time.
    """
    if not moves:
        return (now,) * MONTHS
    found = []
    for month in range(MONTHS):
        end = last_day(year, month)
        found.append(next((s for on, s in reversed(moves) if on <= end), stages.PLANNED))
    return tuple(found)


def months_behind(planned: Sequence[Decimal], done: Decimal, month: int) -> int:
    """How long ago the plan said what is done at the end of a month, in tenths of months.

    Straight between month ends; 0 where the plan is kept. A plan that stands still is kept as long
    as its value is reached.
    """
    if done >= planned[month]:
        return 0
    reached = max((n for n in range(month) if planned[n] <= done), default=-1)
    low = planned[reached] if reached >= 0 else NOUGHT
    step = planned[reached + 1] - low
    part = (done - low) / step if step else NOUGHT
    return int((Decimal(month - reached) - part) * 10)


def start_behind(planned_on: date | None, started_on: date | None, day: date) -> int:
    """How long a start has been waited for on a day, in tenths of months of thirty days."""
    if planned_on is None or planned_on >= day or (started_on is not None and started_on <= day):
        return 0
    return (day - planned_on).days * 10 // MONTH_DAYS
