"""A target against what came of it: expected to date, what the rest must bring, which light. Pure.

Lights: ● on course, ▲ behind, ■ far behind, ○ no value. How much "far" is stands in the
indicator (`near`); where it does not, the defaults here hold. They are ours, no document's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from jiulong.scorecards.engine.expectation import (
    ABOUT_GROWTH,
    ABOUT_LEVEL,
    Required,
    required_rest,
)
from jiulong.scorecards.expecting import Course, Expected, to_date
from jiulong.scorecards.models import Indicator, Target

#: Still yellow: so many points of a growth rate, or percent of what is expected, behind.
NEAR_POINTS: Final = Decimal(1)
NEAR_PERCENT: Final = Decimal(10)
MONTHS: Final = 12

MET, NEAR, OVER, NONE = "met", "near", "over", "none"


@dataclass(frozen=True, slots=True)
class Judged:
    """How a target stands after a month."""

    light: str
    month: int = 0
    expected: Expected | None = None
    #: How far behind what is expected; negative: ahead. In the indicator's unit, or points.
    behind: Decimal | None = None
    #: Tolerance that "about" allows, in the same unit.
    width: Decimal = Decimal(0)
    required: Required | None = None
    #: Whether `required` took last year to be even over its months.
    by_time: bool = False


def judge(
    indicator: Indicator, target: Target, value: Decimal | None, month: int,
    last_year: Mapping[int, Decimal],
) -> Judged:  # fmt: skip
    """How a target of a year stands with the value that holds after `month` months.

    Args:
        last_year: month → value of last year, on a comparable basis where it is known.
    """
    if value is None or target.value is None:
        return Judged(NONE, month)
    course = Course.of(indicator)
    expected = to_date(course, target.value, month, last_year)
    width = _width(course, target, expected.best)
    down = indicator.direction == Indicator.Direction.DOWN or target.tolerance == "at_most"
    behind = value - expected.best if down else expected.best - value
    near = _near(indicator, course, expected.best)
    light = MET if behind <= width else NEAR if behind <= width + near else OVER
    # A limit that is passed is not reached, and there is nothing to catch up within it.
    required, by_time = (
        (None, False) if down else _required(course, target.value, value, month, last_year)
    )
    return Judged(light, month, expected, behind, width, required, by_time)


def _width(course: Course, target: Target, expected: Decimal) -> Decimal:
    if target.tolerance != Target.Tolerance.ABOUT:
        return Decimal(0)
    return (ABOUT_GROWTH if course.growth else ABOUT_LEVEL).width(expected)


def _near(indicator: Indicator, course: Course, expected: Decimal) -> Decimal:
    if course.growth:
        return NEAR_POINTS if indicator.near is None else indicator.near
    percent = NEAR_PERCENT if indicator.near is None else indicator.near
    return abs(expected) * percent / 100


def _required(
    course: Course, target: Decimal, value: Decimal, month: int, last_year: Mapping[int, Decimal]
) -> tuple[Required | None, bool]:
    """What the rest of the year must bring; a rate alone is carried as if last year was even."""
    if month >= MONTHS:
        return None, False
    if course.growth:
        base, so_far = Decimal(MONTHS), Decimal(month)
        done = so_far * (100 + value) / 100
        told = required_rest(
            target, kind="growth", cumulative=done, base_year=base, base_cumulative=so_far
        )
        return told, True
    if not course.cumulative:
        return None, False
    whole, known = last_year.get(MONTHS), last_year.get(month)
    even = whole is None or known is None
    return required_rest(
        target, kind="level", cumulative=value, base_year=whole or Decimal(0),
        base_cumulative=(known if not even and known is not None else whole) or Decimal(0),
    ), even  # fmt: skip
