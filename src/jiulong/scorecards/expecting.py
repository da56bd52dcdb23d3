"""序时: how far along a target should be by now, by time and by last year's season. Pure.

A level target is used up by the months that are over, or as last year's values came in; a growth
target, and a level that is not cumulative, is expected whole at any time. DOMAIN C8; what it
rounds, it rounds half to even at 6 decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from jiulong.rounding import rounded
from jiulong.scorecards.engine.expectation import expected_to_date
from jiulong.scorecards.models import Indicator

#: As observations are kept.
PLACES: Final = 6


@dataclass(frozen=True, slots=True)
class Course:
    """What of an indicator tells how a target is approached."""

    cumulative: bool = True
    growth: bool = False

    @classmethod
    def of(cls, indicator: Indicator) -> Course:
        return cls(indicator.cumulative, indicator.kind == Indicator.Kind.GROWTH)

    @property
    def spreads(self) -> bool:
        """Whether the target is reached bit by bit."""
        return self.cumulative and not self.growth


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected to date; `by_season` None: last year is not known well enough."""

    by_time: Decimal
    by_season: Decimal | None = None

    @property
    def best(self) -> Decimal:
        """By season where it is known: retail is no straight line."""
        return self.by_time if self.by_season is None else self.by_season


def to_date(
    course: Course, target: Decimal, month: int, last_year: Mapping[int, Decimal]
) -> Expected:
    """What a year's target lets expect by the end of a month.

    Args:
        last_year: month → cumulative value, in the indicator's unit.
    """
    if not course.spreads:
        return Expected(target)
    told = expected_to_date(target, last_year, month)
    season = None if told.by_season is None else rounded(told.by_season, PLACES)
    return Expected(rounded(told.by_time, PLACES), season)
