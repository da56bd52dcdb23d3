"""What the field prescribes for upkeep, as data: kinds of marks, limits of checks, forms, clocks.

What is in the box stands in `box`; a pack's item with the same key takes its place. Every item says
where it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints

from jiulong.calendar.clocks import Limit
from jiulong.packs.sections import Item
from jiulong.packs.text import Text
from jiulong.upkeep import box
from jiulong.upkeep.models import Provision

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]*$", max_length=40)]
Source = Annotated[Text, Field(description="norm and clause")]


class MarkKindItem(Item):
    """A kind of mark that stations may put on their data.

    A device mark says that the instrument did not measure; a condition mark says how production and
    treatment ran. A condition mark excuses nothing in wastewater unless the rule of the industry
    says so: then `trades` names the industries and `invalidates` is true.
    """

    key: Annotated[Key, Field(description="its code")]
    name: Annotated[Text, Field(description="what people call it")]
    group: Literal["device", "condition"] = Field(description="of the instrument · of the works")
    letter: Annotated[str, StringConstraints(max_length=1)] = Field(
        default="", description="HJ 212 data flag that says the same"
    )
    invalidates: bool = Field(default=False, description="values under it do not count")
    trades: tuple[str, ...] = Field(
        default=(), description="industries in which it may be used; none: all"
    )
    source: Source


class QcLimitItem(Item):
    """By how much an instrument may err in a check, for references from `low` to below `high`."""

    key: Annotated[Key, Field(description="its code")]
    factor: Annotated[str, StringConstraints(max_length=40)] = Field(description="factor code")
    kinds: tuple[Literal["standard", "comparison", "zero", "span"], ...] = Field(
        description="the checks it holds for"
    )
    low: Decimal | None = Field(default=None, description="reference from here on; none: any")
    high: Decimal | None = Field(default=None, description="reference below this; none: any")
    measure: Literal["relative", "absolute", "range"] = Field(
        description="error ÷ reference · error in the factor's unit · error ÷ range"
    )
    tolerance: Decimal = Field(gt=0, description="largest error; ratios as 0.10")
    regular: bool = Field(default=True, description="such a check has to be made again and again")
    source: Source


class FormField(Item):
    """One thing to look at or to write down."""

    key: Annotated[Key, Field(description="its code")]
    label: Annotated[Text, Field(description="what it asks")]
    type: Literal["check", "number", "text"] = Field(
        default="check", description="fine or not · a number · words"
    )
    unit: Annotated[str, StringConstraints(max_length=20)] = ""
    low: Decimal | None = Field(default=None, description="a number below this is abnormal")
    high: Decimal | None = Field(default=None, description="a number above this is abnormal")
    required: bool = True


class FormItem(Item):
    """A list of maintenance, and how often it is worked through."""

    key: Annotated[Key, Field(description="its code")]
    name: Annotated[Text, Field(description="what people call it")]
    every_days: int = Field(default=0, ge=0, description="days between two; 0: when needed")
    fields: tuple[FormField, ...] = Field(min_length=1)
    source: Source


class ClockItem(Item):
    """A time limit or a number that upkeep goes by.

    Limits are written `12 hours` or `5 working_days`, a time of day `12:00`, a count `4`.
    """

    key: Annotated[Key, Field(description="which one; see `jiulong.upkeep.box`")]
    value: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    source: Source


MODELS: Final[dict[str, type[Item]]] = {
    "mark_kinds": MarkKindItem,
    "qc_limits": QcLimitItem,
    "upkeep_forms": FormItem,
    "upkeep_clocks": ClockItem,
}


@dataclass(frozen=True)
class Rulebook:
    """All provisions that hold now."""

    kinds: Mapping[str, MarkKindItem]
    limits: Mapping[str, QcLimitItem]
    forms: Mapping[str, FormItem]
    clocks: Mapping[str, ClockItem]

    def limit(self, clock: str) -> Limit:
        """A time limit: `Limit(12, hours)`."""
        return Limit.parse(self.clocks[clock].value)

    def count(self, clock: str) -> int:
        """A number."""
        return int(self.clocks[clock].value)

    def moment(self, clock: str) -> time:
        """A time of day."""
        return time.fromisoformat(self.clocks[clock].value)

    def hours(self, clock: str) -> timedelta:
        """A length in natural hours."""
        return timedelta(hours=self.limit(clock).amount)

    def kinds_for(self, trade: str) -> list[MarkKindItem]:
        """The kinds that enterprises of an industry may use, device marks first."""
        fitting = [kind for kind in self.kinds.values() if not kind.trades or trade in kind.trades]
        return sorted(fitting, key=lambda kind: kind.group != "device")


def rulebook() -> Rulebook:
    """What holds now. One query: ask once per request, not once per row."""
    merged = {section: dict(items) for section, items in built_in().items()}
    for row in Provision.objects.all():
        if row.section in MODELS:
            merged[row.section][row.code] = MODELS[row.section].model_validate(row.content)
    # Each section's items were made by its own model.
    kinds: Any = merged["mark_kinds"]
    limits: Any = merged["qc_limits"]
    forms: Any = merged["upkeep_forms"]
    clocks: Any = merged["upkeep_clocks"]
    return Rulebook(kinds, limits, forms, clocks)


@cache
def built_in() -> Mapping[str, Mapping[str, Item]]:
    """What is in the box, by section and key."""
    return {
        section: {entry["key"]: model.model_validate(entry) for entry in box.BOX[section]}
        for section, model in MODELS.items()
    }
