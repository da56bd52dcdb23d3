"""The light of one project at one month's end, and why: figures and rules in, a verdict out.

No database and no clock: whoever has the figures and the rules gets the same light.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from jiulong import rounding
from jiulong.projects.lights.spec import Band, LightSpec, RuleSpec

GREEN, YELLOW, RED, NONE = "green", "yellow", "red", "none"
#: The heaviest colour wins.
WEIGHT: Final = {NONE: 0, GREEN: 1, YELLOW: 2, RED: 3}
MONTHS: Final = 12
#: Decimals that are judged, and shown.
PLACES: Final = 2


def rounded(value: Decimal) -> Decimal:
    """What is judged is what is shown."""
    return rounding.rounded(value, PLACES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a project at the end of a month, money in 万元.

    `planned` and `done` add up from January; None: nothing is planned for the year. `as_of` is the
    month's last day, or today while it runs.
    """

    month: date
    as_of: date
    year_plan: Decimal | None = None
    planned: Decimal | None = None
    done: Decimal = Decimal(0)
    planned_before: Decimal = Decimal(0)
    done_before: Decimal = Decimal(0)
    reported_to: date | None = None
    planned_start_on: date | None = None
    started_on: date | None = None
    late_reason: str = ""
    in_statistics_on: date | None = None
    total: Decimal = Decimal(0)
    bond_approved: Decimal = Decimal(0)
    bond_used: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure's value and the figures it was made of."""

    value: Decimal
    figures: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one rule gave."""

    measure: str
    value: Decimal
    colour: str
    figures: Mapping[str, str]
    edge: str = ""
    word: Any = None
    excused: bool = False
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the light."""
        return {
            "measure": self.measure,
            "value": str(self.value),
            "colour": self.colour,
            "figures": dict(self.figures),
            "edge": self.edge,
            "word": self.word,
            "excused": self.excused,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The colour, the measure that decided (the first of the heaviest), and every step."""

    colour: str
    measure: str
    rules: str
    steps: tuple[Step, ...] = field(default=())

    def as_json(self) -> list[dict[str, Any]]:
        """The explanation as it is kept with the light."""
        return [step.as_json() for step in self.steps]


def judge(spec: LightSpec, facts: Facts) -> Verdict:
    """The light by a set of rules. `none`: no rule of the set speaks of such a project."""
    steps = tuple(
        _step(rule, found, excused=bool(facts.late_reason))
        for rule in spec.rules
        if facts.total >= rule.least_total and (found := MEASURES[rule.measure](facts)) is not None
    )
    if not steps:
        return Verdict(colour=NONE, measure="", rules=spec.code)
    worst = max(steps, key=lambda step: WEIGHT[step.colour])
    measure = worst.measure if worst.colour != GREEN else ""
    return Verdict(colour=worst.colour, measure=measure, rules=spec.code, steps=steps)


def months_between(earlier: date, later: date) -> int:
    """Calendar months from the month of one day to that of the other."""
    return (later.year - earlier.year) * MONTHS + later.month - earlier.month


def whole_months(earlier: date, later: date) -> int:
    """Whole months that passed between two days."""
    return months_between(earlier, later) - (later.day < earlier.day)


def _points_behind(facts: Facts) -> Measured | None:
    if not facts.year_plan or facts.planned is None:
        return None
    behind = (facts.planned - facts.done) * 100 / facts.year_plan
    return Measured(
        rounded(behind),
        {
            "year_plan": str(facts.year_plan),
            "planned": str(facts.planned),
            "done": str(facts.done),
            "reported_to": f"{facts.reported_to:%Y-%m}" if facts.reported_to else "",
        },
    )


def _start_late(facts: Facts) -> Measured | None:
    due = facts.planned_start_on
    begun = facts.started_on is not None and facts.started_on <= facts.as_of
    if due is None or begun or due > facts.as_of:
        return None
    return Measured(
        Decimal(months_between(due, facts.as_of)),
        {"planned_start_on": due.isoformat(), "late_reason": facts.late_reason},
    )


def _not_in_statistics(facts: Facts) -> Measured | None:
    begun, entered = facts.started_on, facts.in_statistics_on
    if begun is None or begun > facts.as_of:
        return None
    if entered is not None and entered <= facts.as_of:
        return None
    return Measured(Decimal(whole_months(begun, facts.as_of)), {"started_on": begun.isoformat()})


def _month_task_share(facts: Facts) -> Measured | None:
    if facts.planned is None:
        return None
    task = facts.planned - facts.planned_before
    if task <= 0:
        return None
    done = facts.done - facts.done_before
    return Measured(rounded(done * 100 / task), {"task": str(task), "done": str(done)})


def _bond_gap(facts: Facts) -> Measured | None:
    if facts.bond_approved <= 0:
        return None
    due = facts.bond_approved * facts.month.month / MONTHS
    gap = max((due - facts.bond_used) * 100 / due, Decimal(0))
    return Measured(
        rounded(gap),
        {
            "approved": str(facts.bond_approved),
            "due": str(rounded(due)),
            "used": str(facts.bond_used),
        },
    )


#: Measure → its value for a project; None: it does not speak of it.
MEASURES: Final[dict[str, Callable[[Facts], Measured | None]]] = {
    "points_behind": _points_behind,
    "start_late": _start_late,
    "not_in_statistics": _not_in_statistics,
    "month_task_share": _month_task_share,
    "bond_gap": _bond_gap,
}


def _step(rule: RuleSpec, found: Measured, *, excused: bool) -> Step:
    """The first band that holds; an accepted reason passes those that allow for one."""
    holding = [band for band in rule.bands if band.holds(found.value)]
    left = [band for band in holding if not (excused and band.excused)]
    band = left[0] if left else None
    return Step(
        measure=rule.measure, value=found.value, figures=found.figures, note=rule.note,
        colour=band.colour if band else GREEN, edge=_edge(band),
        word=band.word.stored() if band and band.word else None, excused=left != holding,
    )  # fmt: skip


def _edge(band: Band | None) -> str:
    if band is None:
        return ""
    if band.over is not None:
        return f"> {band.over}"
    return f"< {band.under}" if band.under is not None else f"≥ {band.reaches}"
