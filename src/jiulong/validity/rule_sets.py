"""Rule sets that hold: those in the box, and what packs say instead of them or besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints

from jiulong.packs.sections import Item
from jiulong.packs.text import Text
from jiulong.upkeep.models import Provision
from jiulong.validity.engine import rules
from jiulong.validity.engine.rules import RULE_SETS, Judgement, Law, RuleSet

#: Under which the items stand among the provisions of packs.
SECTION: Final = "rule_sets"

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
Share = Annotated[Decimal, Field(ge=0, le=1)]
Flag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.]$")]
FactorCode = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class LawItem(Item):
    """Where a rule stands."""

    law: Annotated[str, StringConstraints(min_length=1, max_length=120)] = Field(
        description="the norm or the order"
    )
    clause: Annotated[str, StringConstraints(max_length=80)] = Field(
        default="", description="its clause"
    )


class JudgementItem(Item):
    """What exceedance is judged on."""

    statistic: Literal["hour", "day"] = Field(default="day", description="hourly or daily mean")
    excepted: tuple[FactorCode, ...] = Field(default=(), description="codes it leaves out")


class RuleSetItem(Item):
    """By which rules data are valid, and what their means and loads are.

    Whatever is not said is as in the rule set under `based_on`. The same code as one in the box
    takes its place.
    """

    code: Annotated[Code, Field(description="its code, as `jiulong water` takes it")]
    based_on: Literal["hj356-2019", "fujian-230", "hj212-annex-d"] = Field(
        default="hj356-2019", description="the rule set of the box that it departs from"
    )
    name: Annotated[Text, Field(description="what people call it")]
    effective_from: date = Field(description="first day it holds")
    effective_to: date | None = Field(default=None, description="last day it holds; none: open")
    default: bool = Field(
        default=False,
        description="taken where none is named; of several the one with the latest start",
    )
    laws: tuple[LawItem, ...] = Field(min_length=1, description="where the rules stand")
    usable_flags: tuple[Flag, ...] | None = Field(
        default=None, description="HJ 212 flags that leave a value usable; none sent is usable"
    )
    zero_flow_invalid: bool | None = Field(
        default=None, description="whether values at flow 0 are invalid"
    )
    min_ratio: Share | None = Field(default=None, description="share of a day's values, as 0.75")
    month_min_ratio: Share | None = Field(default=None, description="share of a month's days")
    disagreement: Share | None = Field(
        default=None, description="largest difference of analyser, logger and platform, as 0.01"
    )
    arithmetic_factors: tuple[FactorCode, ...] | None = Field(
        default=None, description="codes that are never weighted by flow"
    )
    unloaded_factors: tuple[FactorCode, ...] | None = Field(
        default=None, description="codes that have no load"
    )
    load: Literal["mean_times_flow", "slices"] | None = Field(
        default=None, description="mean times the day's flow · sum over the values"
    )
    substitutes: bool | None = Field(default=None, description="whether loads are stood in for")
    substitute_of: Annotated[int, Field(ge=1, le=366)] | None = Field(
        default=None, description="the greatest of so many valid daily loads stands in"
    )
    substitute_from: Annotated[int, Field(ge=1, le=366)] | None = Field(
        default=None, description="from so many valid daily loads on"
    )
    manual_per_day: Annotated[int, Field(ge=1, le=24)] | None = Field(
        default=None, description="manual values that make a day of them"
    )
    places: dict[FactorCode, Annotated[int, Field(ge=0, le=9)]] | None = Field(
        default=None, description="decimals of a mean by code; others as in the box"
    )
    judgement: JudgementItem | None = Field(default=None, description="what exceedance is of")


#: Fields of an item that are sets in a rule set.
_SETS: Final = ("arithmetic_factors", "unloaded_factors")
#: Fields that are taken as they are.
_PLAIN: Final = (
    "zero_flow_invalid", "min_ratio", "month_min_ratio", "disagreement", "load", "substitutes",
    "substitute_of", "substitute_from", "manual_per_day",
)  # fmt: skip


def rule_set_of(item: RuleSetItem) -> RuleSet:
    """The rule set that an item of a pack describes."""
    said: dict[str, Any] = {name: getattr(item, name) for name in _PLAIN}
    said |= {name: getattr(item, name) and frozenset(getattr(item, name)) for name in _SETS}
    if item.usable_flags is not None:
        said["usable_flags"] = frozenset({"", ".", *item.usable_flags})
    if item.places is not None:
        said["places"] = {**rules.MORE_PLACES, **item.places}
    if item.judgement is not None:
        wanted = item.judgement
        said["judgement"] = Judgement(wanted.statistic, frozenset(wanted.excepted))
    return replace(
        RULE_SETS[item.based_on],
        code=item.code,
        name=item.name.zh,
        name_en=item.name.en or item.name.zh,
        effective_from=item.effective_from,
        effective_to=item.effective_to,
        default=item.default,
        laws=tuple(Law(law.law, law.clause) for law in item.laws),
        **{name: value for name, value in said.items() if value is not None},
    )


def with_items(items: Iterable[RuleSetItem]) -> dict[str, RuleSet]:
    """The box's rule sets and these, by code."""
    return {**RULE_SETS, **{item.code: rule_set_of(item) for item in items}}


def known() -> Mapping[str, RuleSet]:
    """The rule sets that hold now, by code. One query: ask once per piece of work."""
    rows = Provision.objects.filter(section=SECTION)
    return with_items(RuleSetItem.model_validate(row.content) for row in rows)


def rule_set_on(day: date, among: Mapping[str, RuleSet] | None = None) -> RuleSet:
    """The default rule set in force on the day.

    Raises:
        LookupError: none was in force.
    """
    return rules.rule_set_on(day, (known() if among is None else among).values())
