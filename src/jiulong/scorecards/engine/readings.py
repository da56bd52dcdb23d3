"""Readings: which figure a rule takes for a subject, and how it is found among the rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from jiulong.scorecards.engine import periods
from jiulong.scorecards.engine.formulas import Formula, FormulaError, NoFigureError
from jiulong.scorecards.engine.names import Indicator, Number, Part, Short
from jiulong.scorecards.engine.numbers import HUNDRED, ZERO, settled
from jiulong.scorecards.engine.observations import Observations, Row
from jiulong.scorecards.engine.words import Code, Params, Refusal, Step

Path = tuple[str | int, ...]
Faults = Iterator[tuple[Path, Refusal]]
#: last: of the period, else of the shorter one that ends with it (a cumulative value);
#: latest: else the last one of the year so far; sum, mean: of the shorter ones within.
Take = Literal["last", "latest", "sum", "mean"]
Measure = Literal["value", "growth", "change", "completion"]
#: Words that name a companion of the indicator itself.
COMPANIONS: Final = ("target", "expected", "base")
#: Companions that hold for a longer period around: a year's target in March.
STANDING: Final = ("@target",)


class Figure(NamedTuple):
    """A figure and how it came about."""

    value: Decimal
    steps: tuple[Step, ...] = ()


class Gap(NamedTuple):
    """There is no figure, and why."""

    step: Step


class Source(NamedTuple):
    """Where figures are read."""

    observations: Observations
    period: str


class Reading(Short):
    """Which figure: an indicator's code, a number, or more about it."""

    indicator: Indicator | None = Field(default=None, description="code of the indicator")
    number: Number | None = Field(default=None, description="a number that is the same for all")
    formula: Formula | None = Field(
        default=None, description="expression over indicators instead of one: `a / b * 100`"
    )
    per: Indicator | None = Field(
        default=None, description="indicator by which it is divided: mu, m², persons"
    )
    measure: Measure = Field(
        default="value",
        description="the value itself · growth over the base in % · the difference from the base"
        " · completion of the target in %",
    )
    against: Indicator | None = Field(
        default=None,
        description="base of growth and change, target of completion: `base`, `target`,"
        " `expected`, or another indicator",
    )
    take: Take = Field(
        default="last",
        description="the period's value, else that of the shorter period that ends with it · else"
        " the latest of the year so far · the sum or the mean of the shorter periods within",
    )

    @model_validator(mode="before")
    @classmethod
    def _number(cls, value: Any) -> Any:
        plain = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
        return {"number": value} if plain else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        whole = super().__get_pydantic_json_schema__(schema, handler)
        return {"anyOf": [*whole["anyOf"], {"type": "number"}]}

    def faults(self) -> Faults:
        given = [one for one in (self.indicator, self.number, self.formula) if one is not None]
        if len(given) != 1:
            yield (), Refusal("one_source")
        if self.measure != "value" and self.indicator is None:
            yield ("measure",), Refusal("measure_of_indicator")

    def indicators(self) -> Iterator[str]:
        """Codes that it needs; companions that may be missing are left out."""
        if self.indicator is not None:
            yield self.indicator
        if self.formula is not None:
            yield from self.formula.needs
        if self.per is not None:
            yield self.per

    def figure(self, source: Source, subject: str) -> Figure | Gap:
        """The figure for a subject."""
        found = self._measured(source, subject)
        if self.per is None or isinstance(found, Gap):
            return found
        divisor = look_up(source, subject, self.per, self.take)
        if isinstance(divisor, Gap):
            return divisor
        return quotient(found, divisor, "per")

    def _measured(self, source: Source, subject: str) -> Figure | Gap:
        if self.number is not None:
            return Figure(self.number)
        if self.formula is not None:
            return _computed(self.formula, source, subject)
        code = self.indicator or ""
        found = look_up(source, subject, code, self.take)
        if self.measure == "value" or isinstance(found, Gap):
            return found
        default = "target" if self.measure == "completion" else "base"
        other = compared(source, subject, code, self.against or default, self.take)
        return other if isinstance(other, Gap) else self._compared(found, other)

    def _compared(self, found: Figure, other: Figure) -> Figure | Gap:
        if self.measure == "change":
            value = found.value - other.value
            params = {"value": found.value, "base": other.value, "result": value}
            return _from("change", params, value, found, other)
        if self.measure == "completion":
            return quotient(found, other, "completion_percent", HUNDRED)
        return growth(found, other)


