"""Scales: a figure's share of full marks – by rank, between best and worst, by line, by table."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from jiulong.scorecards.engine.names import Number, Part, Percent
from jiulong.scorecards.engine.numbers import HUNDRED, ONE, ZERO, settled
from jiulong.scorecards.engine.readings import Faults, Figure, Threshold
from jiulong.scorecards.engine.rules.base import (
    Column,
    Direction,
    Mark,
    Rule,
    Valued,
    apart,
    awarded,
)
from jiulong.scorecards.engine.words import Refusal, Step

Values = Mapping[str, Decimal]


class Share(NamedTuple):
    """A share of full marks and the line that explains it."""

    share: Decimal
    step: Step


class Scale(Part):
    """Turns the figures of a group into shares of full marks."""

    def shares(self, values: Values) -> dict[str, Share]:
        raise NotImplementedError

    def faults(self) -> Faults:
        yield from ()

    @property
    def most(self) -> Decimal:
        """The greatest share that it gives."""
        return ONE


def places(values: Values, direction: Direction) -> dict[str, int]:
    """Each one's place, equal figures sharing the better one: 1-2-2-4."""
    down = direction == "up"
    first: dict[Decimal, int] = {}
    for place, value in enumerate(sorted(values.values(), reverse=down), start=1):
        first.setdefault(value, place)
    return {subject: first[value] for subject, value in values.items()}


class _Rank(Scale):
    """The first gets most, each place behind less."""

    direction: Direction = Field(default="up", description="up: the greatest is first")
    first: Percent = Field(default=HUNDRED, ge=0, description="percent of full marks of the first")
    step: Percent | None = Field(default=None, ge=0, description="percent less with each place")
    last: Percent | None = Field(
        default=None, ge=0, description="instead of step: percent of the last, evenly between"
    )
    floor: Percent = Field(default=ZERO, ge=0, description="never less percent than this")

    def faults(self) -> Faults:
        if (self.step is None) == (self.last is None):
            yield (), Refusal("step_or_last")
        if max(self.floor, self.last or ZERO) > self.first:
            yield ("first",), Refusal("first_below_last")

    @property
    def most(self) -> Decimal:
        return self.first / HUNDRED

    def shares(self, values: Values) -> dict[str, Share]:
        count = len(values)
        found = {}
        for subject, place in places(values, self.direction).items():
            percent = max(self.floor, self.first - self._less(place, count))
            params = {"place": place, "count": count, "percent": percent}
            found[subject] = Share(settled(percent / HUNDRED), Step("rank", params, Decimal(place)))
        return found

    def _less(self, place: int, count: int) -> Decimal:
        if self.last is not None:
            return (self.first - self.last) * (place - 1) / max(count - 1, 1)
        return (self.step or ZERO) * (place - 1)


class _Spread(Scale):
    """Linear between the worst and the best of the group."""

    direction: Direction = Field(default="up", description="up: the greatest is best")
    best: Percent = Field(default=HUNDRED, ge=0, description="percent of full marks of the best")
    worst: Percent = Field(default=ZERO, ge=0, description="percent of full marks of the worst")

    def faults(self) -> Faults:
        if self.worst > self.best:
            yield ("worst",), Refusal("worst_over_best")

    @property
    def most(self) -> Decimal:
        return self.best / HUNDRED

    def shares(self, values: Values) -> dict[str, Share]:
        if not values:
            return {}
        low, high = min(values.values()), max(values.values())
        return {subject: self._share(value, low, high) for subject, value in values.items()}

    def _share(self, value: Decimal, low: Decimal, high: Decimal) -> Share:
        if high == low:
            return Share(settled(self.best / HUNDRED), Step("spread_equal", {"percent": self.best}))
        above = value - low if self.direction == "up" else high - value
        percent = settled(self.worst + (self.best - self.worst) * above / (high - low))
        params = {"value": value, "low": low, "high": high, "percent": percent}
        return Share(settled(percent / HUNDRED), Step("spread", params, percent))


