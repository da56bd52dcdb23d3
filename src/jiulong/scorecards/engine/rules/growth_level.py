"""Growth and level: part of the marks for how fast, part for how much."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from pydantic import Field

from jiulong.scorecards.engine.names import Percent
from jiulong.scorecards.engine.numbers import HUNDRED, settled
from jiulong.scorecards.engine.readings import Faults, Figure, Gap, Reading
from jiulong.scorecards.engine.rules.base import Column, Mark, Valued, apart
from jiulong.scorecards.engine.rules.scales import AnyScale, RankScale, figure_steps
from jiulong.scorecards.engine.words import Refusal, Step

_BY_RANK = RankScale(by="rank", step=Decimal(5))


class GrowthLevel(Valued):
    """So much percent of full marks for growth, the rest for the level, each by a scale."""

    kind: Literal["growth_level"]
    growth_percent: Percent = Field(
        default=Decimal(60), ge=0, le=100, description="percent of full marks for growth"
    )
    growth: AnyScale = Field(default=_BY_RANK, description="scale of growth")
    level: AnyScale = Field(default=_BY_RANK, description="scale of the level")
    growth_value: Reading | None = Field(
        default=None, description="growth where it is reported; else worked out over the base"
    )

    @property
    def most(self) -> Decimal:
        growth = self.growth_percent / HUNDRED
        return settled(growth * self.growth.most + (1 - growth) * self.level.most)

    def faults(self) -> Faults:
        yield from super().faults()
        for name, scale in (("growth", self.growth), ("level", self.level)):
            for path, refusal in scale.faults():
                yield (name, scale.by, *path), refusal
        if self.growth_value is not None:
            for path, refusal in self.growth_value.faults():
                yield ("growth_value", *path), refusal
        elif self.value.indicator is None or self.value.per or self.value.measure != "value":
            yield ("value",), Refusal("growth_of_indicator")

    def indicators(self) -> Iterator[str]:
        yield from super().indicators()
        if self.growth_value is not None:
            yield from self.growth_value.indicators()

    def marks(self, column: Column) -> dict[str, Mark]:
        rates = self.growth_value or self.value.model_copy(update={"measure": "growth"})
        levels = column.figures(self.value)
        growths = column.figures(rates)
        return self._marked(column, growths, levels)

    def _marked(
        self,
        column: Column,
        growths: dict[str, Figure | Gap],
        levels: dict[str, Figure | Gap],
    ) -> dict[str, Mark]:
        fast, marks = apart(growths)
        much, missing = apart(levels)
        marks |= missing
        both = [subject for subject in column.subjects if subject in fast and subject in much]
        by_growth = self.growth.shares({one: fast[one].value for one in both})
        by_level = self.level.shares({one: much[one].value for one in both})
        weight = self.growth_percent / HUNDRED
        for one in both:
            share = weight * by_growth[one].share + (1 - weight) * by_level[one].share
            points = settled(column.full * share)
            params = {
                "growth_percent": self.growth_percent,
                "level_percent": HUNDRED - self.growth_percent,
                "growth": settled(by_growth[one].share * HUNDRED),
                "level": settled(by_level[one].share * HUNDRED),
                "full": column.full,
                "points": points,
            }
            inner = (
                figure_steps(fast[one], by_growth[one]),
                figure_steps(much[one], by_level[one]),
            )
            marks[one] = Mark(points, Step("growth_level", params, points, (), inner))
        return marks