def growth(now: Figure, base: Figure) -> Figure | Gap:
    """By how many percent the figure lies above its base."""
    if base.value <= 0:
        return Gap(Step("no_growth", {"base": base.value}, None, (), (*now.steps, *base.steps)))
    value = settled((now.value - base.value) * HUNDRED / base.value)
    params = {"value": now.value, "base": base.value, "result": value}
    return _from("growth", params, value, now, base)


def quotient(top: Figure, bottom: Figure, key: str, times: Decimal = Decimal(1)) -> Figure | Gap:
    """One figure divided by the other."""
    if bottom.value <= 0:
        params = {"divisor": bottom.value}
        return Gap(Step("no_quotient", params, None, (), (*top.steps, *bottom.steps)))
    value = settled(top.value * times / bottom.value)
    params = {"value": top.value, "divisor": bottom.value, "result": value}
    return _from(key, params, value, top, bottom)


def _from(key: str, params: dict[str, Any], value: Decimal, *parts: Figure) -> Figure:
    inner = tuple(step for part in parts for step in part.steps)
    return Figure(value, (Step(key, params, value, (), inner),))


def compared(source: Source, subject: str, code: str, against: str, take: Take) -> Figure | Gap:
    """What an indicator is compared with: a companion of its own, or another indicator.

    Without a comparable base of its own, last year's value of the same period is the base.
    """
    if against not in COMPANIONS:
        return look_up(source, subject, against, take)
    found = look_up(source, subject, f"{code}@{against}", take)
    if against == "base" and isinstance(found, Gap):
        before = Source(source.observations, periods.year_before(source.period))
        last_year = look_up(before, subject, code, take)
        return found if isinstance(last_year, Gap) else last_year
    return found


def look_up(source: Source, subject: str, code: str, take: Take = "last") -> Figure | Gap:
    """The value of an indicator for a subject in the period."""
    series = source.observations.series(subject, code)
    row = series.get(source.period)
    if row is None and series:
        if take in {"sum", "mean"}:
            return _gathered(source, code, take, series.values())
        row = _nearest(source.period, code, take, series)
    if row is None:
        return Gap(_missing(code, source.period))
    return Figure(row.value, (_read(row),))


def _missing(code: str, period: str) -> Step:
    return Step("missing", {"indicator": Code(code), "period": period})


def _read(row: Row) -> Step:
    params = {"indicator": Code(row.indicator), "period": row.period, "value": row.value}
    return Step("read", params, row.value, (row,))


def _nearest(period: str, code: str, take: Take, series: Any) -> Row | None:
    candidates: list[str] = [*periods.ending_with(period)]
    if code.endswith(STANDING):
        candidates += periods.enclosing(period)
    if take == "latest":
        candidates += reversed(periods.to_date(period, series))
    found = next((one for one in candidates if one in series), None)
    return series[found] if found else None


def _gathered(source: Source, code: str, take: Take, rows: Iterable[Row]) -> Figure | Gap:
    """Sum or mean of the periods within; of several lengths, the longest tell."""
    within = [row for row in rows if periods.contains(source.period, row.period)]
    lengths = {row.period: periods.MONTHS[periods.parse(row.period).frequency] for row in within}
    most = max(lengths.values(), default=0)
    told = sorted((row for row in within if lengths[row.period] == most), key=lambda r: r.period)
    if not told:
        return Gap(_missing(code, source.period))
    total = sum((row.value for row in told), ZERO)
    value = total if take == "sum" else settled(total / len(told))
    params = {"indicator": Code(code), "count": len(told), "result": value}
    return Figure(value, (Step(take, params, value, (), tuple(map(_read, told))),))


def _computed(formula: Formula, source: Source, subject: str) -> Figure | Gap:
    read: dict[str, Step] = {}

    def value(code: str) -> Decimal | None:
        found = look_up(source, subject, code)
        if isinstance(found, Gap):
            return None
        read[code] = found.steps[0]
        return found.value

    try:
        result = formula.evaluate(value)
    except NoFigureError as error:
        return Gap(_missing(error.code, source.period)._replace(steps=tuple(read.values())))
    except FormulaError as error:
        params: Params = {"formula": formula.text, "reason": error.refusal}
        return Gap(Step("not_computed", params, None, (), tuple(read.values())))
    params = {"formula": formula.text, "result": result}
    return Figure(result, (Step("formula", params, result, (), tuple(read.values())),))


class Threshold(Part):
    """A line of a table: from this figure on, that much."""

    at: Number = Field(description="from this figure on (direction down: up to it)")
