"""What stands in a pack about indicators, subjects, targets, values and sheets."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints, field_validator, model_validator

from jiulong.packs.sections import Item
from jiulong.packs.text import Text
from jiulong.scorecards.dating import is_written

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][\w.\-]*$", max_length=80)]
#: As the engine of schemes reads them.
IndicatorCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.\-]*$", max_length=80)]
Every = Literal["month", "quarter", "half", "year"]
KindOfChange = Literal["add", "change", "retire", "same"]
Tolerance = Literal["about", "at_least", "at_most", "exact", "done"]
Kind = Literal["unit", "zone", "park", "enterprise", "project"]


def _text(value: Any) -> Any:
    """YAML reads `350602` and `2023` as numbers; here they are names."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _period(text: Any) -> str:
    word = str(text)
    if not is_written(word):
        told = _("“%(text)s” is no period; expected 2024, 2024H1, 2024Q1, 2024-03 or, for a demo, "
                 "-1m, -1q, thisyear-03, lastyear")  # fmt: skip
        raise ValueError(told % {"text": word})
    return word


class IndicatorItem(Item):
    """One line of the statistics. Its code is its name in targets, sheets and schemes."""

    code: IndicatorCode = Field(description="small letters, digits and points; never changes")
    name: Text
    measure: str = Field(default="", max_length=20, description="unit of measure: 亿元, %, 个")
    direction: Literal["up", "down"] = Field(default="up", description="which way is better")
    every: Every = Field(default="month", description="how often there is a value")
    cumulative: bool = Field(default=True, description="from January to the period's end")
    kind: Literal["level", "growth"] = Field(
        default="level", description="`growth`: only the rate over last year is published, in %"
    )
    metric: str = Field(default="", max_length=80, description="computed by the system: a metric")
    formula: str = Field(
        default="", max_length=300,
        description="computed from other indicators: `tax / land`, `v(\"a.b\") * 2`",
    )  # fmt: skip
    decimals: int = Field(default=2, ge=0, le=6)
    least: Decimal | None = Field(default=None, description="smaller values are refused")
    most: Decimal | None = Field(default=None, description="larger values are refused")
    may_fall: bool = Field(
        default=False, description="a cumulative value may be below the month before (netting)"
    )
    january_with_february: bool = Field(
        default=False, description="no value for January; February's covers both months"
    )
    near: Decimal | None = Field(
        default=None, ge=0, le=1000,
        description="how far behind is still yellow: % of what is expected (10), points of a "
        "growth rate (1)",
    )  # fmt: skip
    owner: str = Field(default="", description="code of the department in charge")
    category: str = Field(default="", max_length=60, description="heading under which it stands")
    note: str = Field(default="", max_length=1000, description="definition, source, confidence")
    order: int = Field(default=50, ge=0, le=9999)

    _names = field_validator("owner", mode="before")(_text)

    @model_validator(mode="after")
    def _one_source(self) -> IndicatorItem:
        if self.metric and self.formula:
            raise ValueError(_("a metric or a formula, not both"))
        return self


class Choice(Item):
    """Whom an item of `subjects` selects; everybody who fits all that is said."""

    units: list[str] = Field(default=[], description="codes of units")
    unit_kinds: list[str] = Field(default=[], description="street, zone, department …")
    enterprises: bool = Field(default=False, description="all enterprises of the district")
    trades: list[str] = Field(default=[], description="with `enterprises`: of these trades")
    register_key: str = Field(default="", alias="register", description="entries of a register")
    where: dict[str, list[str]] = Field(
        default={}, description="with `register`: values of fields, any of each"
    )

    @field_validator("units", mode="before")
    @classmethod
    def _codes(cls, value: Any) -> Any:
        return [_text(each) for each in value] if isinstance(value, list) else value


class SubjectItem(Item):
    """Whoever is measured: one by name, or all that `each` selects.

    The item's code is a tag of everybody it makes, beside `tags`; schemes and sheets select by
    tags. A unit's subject has the unit's code, an enterprise's its unit's code, an entry's
    `register/number`. The same subject may be selected by several items and packs.
    """

    code: Code
    kind: Kind = "unit"
    name: str = Field(default="", max_length=120, description="default: as the unit is called")
    unit: str = Field(default="", description="the unit itself, or the one that answers for it")
    each: Choice | None = Field(default=None, description="instead of one: all of these")
    parent: str = Field(default="", description="code of the subject that it is a part of")
    tags: list[str] = Field(default=[])

    _names = field_validator("code", "unit", "parent", mode="before")(_text)

    @model_validator(mode="after")
    def _somebody(self) -> SubjectItem:
        if self.each is None and not (self.unit or self.name):
            raise ValueError(_("nobody is meant; expected `each`, `unit` or `name`"))
        return self


class Aim(Item):
    """A target's number and words."""

    value: Decimal | None = Field(default=None, description="none: to be completed, no number")
    tolerance: Tolerance | None = Field(
        default=None, description="左右 `about` · 以上 `at_least` · 以内 `at_most`"
    )
    words: str = Field(default="", max_length=200, description="as it was published")
    gap_reason: str = Field(
        default="", max_length=300, description="why the parts do not add up to it"
    )


