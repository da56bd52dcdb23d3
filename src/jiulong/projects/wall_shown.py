"""What a page of the wall shows of the year: one month, some projects, their figures and groups.

The scripts of the page do the same with the same data (static/projects/wall/data.js); this is for
readers without scripts, for the desk's wall and for tests.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from jiulong.organisation.rules import Viewer
from jiulong.pages.filters import TEXT_LENGTH, Bound, Choice, bind
from jiulong.projects import stages, wall_words
from jiulong.projects.models import Colour, Project
from jiulong.projects.queries.overview import percent
from jiulong.projects.wall_course import NOUGHT, Course, Mark
from jiulong.projects.wall_queries import Wall

#: The wide unit of the field: 亿元 in 万元.
YI: Final = Decimal(10_000)


@dataclass(frozen=True)
class Row:
    """A project at the end of a month (1 is January)."""

    course: Course
    wall: Wall
    month: int

    @property
    def light(self) -> str:
        return self.course.lights[self.month - 1]

    @property
    def tone(self) -> str:
        return wall_words.TONES[self.light]

    @property
    def light_word(self) -> str:
        return wall_words.colour(self.light)

    @property
    def stage(self) -> str:
        return self.course.stages[self.month - 1]

    @property
    def stage_word(self) -> str:
        return str(stages.STAGES[self.stage])

    @property
    def zone(self) -> str:
        return self.wall.units[self.course.zone]

    @property
    def unit(self) -> str:
        return self.wall.units[self.course.unit]

    @property
    def leader(self) -> str:
        return self.wall.leaders.get(self.course.leader, "")

    @property
    def done(self) -> Decimal:
        return self.course.done[self.month - 1]

    @property
    def planned(self) -> Decimal:
        return self.course.planned[self.month - 1]

    @property
    def done_share(self) -> Decimal | None:
        """Percent of the year's plan."""
        return percent(self.done, self.course.year_plan)

    @property
    def planned_share(self) -> Decimal | None:
        """Percent of the year's plan that should be done by now."""
        return percent(self.planned, self.course.year_plan)

    @property
    def behind(self) -> int:
        """Tenths of months."""
        return self.course.behind[self.month - 1]

    @property
    def late(self) -> str:
        return wall_words.months(self.behind)

    @cached_property
    def next_mark(self) -> Mark | None:
        return self.course.next_mark(self.day)

    @property
    def next_overdue(self) -> bool:
        return self.next_mark is not None and self.next_mark.planned_on < self.day

    @property
    def day(self) -> date:
        return self.wall.day(self.month)

    @property
    def gravity(self) -> tuple[int, int, str]:
        """What is worst comes first."""
        return list(wall_words.TONES).index(self.light), -self.behind, self.course.code

    def group(self, by: str) -> str:
        """The key of its group."""
        return {
            "stage": self.stage,
            "zone": self.course.zone,
            "unit": self.course.unit,
            "leader": self.course.leader,
            "light": self.light,
        }[by]


@dataclass(frozen=True)
class Group:
    """A column of the board, a table of the page without scripts."""

    key: str
    label: str
    rows: Sequence[Row]
    tone: str = ""

    @property
    def tally(self) -> list[tuple[str, str, int]]:
        """Colour, tone, how many, of the lights that are there: the worst first."""
        found = Counter(row.light for row in self.rows)
        return [(code, tone, found[code]) for code, tone in wall_words.TONES.items() if found[code]]


@dataclass(frozen=True)
class Counts:
    """The strip: projects by light and batch, money in 万元."""

    rows: Sequence[Row]
    month: int

    @cached_property
    def lights(self) -> list[tuple[str, str, str, str, int]]:
        """Code, tone, word, what it means, how many: the worst first."""
        found = Counter(row.light for row in self.rows)
        return [
            (code, tone, wall_words.colour(code), str(wall_words.EXPLAINED[code]), found[code])
            for code, tone in wall_words.TONES.items()
        ]

    @cached_property
    def batches(self) -> list[tuple[str, str, int]]:
        """五个一批: code, word, how many."""
        found = Counter(row.course.batch(self.month - 1) for row in self.rows)
        return [(code, str(label), found[code]) for code, label in Project.Batch.choices]

    @cached_property
    def total(self) -> Decimal:
        return sum((row.course.total for row in self.rows), NOUGHT)

    @cached_property
    def year_plan(self) -> Decimal:
        return sum((row.course.year_plan for row in self.rows), NOUGHT)

    @cached_property
    def planned(self) -> Decimal:
        return sum((row.planned for row in self.rows), NOUGHT)

    @cached_property
    def done(self) -> Decimal:
        return sum((row.done for row in self.rows), NOUGHT)

    @property
    def done_share(self) -> Decimal | None:
        return percent(self.done, self.year_plan)

    @property
    def planned_share(self) -> Decimal | None:
        return percent(self.planned, self.year_plan)


