"""Facts beside the full marks: bonus, penalty, veto. Each is an observation with its proof."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from pydantic import Field

from jiulong.scorecards.engine import periods
from jiulong.scorecards.engine.names import Indicator, Name, Number, Part, Short
from jiulong.scorecards.engine.numbers import ONE, ZERO, settled
from jiulong.scorecards.engine.observations import Fault, ObservationsError, Row
from jiulong.scorecards.engine.readings import Faults
from jiulong.scorecards.engine.rules.base import Column, Mark, Rule, Strike
from jiulong.scorecards.engine.words import Code, Refusal, Step

Since = Literal["period", "year"]


class Counted(Short):
    """A fact and what one of it is worth."""

    fact: Indicator = Field(description="observation that counts it, as `bonus@national-award`")
    each: Number = Field(default=ONE, ge=0, description="points for one")
    limit: Number | None = Field(default=None, ge=0, description="most points for this fact")
    name: Name | None = Field(default=None, description="what it is")


class _Facts(Rule):
    since: Since = Field(
        default="period", description="facts of the period · of the year up to its end"
    )

    @property
    def is_extra(self) -> bool:
        return True

    @property
    def most(self) -> Decimal:
        return ZERO

    def _rows(self, column: Column, subject: str, fact: str) -> list[Row]:
        """The fact's observations in order; of those within, each counts.

        Raises:
            ObservationsError: one is less than nothing.
        """
        period = column.source.period
        series = column.source.observations.series(subject, fact)
        if not series:
            return []
        to_date = periods.to_date(period, series)
        counted = [
            series[one] for one in to_date if self.since == "year" or periods.contains(period, one)
        ]
        for row in counted:
            if row.value < 0:
                refusal = Refusal("negative_fact", fact=fact, value=row.value, subject=subject)
                raise ObservationsError([Fault(row.line, refusal)])
        return counted


class _Points(_Facts):
    """Points for each fact, up to a limit."""

    counted: tuple[Counted, ...] = Field(
        min_length=1, alias="facts", description="what is counted, and what it is worth"
    )
    limit: Number | None = Field(default=None, ge=0, description="most points in all")

    def facts(self) -> Iterator[str]:
        for one in self.counted:
            yield one.fact

    def faults(self) -> Faults:
        seen: set[str] = set()
        for index, one in enumerate(self.counted):
            if one.fact in seen:
                yield ("facts", index, "fact"), Refusal("key_twice", key=one.fact)
            seen.add(one.fact)

    def _sum(self, column: Column, subject: str, key: str) -> tuple[Decimal, Step]:
        total = ZERO
        steps: list[Step] = []
        for one in self.counted:
            found = [_counted(one, row) for row in self._rows(column, subject, one.fact)]
            points = sum((step.value or ZERO for step in found), ZERO)
            if one.limit is not None and points > one.limit:
                found.append(Step("fact_limit", {"fact": _named(one), "limit": one.limit}))
                points = one.limit
            steps += found
            total += points
        if self.limit is not None and total > self.limit:
            steps.append(Step("limited", {"limit": self.limit}, self.limit))
            total = self.limit
        key = key if steps else f"no_{key}"
        return total, Step(key, {"points": total}, total, (), tuple(steps))


def _named(one: Counted) -> Name | Code:
    return one.name or Code(one.fact)


def _counted(one: Counted, row: Row) -> Step:
    points = settled(one.each * row.value)
    params = {
        "fact": _named(one),
        "period": row.period,
        "count": row.value,
        "each": one.each,
        "points": points,
    }
    return Step("counted", params, points, (row,))


class Bonus(_Points):
    """Points added for each fact, up to a limit."""

    kind: Literal["bonus"]

    def marks(self, column: Column) -> dict[str, Mark]:
        return {one: Mark(*self._sum(column, one, "bonus")) for one in column.subjects}


class Penalty(_Points):
    """Points taken off for each fact, up to a limit."""

    kind: Literal["penalty"]

    def marks(self, column: Column) -> dict[str, Mark]:
        found = {}
        for subject in column.subjects:
            points, step = self._sum(column, subject, "penalty")
            found[subject] = Mark(-points if points else ZERO, step)
        return found


class VetoFact(Short):
    """A fact that strikes, wherever it is more than nothing."""

    fact: Indicator = Field(description="observation: 1 = struck, as `veto@accident`")
    name: Name | None = Field(default=None, description="what it is")


class Veto(_Facts):
    """Strikes (一票否决): the score becomes 0, or the rank the last, or the class a given one."""

    kind: Literal["veto"]
    struck_by: tuple[VetoFact, ...] = Field(
        min_length=1, alias="facts", description="any of these strikes"
    )
    zero: bool = Field(default=False, description="the score becomes 0")
    last: bool = Field(default=False, description="ranked behind all that are not struck")
    class_: str | None = Field(
        default=None, alias="class", min_length=1, max_length=40, description="class it is put in"
    )

    def facts(self) -> Iterator[str]:
        for one in self.struck_by:
            yield one.fact

    def faults(self) -> Faults:
        if not (self.zero or self.last or self.class_):
            yield (), Refusal("veto_without_effect")

    def marks(self, column: Column) -> dict[str, Mark]:
        return {subject: self._mark(column, subject) for subject in column.subjects}

    def _mark(self, column: Column, subject: str) -> Mark:
        struck = tuple(
            Step(
                "struck_by", {"fact": one.name or Code(one.fact), "period": row.period}, ONE, (row,)
            )
            for one in self.struck_by
            for row in self._rows(column, subject, one.fact)
            if row.value > 0
        )
        if not struck:
            return Mark(ZERO, Step("not_struck", {}))
        effects: list[Step] = []
        if self.zero:
            effects.append(Step("effect_zero", {}))
        if self.last:
            effects.append(Step("effect_last", {}))
        if self.class_:
            effects.append(Step("effect_class", {"class": self.class_}))
        step = Step("struck", {"count": len(struck)}, None, (), (*struck, *effects))
        return Mark(ZERO, step, Strike(self.zero, self.last, self.class_))


class Exemption(Part):
    """Subjects that are not rated, as newcomers: no rank of their own, and a class if one likes."""

    fact: Indicator = Field(description="observation: 1 = not rated, as `exempt@newcomer`")
    class_: str | None = Field(
        default=None, alias="class", min_length=1, max_length=40, description="class given to it"
    )
    name: Name | None = Field(default=None, description="why")