class TargetItem(Item):
    """What an indicator is to reach by the end of a period, for one subject or many."""

    indicator: Code
    period: str
    tolerance: Tolerance = Field(default="at_least", description="where `of` does not say")
    of: dict[str, Decimal | Aim] = Field(
        min_length=1, description="subject → number, or {value, tolerance, words, gap_reason}"
    )
    source: str = Field(default="", max_length=200, description="where published, or: invented")

    _periods = field_validator("period", mode="before")(_period)

    def aims(self) -> dict[str, Aim]:
        """Subject → number and words, with the item's tolerance where none is given."""
        found = {}
        for code, given in self.of.items():
            aim = given if isinstance(given, Aim) else Aim(value=given)
            told = aim.tolerance or ("done" if aim.value is None else self.tolerance)
            found[code] = aim.model_copy(update={"tolerance": told})
        return found


class ObservationItem(Item):
    """Values as rows, or in a .csv file beside this one.

    The file's head: `subject,indicator`, optionally `companion` (`base`: last year on a comparable
    basis), then either `period,value` or a column per period. Empty cells are no values. Periods
    that are not over yet are left out: a demo grows with the calendar.
    """

    key: Code = Field(description="its name in this section, unique over all packs")
    file: Annotated[str, StringConstraints(pattern=r"^[\w\-]+\.csv$")] | None = None
    rows: list[tuple[str, str, str, Decimal]] = Field(
        default=[], description="[subject, indicator, period, value]"
    )
    until: str = Field(default="", description="later periods of the file are left out: `-2m`")
    status: Literal["preliminary", "revised", "final"] = "final"
    source: str = Field(default="", max_length=300, description="stands beside each value")

    @field_validator("rows", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return [
            [*(_text(cell) for cell in row[:3]), *row[3:]] if isinstance(row, list) else row
            for row in value
        ]

    @field_validator("until", mode="before")
    @classmethod
    def _until(cls, value: Any) -> Any:
        return _period(value) if value else ""

    @field_validator("rows")
    @classmethod
    def _periods(cls, value: Any) -> Any:
        for row in value:
            _period(row[2])
        return value

    @model_validator(mode="after")
    def _something(self) -> ObservationItem:
        if bool(self.file) == bool(self.rows):
            raise ValueError(_("expected `file` or `rows`"))
        return self


class DemoSheetItem(Item):
    """Invented sheets of a plan for the periods that ended last, brought to where they stand."""

    plan: str = Field(description="key of `sheets`")
    periods: int = Field(default=2, ge=1, le=12, description="so many, up to the last one over")
    waits: list[str] = Field(
        default=[], description="units whose last sheet waits for its second signature"
    )
    open: list[str] = Field(default=[], description="units whose last sheet is not filled in yet")
    late: list[str] = Field(default=[], description="units whose last sheet but one came late")

    @field_validator("waits", "open", "late", mode="before")
    @classmethod
    def _codes(cls, value: Any) -> Any:
        return [_text(each) for each in value] if isinstance(value, list) else value


class Level(Item):
    """Who signs: somebody of the unit named, holding `sign_sheet` there."""

    name: Text
    unit: str = Field(
        default="$unit", description="`$unit`, `$above` (the unit above) or a unit's code"
    )

    _names = field_validator("unit", mode="before")(_text)


class SheetItem(Item):
    """Who reports which indicators of whom, how often, until when, and who signs."""

    key: Code
    name: Text
    indicators: list[Code] = Field(min_length=1)
    subjects: list[str] = Field(min_length=1, description="codes or tags of subjects")
    filled_by: list[str] = Field(
        default=["$subject"],
        description="`$subject`: every subject's unit its own rows; or codes of units: all rows",
    )
    every: Every = "month"
    due: str = Field(
        default="5 working_days", pattern=r"^\d{1,2} (working_days|days)$",
        description="after the period's end",
    )  # fmt: skip
    lock: str = Field(
        default="5 working_days", pattern=r"^\d{1,2} (working_days|days)$",
        description="after the due time; from then on only a revision changes a value",
    )  # fmt: skip
    levels: list[Level] = Field(min_length=1, max_length=4, description="who signs, in order")
    jump: Decimal = Field(
        default=Decimal(50), gt=0,
        description="% against the period before or last year that needs a note",
    )  # fmt: skip
    jump_points: Decimal = Field(
        default=Decimal(10), gt=0, description="likewise for growth rates, in points"
    )
    base_jump: Decimal = Field(
        default=Decimal(10), gt=0,
        description="% by which last year on a comparable basis may lie away from what was "
        "reported then before it needs a note; our default: a small base makes any growth",
    )  # fmt: skip
    totals: Literal["", "note", "refuse"] = Field(
        default="", description="when a parent's row is not the sum of its parts' rows"
    )
    base: bool = Field(default=False, description="asks for last year on a comparable basis too")
    since: str = Field(default="", description="first period; default: the one when applied")

    @field_validator("since", mode="before")
    @classmethod
    def _since(cls, value: Any) -> Any:
        return _period(value) if value else ""

    @field_validator("subjects", "filled_by", mode="before")
    @classmethod
    def _codes(cls, value: Any) -> Any:
        return [_text(each) for each in value] if isinstance(value, list) else value
