"""Classes (A, B, C, D): by share of the ranks in a group, or by score."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from jiulong.rounding import HALF_UP, ROUNDING
from jiulong.scorecards.engine.names import Number, Part, Percent
from jiulong.scorecards.engine.numbers import HUNDRED, ONE
from jiulong.scorecards.engine.readings import Faults
from jiulong.scorecards.engine.words import Params, Refusal, Step

ClassName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
#: How a share of a group that is no whole number of subjects is made one.
_ROUNDINGS: Final = {
    "nearest": ROUNDING,
    "half_up": HALF_UP,
    "up": ROUND_CEILING,
    "down": ROUND_FLOOR,
}
#: Gives the class for a rank (or None where the group is too small) and says why.
Classing = Callable[[int, Decimal], tuple[str | None, Step | None]]


class RankStep(Part):
    """A class and how far down the ranks it goes."""

    class_: ClassName = Field(alias="class", description="the class")
    to: Percent = Field(gt=0, le=100, description="percent of the group, from the first on")


class RankClasses(Part):
    """Classes by share of the ranks: A to 30 %, B to 60 %, C to 90 %, D the rest."""

    by: Literal["rank"]
    steps: tuple[RankStep, ...] = Field(min_length=1, description="classes, the best first")
    counts: Literal["nearest", "half_up", "up", "down"] = Field(
        default="nearest",
        description="how 30 % of 7 becomes a number: half to even · half up · up · down",
    )
    smallest: int = Field(
        default=1, ge=1, description="a group of fewer rated subjects has no classes"
    )

    def faults(self) -> Faults:
        lines = [one.to for one in self.steps]
        for index, (before, here) in enumerate(pairwise(lines), start=1):
            if here <= before:
                yield ("steps", index, "to"), Refusal("classes_order", to=here, before=before)
        if lines[-1] != HUNDRED:
            yield ("steps", len(lines) - 1, "to"), Refusal("classes_end", to=lines[-1])

    def for_group(self, count: int) -> Classing:
        """The classes of a group of so many rated subjects."""
        rounding = _ROUNDINGS[self.counts]
        cuts = [
            (one.class_, int((one.to * count / HUNDRED).quantize(ONE, rounding)), one.to)
            for one in self.steps
        ]

        def classed(rank: int, _score: Decimal) -> tuple[str | None, Step | None]:
            if count < self.smallest:
                return None, Step("class_small", {"count": count, "smallest": self.smallest})
            for name, cut, to in cuts:
                if rank <= cut:
                    params: Params = {
                        "class": name,
                        "rank": rank,
                        "cut": cut,
                        "to": to,
                        "count": count,
                    }
                    return name, Step("class_rank", params)
            return None, None

        return classed


class ScoreStep(Part):
    """A class and the score from which on it is given."""

    class_: ClassName = Field(alias="class", description="the class")
    at: Number = Field(description="from this score on")


class ScoreClasses(Part):
    """Classes by score: A from 90 on."""

    by: Literal["score"]
    steps: tuple[ScoreStep, ...] = Field(min_length=1, description="classes, the best first")
    otherwise: ClassName | None = Field(default=None, description="class below all of them")

    def faults(self) -> Faults:
        lines = [one.at for one in self.steps]
        for index, (before, here) in enumerate(pairwise(lines), start=1):
            if here >= before:
                yield ("steps", index, "at"), Refusal("steps_order", at=here, before=before)

    def for_group(self, _count: int) -> Classing:
        def classed(_rank: int, score: Decimal) -> tuple[str | None, Step | None]:
            for one in self.steps:
                if score >= one.at:
                    params = {"class": one.class_, "score": score, "at": one.at}
                    return one.class_, Step("class_score", params)
            if self.otherwise is None:
                return None, None
            return self.otherwise, Step("class_otherwise", {"class": self.otherwise})

        return classed


Classes = Annotated[RankClasses | ScoreClasses, Field(discriminator="by")]
