"""What a pack says of lights: which measures count, and from where on they are yellow or red."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints, model_validator

from jiulong.packs.sections import Item
from jiulong.packs.text import Text

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=80)]
#: What is measured of a project at a month's end; `judging.MEASURES` says how.
Measure = Literal[
    "points_behind", "start_late", "not_in_statistics", "month_task_share", "bond_gap"
]


class Band(Item):
    """From where on a measure gives a colour: exactly one of `over`, `under`, `from`."""

    over: Decimal | None = Field(default=None, description="more than this")
    under: Decimal | None = Field(default=None, description="less than this")
    reaches: Decimal | None = Field(default=None, alias="from", description="this much or more")
    colour: Literal["yellow", "red"] = Field(description="what it lights")
    word: Text | None = Field(
        default=None, description="what the rule itself calls it, such as 黄牌"
    )
    excused: bool = Field(
        default=False, description="does not hold where an accepted reason is on file"
    )

    @model_validator(mode="after")
    def _one_edge(self) -> Self:
        if sum(edge is not None for edge in (self.over, self.under, self.reaches)) != 1:
            raise ValueError(_("give exactly one of over, under and from"))
        return self

    def holds(self, value: Decimal) -> bool:
        """Whether the value lies in the band."""
        if self.over is not None:
            return value > self.over
        if self.under is not None:
            return value < self.under
        return self.reaches is not None and value >= self.reaches


class RuleSpec(Item):
    """One measure and its bands, the heaviest first; in none of them it is green."""

    measure: Measure = Field(
        description="points_behind: percentage points of the year's plan behind the plan to date · "
        "start_late: months since the month in which works were to start · not_in_statistics: whole"
        " months since works started without entry in the statistics · month_task_share: percent of"
        " the month's own task that was done · bond_gap: percent of the special bonds that should"
        " have been used by now (by months of the year) and were not"
    )
    bands: list[Band] = Field(min_length=1, description="the heaviest first; the first that holds")
    least_total: Decimal = Field(
        default=Decimal(0), description="only for projects of at least so many 万元"
    )
    note: str = Field(default="", max_length=300, description="how the source was read")


class LightSpec(Item):
    """A set of rules that was published somewhere, or a reading of it."""

    code: Code = Field(description="never changes")
    name: Text
    source: Annotated[str, StringConstraints(min_length=1, max_length=300)] = Field(
        description="where it was published"
    )
    since: date = Field(description="from which month on it may be in force")
    until: date | None = Field(default=None, description="last day")
    in_force: bool = Field(
        default=False, description="true: it decides; false: an alternative to compare with"
    )
    rules: list[RuleSpec] = Field(min_length=1)
    report_due_day: int = Field(
        default=5, ge=1, le=28, description="day of the next month until which a month is reported"
    )
    most_of_total: Decimal = Field(
        default=Decimal("1.10"), gt=0,
        description="a report of more than this share of the total investment needs a reason",
    )  # fmt: skip
    eased_by_two: tuple[Literal["none", "green", "yellow", "red"], ...] = Field(
        default=("yellow", "red"),
        description="colours in which a lower or later plan, later dates or leaving the list wait "
        "for a second person, of the supervision; none of the sources speaks of it: our default, so"
        " that nobody puts out their own light",
    )
    order: int = Field(default=50, ge=0, le=999)

    def covers(self, day: date) -> bool:
        """Whether it may be applied on the day."""
        return self.since <= day and (self.until is None or day <= self.until)
