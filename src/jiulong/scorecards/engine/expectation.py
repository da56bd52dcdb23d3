"""Targets on their way: what is expected to date, what the rest of the year must bring.

DOMAIN: cumulative values of the year; January and February are published together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final, Literal, NamedTuple

from pydantic import Field

from jiulong.scorecards.engine.names import Number, Part
from jiulong.scorecards.engine.numbers import CONTEXT, HUNDRED, settled

MONTHS_A_YEAR: Final = 12
#: 左右 of a growth rate: so many percentage points either way; of a level: so many percent.
DEFAULT_POINTS: Final = Decimal("0.5")
DEFAULT_PERCENT: Final = Decimal(5)


class About(Part):
    """Tolerance of a target that says about (左右): in points of a rate, or percent of a level."""

    points: Number | None = Field(default=None, ge=0, description="percentage points either way")
    percent: Number | None = Field(default=None, ge=0, description="percent of the target")

    def width(self, target: Decimal) -> Decimal:
        """How far the value may lie from the target."""
        if self.percent is not None:
            return abs(target) * self.percent / HUNDRED
        return self.points if self.points is not None else DEFAULT_POINTS


#: The usual tolerances, where a target says 左右 and nothing more.
ABOUT_GROWTH: Final = About(points=DEFAULT_POINTS)
ABOUT_LEVEL: Final = About(percent=DEFAULT_PERCENT)


def meets(
    value: Decimal, target: Decimal, about: About | None = None, *, down: bool = False
) -> bool:
    """Whether the value meets a target: at least (以上), where less is better at most; or about.

    About is met from the tolerance on: more than hoped for is no failure.
    """
    width = about.width(target) if about is not None else Decimal(0)
    return value <= target + width if down else value >= target - width


class Expected(NamedTuple):
    """What of a year's target was to be reached by then; None: last year does not say."""

    by_time: Decimal
    by_season: Decimal | None
    time_progress: Decimal
    season_progress: Decimal | None


def expected_to_date(target: Decimal, last_year: Mapping[int, Decimal], through: int) -> Expected:
    """What of a year's target is expected by the end of a month.

    Args:
        target: of the whole year.
        last_year: month → cumulative value of last year, on a comparable basis; December is the
            whole year.
        through: month that has ended, 1 to 12.

    Raises:
        ValueError: there is no such month.
    """
    if not 1 <= through <= MONTHS_A_YEAR:
        raise ValueError(through)
    with localcontext(CONTEXT):
        time = settled(Decimal(through) / MONTHS_A_YEAR)
        by_time = settled(target * through / MONTHS_A_YEAR)
        year, cumulative = last_year.get(MONTHS_A_YEAR), last_year.get(through)
        if year is None or cumulative is None or year <= 0:
            return Expected(by_time, None, time, None)
        by_season = settled(target * cumulative / year)
        return Expected(by_time, by_season, time, settled(cumulative / year))


Kind = Literal["growth", "level"]


@dataclass(frozen=True, slots=True)
class Required:
    """What the rest of the year must bring.

    Args:
        rest: amount still to come; 0 or less: the target is reached.
        growth: percent over the same months of last year that this takes; None: last year had
            nothing in them.
        reached: whether the target is reached already.
    """

    rest: Decimal
    growth: Decimal | None
    reached: bool


def required_rest(
    target: Decimal,
    *,
    kind: Kind,
    cumulative: Decimal,
    base_year: Decimal,
    base_cumulative: Decimal,
) -> Required:
    """Growth required of the rest of the year.

    g_rest = (T − A_cum) / (B_year − B_cum) − 1, where T is the target, or (1 + g_T)·B_year for a
    target of growth in percent.
    """
    with localcontext(CONTEXT):
        level = target if kind == "level" else base_year * (HUNDRED + target) / HUNDRED
        rest, base_rest = settled(level - cumulative), base_year - base_cumulative
        growth = settled((rest / base_rest - 1) * HUNDRED) if base_rest > 0 else None
        return Required(rest, growth, reached=rest <= 0)