class _Linear(Scale):
    """Linear between a figure that gets nothing and one that gets full marks."""

    zero: Number = Field(description="figure that gets nothing")
    full: Number = Field(description="figure that gets full marks; below `zero` if less is better")
    cap: Number = Field(default=ONE, ge=0, description="greatest share counted: 1.2 = 120 %")
    floor: Number = Field(default=ZERO, ge=0, description="smallest share counted")

    def faults(self) -> Faults:
        if self.zero == self.full:
            yield ("full",), Refusal("zero_is_full")
        if self.floor > self.cap:
            yield ("floor",), Refusal("floor_over_cap")

    @property
    def most(self) -> Decimal:
        return self.cap

    def shares(self, values: Values) -> dict[str, Share]:
        return {subject: self._share(value) for subject, value in values.items()}

    def _share(self, value: Decimal) -> Share:
        plain = (value - self.zero) / (self.full - self.zero)
        share = settled(min(max(plain, self.floor), self.cap))
        params = {"value": value, "zero": self.zero, "full": self.full, "percent": share * HUNDRED}
        return Share(share, Step("linear", params, share))


class Level(Threshold):
    """A line of a table of steps."""

    percent: Percent = Field(ge=0, description="percent of full marks")


class _Table(Scale):
    """A table of steps: the best line that is reached."""

    direction: Direction = Field(default="up", description="down: lines are upper limits")
    steps: tuple[Level, ...] = Field(min_length=1, description="lines, the best first")
    otherwise: Percent = Field(default=ZERO, ge=0, description="percent where no line is reached")

    def faults(self) -> Faults:
        yield from descending([one.at for one in self.steps], self.direction)

    @property
    def most(self) -> Decimal:
        return max(self.otherwise, *(one.percent for one in self.steps)) / HUNDRED

    def shares(self, values: Values) -> dict[str, Share]:
        return {subject: self._share(value) for subject, value in values.items()}

    def _share(self, value: Decimal) -> Share:
        for line in self.steps:
            if value >= line.at if self.direction == "up" else value <= line.at:
                params = {"value": value, "at": line.at, "percent": line.percent}
                key = f"table_{self.direction}"
                return Share(settled(line.percent / HUNDRED), Step(key, params, line.percent))
        params = {"value": value, "percent": self.otherwise}
        return Share(settled(self.otherwise / HUNDRED), Step("table_none", params, self.otherwise))


def descending(lines: list[Decimal], direction: Direction) -> Faults:
    """Faults of a table whose best line does not stand first."""
    for index, (before, here) in enumerate(pairwise(lines), start=1):
        if here >= before if direction == "up" else here <= before:
            yield ("steps", index, "at"), Refusal("steps_order", at=here, before=before)


class RankScale(_Rank):
    """By place in the group."""

    by: Literal["rank"]


class SpreadScale(_Spread):
    """Between worst and best of the group."""

    by: Literal["share"]


class LinearScale(_Linear):
    """Between two fixed figures."""

    by: Literal["linear"]


class TableScale(_Table):
    """By a table."""

    by: Literal["steps"]


AnyScale = Annotated[RankScale | SpreadScale | LinearScale | TableScale, Field(discriminator="by")]


class _OnScale(Valued, Scale):
    """A rule whose points are one figure on a scale."""

    def marks(self, column: Column) -> dict[str, Mark]:
        figures, marks = apart(column.figures(self.value))
        shares = self.shares({subject: one.value for subject, one in figures.items()})
        for subject, (share, step) in shares.items():
            explained = (step._replace(steps=figures[subject].steps),)
            marks[subject] = awarded(column.full, share, explained)
        return marks

    def faults(self) -> Faults:
        yield from Valued.faults(self)
        yield from super(Rule, self).faults()


class RankPoints(_OnScale, _Rank):
    """By place in the group: the first gets most, each place behind less."""

    kind: Literal["rank_points"]


class ShareOfSpread(_OnScale, _Spread):
    """Linear between the worst and the best of the group."""

    kind: Literal["share"]


class Linear(_OnScale, _Linear):
    """Linear between a figure that gets nothing and one that gets full marks."""

    kind: Literal["linear"]


class Steps(_OnScale, _Table):
    """A table of steps."""

    kind: Literal["steps"]


def figure_steps(figure: Figure, share: Share) -> Step:
    """The line of a share with the figure's lines beneath it."""
    return share.step._replace(steps=figure.steps)
