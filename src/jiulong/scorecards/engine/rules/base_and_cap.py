"""Base and cap: value over a base × full marks, capped, × a correction coefficient.

The rule of the evaluation per mu (亩均论英雄): 60 points at a base of 15 (10⁴ yuan of tax a mu).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, Literal

from pydantic import Field

from jiulong.scorecards.engine.names import Number, Part
from jiulong.scorecards.engine.numbers import HUNDRED, ONE, ZERO, settled
from jiulong.scorecards.engine.readings import Faults, Figure, Gap, Reading, Threshold
from jiulong.scorecards.engine.rules.base import Column, Mark, Valued, awarded, no_data
from jiulong.scorecards.engine.rules.scales import descending
from jiulong.scorecards.engine.words import Step

#: Where a scheme does not say: half as much again.
DEFAULT_CAP: Final = Decimal("1.5")


class Factor(Threshold):
    """A line of a table of coefficients."""

    factor: Number = Field(ge=0, description="coefficient")


class Coefficient(Part):
    """A correction coefficient by another figure."""

    value: Reading = Field(description="the figure by which it goes")
    steps: tuple[Factor, ...] = Field(min_length=1, description="lines, the greatest figure first")
    otherwise: Number = Field(default=ONE, ge=0, description="coefficient below all lines")

    def faults(self) -> Faults:
        for path, refusal in self.value.faults():
            yield ("value", *path), refusal
        yield from descending([one.at for one in self.steps], "up")

    @property
    def most(self) -> Decimal:
        return max(self.otherwise, *(one.factor for one in self.steps))

    def of(self, figure: Figure) -> Figure:
        lines = (line.factor for line in self.steps if figure.value >= line.at)
        factor = next(lines, self.otherwise)
        params = {"value": figure.value, "factor": factor}
        return Figure(factor, (Step("coefficient", params, factor, (), figure.steps),))


class BaseAndCap(Valued):
    """Value ÷ base × full marks, within floor and cap, × coefficient."""

    kind: Literal["base_and_cap"]
    base: Reading = Field(description="what gets full marks: a number or an indicator")
    cap: Number = Field(default=DEFAULT_CAP, ge=0, description="greatest share, 1.5 = 150 %")
    floor: Number = Field(default=ZERO, ge=0, description="smallest share")
    coefficient: Coefficient | None = Field(
        default=None, description="correction after the cap, by another figure"
    )

    @property
    def most(self) -> Decimal:
        return self.cap * (self.coefficient.most if self.coefficient else ONE)

    def faults(self) -> Faults:
        yield from super().faults()
        for path, refusal in self.base.faults():
            yield ("base", *path), refusal
        if self.coefficient is not None:
            for path, refusal in self.coefficient.faults():
                yield ("coefficient", *path), refusal

    def indicators(self) -> Iterator[str]:
        yield from super().indicators()
        yield from self.base.indicators()
        if self.coefficient is not None:
            yield from self.coefficient.value.indicators()

    def marks(self, column: Column) -> dict[str, Mark]:
        return {subject: self._mark(column, subject) for subject in column.subjects}

    def _mark(self, column: Column, subject: str) -> Mark:
        value = self.value.figure(column.source, subject)
        base = self.base.figure(column.source, subject)
        for one in (value, base):
            if isinstance(one, Gap):
                return no_data(one)
        assert isinstance(value, Figure)  # noqa: S101 - for the type checker
        assert isinstance(base, Figure)  # noqa: S101 - for the type checker
        if base.value <= 0:
            return no_data(Gap(Step("no_quotient", {"divisor": base.value}, None, (), base.steps)))
        plain = settled(value.value / base.value)
        share = min(max(plain, self.floor), self.cap)
        params = {"value": value.value, "base": base.value, "share": settled(plain * HUNDRED)}
        steps: tuple[Step, ...] = (
            Step("over_base", params, plain, (), (*value.steps, *base.steps)),
        )
        if share != plain:
            key = "capped" if share == self.cap else "floored"
            steps += (Step(key, {"limit": share * HUNDRED}, share),)
        return self._corrected(column, subject, share, steps)

    def _corrected(
        self, column: Column, subject: str, share: Decimal, steps: tuple[Step, ...]
    ) -> Mark:
        if self.coefficient is None:
            return awarded(column.full, share, steps)
        figure = self.coefficient.value.figure(column.source, subject)
        if isinstance(figure, Gap):
            return no_data(figure)
        factor = self.coefficient.of(figure)
        points = settled(column.full * share * factor.value)
        params = {
            "share": settled(share * HUNDRED),
            "full": column.full,
            "factor": factor.value,
            "points": points,
        }
        return Mark(points, Step("corrected", params, points, (), (*steps, *factor.steps)))
