"""What if: one value changed in memory, and what it would take to gain a rank."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import NamedTuple

from jiulong.scorecards.engine.observations import Observations, Row
from jiulong.scorecards.engine.results import Standing
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.engine.scoring import score

#: By how much a value is raised or lowered when looking for what would gain a rank.
FACTORS = tuple(Decimal(one) for one in ("1.02", "1.05", "1.1", "1.2", "1.5", "2", "3", "5", "10"))
#: Halvings between two of them.
HALVINGS = 12
#: Observations have six decimals at most.
PLACES = Decimal("0.000001")


class Needed(NamedTuple):
    """The value with which a subject gains a rank, and what it ranks with then."""

    value: Decimal
    rank: int
    score: Decimal


class Trial:
    """One subject's group of a standing, held in memory: groups do not touch each other."""

    def __init__(self, scheme: Scheme, rows: Sequence[Row], period: str, subject: str) -> None:
        group = next(row.group for row in rows if row.subject == subject and row.period == period)
        inside = {row.subject for row in rows if row.group == group}
        self.scheme, self.period, self.subject = scheme, period, subject
        self.rows = [row for row in rows if row.subject in inside]

    def with_value(self, indicator: str, period: str, value: Decimal) -> Standing:
        """The subject's standing, had its indicator this value in that period."""
        value = value.quantize(PLACES)
        changed = [
            row._replace(value=value)
            if row[:1] + row[2:4] == (self.subject, indicator, period)
            else row
            for row in self.rows
        ]
        return score(self.scheme, Observations.of(changed), self.period).of(self.subject)

    def own(self) -> list[Row]:
        """The subject's values that may be changed: no memberships, facts or judges' marks."""
        found = [
            row for row in self.rows if row.subject == self.subject and "@" not in row.indicator
        ]
        return sorted(found, key=lambda row: (row.period, row.indicator), reverse=True)

    def needed(self, row: Row, places: int = 2) -> Needed | None:
        """The nearest value of this row that gains a rank; None: none within tenfold does."""
        now = self.with_value(row.indicator, row.period, row.value)
        for rising in (True, False):
            found = self._toward(row, now.rank, places, rising=rising)
            if found is not None:
                return found
        return None

    def _toward(self, row: Row, rank: int, places: int, *, rising: bool) -> Needed | None:
        short = row.value
        for factor in FACTORS:
            far = row.value * factor if rising else row.value / factor
            if self.with_value(row.indicator, row.period, far).rank < rank:
                return self._between(row, rank, short, far, places)
            short = far
        return None

    def _between(self, row: Row, rank: int, short: Decimal, far: Decimal, places: int) -> Needed:
        for _step in range(HALVINGS):
            middle = (short + far) / 2
            if self.with_value(row.indicator, row.period, middle).rank < rank:
                far = middle
            else:
                short = middle
        rounding = ROUND_CEILING if far >= row.value else ROUND_FLOOR
        value = far.quantize(Decimal(1).scaleb(-places), rounding)
        there = self.with_value(row.indicator, row.period, value)
        return Needed(value, there.rank, there.score)
