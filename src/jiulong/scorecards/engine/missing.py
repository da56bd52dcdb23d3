"""Lack of data, by the scheme: no points, left out, the lowest points, no rating. Always said."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from jiulong.scorecards.engine.numbers import ZERO
from jiulong.scorecards.engine.rules import Mark, Strike
from jiulong.scorecards.engine.schemes import Missing, Slot
from jiulong.scorecards.engine.words import Step


class Cell(NamedTuple):
    """One criterion of one subject. `points` None: left out."""

    slot: Slot
    points: Decimal | None
    step: Step
    missing: Missing | None = None
    strike: Strike | None = None


def filled(slot: Slot, marks: Mapping[str, Mark], policy: Missing) -> dict[str, Cell]:
    """The column with every gap dealt with."""
    lowest = ZERO
    if policy == "worst":
        points = [mark.points for mark in marks.values() if mark.points is not None]
        lowest = min(points, default=ZERO)
    return {subject: _cell(slot, mark, policy, lowest) for subject, mark in marks.items()}


def _cell(slot: Slot, mark: Mark, policy: Missing, lowest: Decimal) -> Cell:
    if mark.points is not None:
        return Cell(slot, mark.points, mark.step, None, mark.strike)
    points = {"exclude": None, "worst": lowest}.get(policy, ZERO)
    params = {"points": ZERO if points is None else points}
    step = Step(f"missing_{policy}", params, points, (), (mark.step,))
    return Cell(slot, points, step, policy)
