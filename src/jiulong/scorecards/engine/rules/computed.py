"""Formula: points by an expression, where no other rule fits."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from pydantic import Field

from jiulong.scorecards.engine.formulas import Formula
from jiulong.scorecards.engine.names import Number
from jiulong.scorecards.engine.numbers import HUNDRED, ONE, ZERO
from jiulong.scorecards.engine.readings import Faults, Gap, Reading
from jiulong.scorecards.engine.rules.base import Column, Mark, Rule, awarded, no_data
from jiulong.scorecards.engine.words import Refusal, Step


class Computed(Rule):
    """The percent of full marks is the result of a formula, within floor and cap."""

    kind: Literal["formula"]
    percent: Formula = Field(description="expression whose result is percent of full marks")
    cap: Number = Field(default=ONE, ge=0, description="greatest share, 1.2 = 120 %")
    floor: Number = Field(default=ZERO, ge=0, description="smallest share")

    @property
    def most(self) -> Decimal:
        return self.cap

    def faults(self) -> Faults:
        if self.floor > self.cap:
            yield ("floor",), Refusal("floor_over_cap")

    def indicators(self) -> Iterator[str]:
        yield from self.percent.needs

    def marks(self, column: Column) -> dict[str, Mark]:
        reading = Reading(formula=self.percent)
        found = {}
        for subject in column.subjects:
            figure = reading.figure(column.source, subject)
            if isinstance(figure, Gap):
                found[subject] = no_data(figure)
                continue
            plain = figure.value / HUNDRED
            share = min(max(plain, self.floor), self.cap)
            steps = figure.steps
            if share != plain:
                key = "capped" if share == self.cap else "floored"
                steps += (Step(key, {"limit": share * HUNDRED}, share),)
            found[subject] = awarded(column.full, share, steps)
        return found
