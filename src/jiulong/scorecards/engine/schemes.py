"""The shape of a scheme: contests, criteria and their rules, groups, ties, classes. Pack data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from pydantic import Field, ValidationError

from jiulong.rounding import HALF_UP, ROUNDING, rounded
from jiulong.scorecards.engine.classes import Classes, ClassName
from jiulong.scorecards.engine.consequences import Consequence, Visible
from jiulong.scorecards.engine.names import Indicator, Key, Name, Number, Part, Short
from jiulong.scorecards.engine.numbers import HUNDRED, ZERO
from jiulong.scorecards.engine.periods import Frequency
from jiulong.scorecards.engine.readings import Path
from jiulong.scorecards.engine.rules import AnyRule, Exemption
from jiulong.scorecards.engine.words import Refusal

Missing = Literal["zero", "exclude", "worst", "not_rated"]
_MISSING = (
    "without data: no points · left out, its weight goes to the others · the lowest points of the"
    " group · the subject is not rated"
)


class Criterion(Part):
    """What is scored, how much it weighs and by which rule."""

    key: Key = Field(description="its key, unique in the scheme")
    name: Name = Field(description="what people call it")
    weight: Number = Field(
        default=ZERO, ge=0, description="full marks, or percent of the contest; none for extras"
    )
    rule: AnyRule = Field(description="how figures become points")
    missing: Missing | None = Field(default=None, description=_MISSING)
    groups: tuple[Key, ...] = Field(default=(), description="only for these groups; none: all")


class Contest(Part):
    """Criteria that belong together: one of the seven contests."""

    key: Key = Field(description="its key, unique in the scheme")
    name: Name = Field(description="what people call it")
    weight: Number | None = Field(
        default=None, ge=0, description="its share of the full marks; default: its criteria's sum"
    )
    criteria: tuple[Criterion, ...] = Field(min_length=1, description="what is scored in it")


class Group(Part):
    """Subjects that are ranked among themselves."""

    key: Key = Field(description="its key, as observations have it")
    name: Name = Field(description="what people call it")
    subjects: dict[str, Any] | list[str] | None = Field(
        default=None, description="who is in it; rows have their group, so scoring never reads this"
    )
    classes: Classes | None = Field(default=None, description="instead of the scheme's classes")


class TieBreak(Short):
    """What parts those with equal scores."""

    of: str = Field(
        min_length=1, max_length=120, description="a criterion, a contest or an indicator"
    )
    direction: Literal["up", "down"] = Field(default="up", description="up: more goes first")


class Ties(Short):
    """How equal scores are ranked."""

    then: Literal["shared", "dense"] = Field(
        default="shared", description="equal ones share a rank: 1-2-2-4 · 1-2-2-3"
    )
    by: tuple[TieBreak, ...] = Field(default=(), description="first parted by these, in order")


class Slot(NamedTuple):
    """A criterion as it counts for one group."""

    contest: str  # "": beside all contests
    criterion: Criterion
    full: Decimal
    path: Path


class Fault(NamedTuple):
    """What is wrong in a scheme, and where."""

    path: Path
    message: str
    refusal: Refusal | None = None


class SchemeError(ValueError):
    """A scheme that cannot be; `faults` with their paths."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        told = (f"{'.'.join(map(str, one.path)) or '.'}: {one.message}" for one in faults)
        super().__init__("\n".join(told))


