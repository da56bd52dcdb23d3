"""The six rates by which a network of stations is measured: counts, and their exact quotients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from jiulong.rounding import rounded
from jiulong.validity.engine.numbers import quotient

#: 95.54 % has four places.
PLACES: Final = 4


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted. All of it adds up, so that a district's rate is not a mean of rates.

    Args:
        due: hourly values that had to come: of hours with discharge, or whose flow is unknown.
        received: those of them that came, with whatever flag.
        valid: those that count (HJ 356-2019).
        service_s: seconds in which points were in service.
        online_s: those of them in which nothing was offline.
        doubtful: hourly values due that are flagged or missing.
        marked: those of them that carry a mark.
        asked: answers that were due from enterprises and operators.
        answered: those of them that came in time.
    """

    due: int = 0
    received: int = 0
    valid: int = 0
    service_s: int = 0
    online_s: int = 0
    doubtful: int = 0
    marked: int = 0
    asked: int = 0
    answered: int = 0

    def __add__(self, other: Counts) -> Counts:
        mine, theirs = astuple(self), astuple(other)
        return Counts(*(a + b for a, b in zip(mine, theirs, strict=True)))

    def of(self, rate: str) -> tuple[int, int]:
        """What a rate divides by what; KeyError for one that there is not."""
        part, whole = PARTS[rate]
        return getattr(self, part), getattr(self, whole)

    def share(self, rate: str) -> Decimal | None:
        """The rate to four places, half to even; None where there is nothing to divide by."""
        part, whole = self.of(rate)
        return rounded(quotient(part, whole), PLACES) if whole else None


#: Rate → (part, whole). Transmission · validity = valid ÷ due exactly, so it is divided once.
PARTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    "transmission": ("received", "due"),
    "validity": ("valid", "received"),
    "transmission_validity": ("valid", "due"),
    "online": ("online_s", "service_s"),
    "marking": ("marked", "doubtful"),
    "feedback": ("answered", "asked"),
})  # fmt: skip


def total(counts: Iterable[Counts]) -> Counts:
    """All of them together."""
    return sum(counts, Counts())
