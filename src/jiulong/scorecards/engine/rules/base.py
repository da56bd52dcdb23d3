"""What rules have in common: a column of subjects in, a mark with its explanation out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from pydantic import Field

from jiulong.scorecards.engine.names import Part
from jiulong.scorecards.engine.numbers import HUNDRED, ONE, settled
from jiulong.scorecards.engine.readings import Faults, Figure, Gap, Reading, Source
from jiulong.scorecards.engine.words import Step

Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Column:
    """One criterion for one group: who is in it, and where its figures stand."""

    criterion: str
    full: Decimal  # full marks
    subjects: tuple[str, ...]
    source: Source

    def figures(self, reading: Reading) -> dict[str, Figure | Gap]:
        return {subject: reading.figure(self.source, subject) for subject in self.subjects}


class Strike(NamedTuple):
    """What a veto does to a subject."""

    zero: bool
    last: bool
    class_: str | None


class Mark(NamedTuple):
    """Points before rounding and how they came about; None: there were no data for them."""

    points: Decimal | None
    step: Step
    strike: Strike | None = None


class Rule(Part):
    """How figures become points."""

    kind: str

    def marks(self, column: Column) -> dict[str, Mark]:
        """A mark for every subject of the column."""
        raise NotImplementedError

    def faults(self) -> Faults:
        """What pydantic cannot see; paths are relative to the rule."""
        yield from ()

    def indicators(self) -> Iterator[str]:
        """Codes of indicators without which it has no data."""
        yield from ()

    def facts(self) -> Iterator[str]:
        """Codes of facts that it counts; none is no fault."""
        yield from ()

    @property
    def missing_by_default(self) -> Literal["not_rated"] | None:
        """What lack of data does where the criterion does not say; None: what the scheme says."""
        return None

    @property
    def is_extra(self) -> bool:
        """Whether it gives points beside the full marks: bonus, penalty, veto."""
        return False

    @property
    def most(self) -> Decimal:
        """The greatest share of full marks that it gives."""
        return ONE


class Valued(Rule):
    """A rule over one figure of each subject."""

    value: Reading = Field(description="the figure: an indicator, or more about it")

    def faults(self) -> Faults:
        for path, refusal in self.value.faults():
            yield ("value", *path), refusal

    def indicators(self) -> Iterator[str]:
        yield from self.value.indicators()


def awarded(full: Decimal, share: Decimal, steps: tuple[Step, ...]) -> Mark:
    """So large a share of full marks."""
    points = settled(full * share)
    params = {"share": settled(share * HUNDRED), "full": full, "points": points}
    return Mark(points, Step("awarded", params, points, (), steps))


def no_data(gap: Gap) -> Mark:
    return Mark(None, gap.step)


def apart(
    found: Mapping[str, Figure | Gap],
) -> tuple[dict[str, Figure], dict[str, Mark]]:
    """Those with a figure, and the marks of those without."""
    figures = {subject: one for subject, one in found.items() if isinstance(one, Figure)}
    marks = {subject: no_data(one) for subject, one in found.items() if isinstance(one, Gap)}
    return figures, marks