class Scheme(Part):
    """By which rules subjects are scored and ranked in a year."""

    code: Key = Field(description="its code")
    name: Name = Field(description="what people call it")
    effective_from: date = Field(description="first day it holds")
    effective_to: date | None = Field(default=None, description="last day it holds; none: open")
    frequency: Frequency = Field(description="how often it is scored")
    source: str = Field(default="", max_length=2000, description="where it was published")
    note: str = Field(default="", max_length=4000, description="what a reader should know")
    out_of: Number = Field(default=HUNDRED, gt=0, description="full marks of all contests")
    weights: Literal["points", "percent"] = Field(
        default="points",
        description="criteria add up to their contest's weight · to 100 percent of it",
    )
    decimals: int = Field(default=2, ge=0, le=6, description="decimals of points and scores")
    rounding: Literal["half_even", "half_up"] = Field(
        default="half_even", description="GB/T 8170 · half up (四舍五入)"
    )
    lowest: Number | None = Field(default=ZERO, description="no score is lower; null: no limit")
    highest: Number | None = Field(default=None, description="no score is higher")
    missing: Missing = Field(default="zero", description=_MISSING)
    ties: Ties = Field(default=Ties(), description="how equal scores are ranked")
    groups: tuple[Group, ...] = Field(
        default=(), description="groups in their order; none: those that the observations name"
    )
    contests: tuple[Contest, ...] = Field(min_length=1, description="what is scored")
    adjustments: tuple[Criterion, ...] = Field(
        default=(), description="bonus, penalty and veto beside all contests"
    )
    classes: Classes | None = Field(default=None, description="classes, where there are any")
    exemptions: tuple[Exemption, ...] = Field(default=(), description="who is not rated")
    unrated_class: ClassName | None = Field(
        default=None, description="class of those that are not rated for lack of data"
    )
    labels: dict[Indicator, Name] = Field(
        default={}, description="names of indicators and facts in explanations"
    )
    dispute_days: int = Field(
        default=3, ge=0, le=60, description="working days in which a standing may be disputed"
    )
    visible: Visible = Field(
        default=Visible(), description="who reads figures of enterprises in full"
    )
    consequences: tuple[Consequence, ...] = Field(default=(), description="what follows")

    @classmethod
    def read(cls, mapping: Mapping[str, Any]) -> Scheme:
        """The scheme that a mapping (of YAML or JSON) describes.

        Raises:
            SchemeError: it describes none; every fault has its path.
        """
        try:
            scheme = cls.model_validate(mapping)
        except ValidationError as error:
            # A list that is too short only because its items are wrong is no fault of its own.
            told = [
                Fault(tuple(one["loc"]), one["msg"])
                for one in error.errors(include_url=False)
                if one["type"] != "too_short" or not one["input"]
            ]
            raise SchemeError(told) from error
        if faults := list(scheme.faults()):
            raise SchemeError(faults)
        return scheme

    def faults(self) -> Iterator[Fault]:
        """What the shape alone does not show: weights that do not add up, unknown keys."""
        from jiulong.scorecards.engine.checks import faults  # noqa: PLC0415 - it knows schemes

        for path, refusal in faults(self):
            yield Fault(path, str(refusal), refusal)

    def rounded(self, value: Decimal) -> Decimal:
        """Points or a score as they count, by the one rounding rule."""
        how = HALF_UP if self.rounding == "half_up" else ROUNDING
        return rounded(value, self.decimals, how)

    def criteria(self) -> Iterator[tuple[str, Criterion, Path]]:
        """Contest's key, criterion and path of every criterion, adjustments last."""
        for index, contest in enumerate(self.contests):
            for number, criterion in enumerate(contest.criteria):
                yield contest.key, criterion, ("contests", index, "criteria", number)
        for number, criterion in enumerate(self.adjustments):
            yield "", criterion, ("adjustments", number)

    def slots(self, group: str) -> list[Slot]:
        """What counts for a group, with full marks."""
        weights = {contest.key: contest.weight for contest in self.contests}
        found = []
        for contest, criterion, path in self.criteria():
            if criterion.groups and group not in criterion.groups:
                continue
            full = criterion.weight
            if self.weights == "percent" and contest:
                full = full * (weights[contest] or ZERO) / HUNDRED
            found.append(Slot(contest, criterion, full, path))
        return found

    def group(self, key: str) -> Group | None:
        return next((one for one in self.groups if one.key == key), None)

    def classes_of(self, group: str) -> Classes | None:
        own = self.group(group)
        return own.classes if own is not None and own.classes is not None else self.classes

    def name_of(self, criterion: str) -> Name:
        """The name of a criterion or contest."""
        for contest in self.contests:
            if contest.key == criterion:
                return contest.name
        return next(one.name for _contest, one, _path in self.criteria() if one.key == criterion)