def filters(wall: Wall) -> tuple[Choice, ...]:
    """The filters of the wall, with what is there to choose."""
    zones = {one.zone for one in wall.courses}
    leads = {one.unit for one in wall.courses}
    named = [(code, name) for code, name in wall.units.items() if code in zones]
    led = [(code, name) for code, name in wall.units.items() if code in leads]
    colours = [(code, wall_words.colour(code)) for code in wall_words.TONES]
    return (
        Choice(name="zone", label=pgettext_lazy("of a project", "Zone"), choices=named),
        Choice(name="unit", label=pgettext_lazy("of a project", "Unit"), choices=led),
        Choice(name="stage", label=pgettext_lazy("of a project", "Stage"),
               choices=list(stages.STAGES.items())),
        Choice(name="level", label=pgettext_lazy("of a project", "Level"),
               choices=Project.Level.choices),
        Choice(name="light", label=pgettext_lazy("of a project", "Light"), choices=colours),
        Choice(name="leader", label=pgettext_lazy("in charge of a project", "Leader"),
               choices=list(wall.leaders.items())),
    )  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What the address asks for; nonsense is told by `complaints` and otherwise passed over."""

    bound: tuple[Bound, ...]
    search: str
    month: int
    view: str
    by: str

    @property
    def chips(self) -> list[Bound]:
        return [one for one in self.bound if one.raw]

    @property
    def chosen(self) -> dict[str, str]:
        """Filter → what was asked of it."""
        return {one.filter.name: one.raw for one in self.bound}

    @property
    def complaints(self) -> list[Bound]:
        return [one for one in self.bound if one.error]

    def wants(self, row: Row) -> bool:
        """Whether a project is to be shown."""
        if row.month > row.course.until:
            return False
        for one in self.bound:
            name = one.filter.name
            mine = row.course.level if name == "level" else row.group(name)
            if one.value is not None and one.value != mine:
                return False
        sought = self.search.casefold()
        return sought in row.course.name.casefold() or sought in row.course.code.casefold()


def read(wall: Wall, query: Mapping[str, str], viewer: Viewer) -> Asked:
    """The address of a page of the wall."""
    month, view, by = query.get("month", ""), query.get("view", ""), query.get("by", "")
    inside = month.isdecimal() and 1 <= int(month[:3]) <= wall.through
    return Asked(
        bound=tuple(bind(one, query.get(one.name, ""), viewer) for one in filters(wall)),
        search=query.get("q", "").strip()[:TEXT_LENGTH],
        month=int(month[:3]) if inside else wall.through,
        view=view if view in wall_words.VIEWS else "map",
        by=by if by in wall_words.GROUPS else "stage",
    )


def rows(wall: Wall, asked: Asked) -> list[Row]:
    """The projects that are asked for, the worst first."""
    found = (Row(one, wall, asked.month) for one in wall.courses)
    return sorted((row for row in found if asked.wants(row)), key=lambda row: row.gravity)


def grouped(found: Iterable[Row], by: str) -> list[Group]:
    """The rows by stage (in the order of the road), light (worst first), or name."""
    sorted_in: dict[str, list[Row]] = {}
    for row in found:
        sorted_in.setdefault(row.group(by), []).append(row)
    groups = [
        Group(key, _label(by, inside[0]), inside, inside[0].tone if by == "light" else "")
        for key, inside in sorted_in.items()
    ]
    fixed = {"stage": stages.ORDER, "light": tuple(wall_words.TONES)}.get(by)
    return sorted(groups, key=lambda one: fixed.index(one.key) if fixed else one.label)


def _label(by: str, row: Row) -> str:
    words: dict[str, Any] = {
        "stage": row.stage_word,
        "zone": row.zone,
        "unit": row.unit,
        "leader": row.leader or _("No leader named"),
        "light": wall_words.EXPLAINED[row.light],
    }
    return str(words[by])


@dataclass(frozen=True, slots=True)
class Month:
    """A row of the year's table; `done` is None where nobody has said anything yet."""

    number: int
    planned: Decimal
    done: Decimal | None
    planned_share: Decimal | None
    done_share: Decimal | None
    lights: Mapping[str, int]


def course_of_year(wall: Wall, found: Sequence[Row]) -> list[Month]:
    """Plan and work of the projects, month by month, and their lights."""
    listed = [row.course for row in found]
    plan = sum((one.year_plan for one in listed), NOUGHT)
    months = []
    for n in range(12):
        planned = sum((one.planned[n] for one in listed), NOUGHT)
        told = n < wall.through
        done = sum((one.done[n] for one in listed), NOUGHT) if told else None
        months.append(
            Month(
                number=n + 1,
                planned=planned,
                done=done,
                planned_share=percent(planned, plan),
                done_share=None if done is None else percent(done, plan),
                lights=Counter(one.lights[n] for one in listed) if told else {},
            )
        )
    return months


def lagging(found: Iterable[Row], limit: int) -> list[Row]:
    """Red and yellow, the worst first."""
    wrong = [row for row in found if row.light in {Colour.RED, Colour.YELLOW}]
    return sorted(wrong, key=lambda row: row.gravity)[:limit]
