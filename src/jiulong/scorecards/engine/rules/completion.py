"""Completion: the value over its target, capped; where less is better, the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from pydantic import Field

from jiulong.scorecards.engine.expectation import About, meets
from jiulong.scorecards.engine.names import Number
from jiulong.scorecards.engine.numbers import HUNDRED, ONE, ZERO, settled
from jiulong.scorecards.engine.readings import COMPANIONS, Faults, Figure, Gap, Reading, compared
from jiulong.scorecards.engine.rules.base import Column, Direction, Mark, Valued, awarded, no_data
from jiulong.scorecards.engine.words import Refusal, Step


class Completion(Valued):
    """Value ÷ target × full marks, not more than the cap and not less than the floor."""

    kind: Literal["completion"]
    against: Reading = Field(
        default=Reading(indicator="target"),
        description="`target`, `expected`, `base`: companions of the indicator; another"
        " indicator; or a number",
    )
    direction: Direction = Field(default="up", description="up: more is better · down: less is")
    inverse: Literal["quotient", "mirror"] = Field(
        default="quotient",
        description="direction down: target ÷ value · or 2 − value ÷ target",
    )
    cap: Number = Field(default=ONE, ge=0, description="greatest share counted: 1.2 = 120 %")
    floor: Number = Field(default=ZERO, ge=0, description="smallest share counted")
    zero_below: Number | None = Field(
        default=None, description="a share of completion below this gets nothing"
    )
    about: About | None = Field(
        default=None, description="tolerance of a target that says about (左右)"
    )

    @property
    def most(self) -> Decimal:
        return self.cap

    def faults(self) -> Faults:
        yield from super().faults()
        for path, refusal in self.against.faults():
            yield ("against", *path), refusal
        if self.against.indicator in COMPANIONS and self.value.indicator is None:
            yield ("against",), Refusal("companion_of_indicator")
        if self.floor > self.cap:
            yield ("floor",), Refusal("floor_over_cap")

    def indicators(self) -> Iterator[str]:
        yield from super().indicators()
        for code in self.against.indicators():
            yield f"{self.value.indicator}@{code}" if code in COMPANIONS else code

    def marks(self, column: Column) -> dict[str, Mark]:
        return {subject: self._mark(column, subject) for subject in column.subjects}

    def _mark(self, column: Column, subject: str) -> Mark:
        value = self.value.figure(column.source, subject)
        if isinstance(value, Gap):
            return no_data(value)
        target = self._target(column, subject)
        if isinstance(target, Gap):
            return no_data(target)
        share, key = self._share(value.value, target.value)
        params = {"value": value.value, "target": target.value, "share": share * HUNDRED}
        step = Step(key, params, share, (), (*value.steps, *target.steps))
        return awarded(column.full, *self._bounded(share, step))

    def _target(self, column: Column, subject: str) -> Figure | Gap:
        code = self.against.indicator
        if code in COMPANIONS and code is not None:
            return compared(
                column.source, subject, self.value.indicator or "", code, self.value.take
            )
        return self.against.figure(column.source, subject)

    def _share(self, value: Decimal, target: Decimal) -> tuple[Decimal, str]:
        """Of a target that nothing can be divided by, it is met or not."""
        down = self.direction == "down"
        if down and self.inverse == "quotient" and value <= 0 < target:
            return self.cap, "completion_none"
        about = self.about is not None and meets(value, target, self.about, down=down)
        if target <= 0:
            met = about or meets(value, target, down=down)
            return (ONE if met else ZERO), "completion_met" if met else "completion_unmet"
        plain = self._plain(value, target)
        if about and plain < ONE:
            return ONE, "completion_about"
        return plain, f"completion_{self.inverse}" if down else "completion"

    def _plain(self, value: Decimal, target: Decimal) -> Decimal:
        if self.direction == "up":
            return settled(value / target)
        return settled(target / value if self.inverse == "quotient" else 2 - value / target)

    def _bounded(self, share: Decimal, step: Step) -> tuple[Decimal, tuple[Step, ...]]:
        if self.zero_below is not None and share < self.zero_below:
            params = {"limit": self.zero_below * HUNDRED}
            return ZERO, (step, Step("zero_below", params, ZERO))
        if share > self.cap:
            return self.cap, (step, Step("capped", {"limit": self.cap * HUNDRED}, self.cap))
        if share < self.floor:
            return self.floor, (step, Step("floored", {"limit": self.floor * HUNDRED}, self.floor))
        return share, (step,)
