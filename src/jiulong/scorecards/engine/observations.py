"""What was observed: one row for a subject, an indicator and a period. Nothing is guessed.

Companions of an indicator are indicators of their own: `gdp@target` (of the period, or of the
longer period in which it lies), `gdp@expected` (to date), `gdp@base` (last year on a comparable
basis). Facts are observations too: `bonus@award` how many, `veto@accident` 1 = struck. `@member` 1
says that a subject takes part of which nothing else may be known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from jiulong.scorecards.engine import periods
from jiulong.scorecards.engine.bulk import undisturbed
from jiulong.scorecards.engine.numbers import is_fit
from jiulong.scorecards.engine.periods import Frequency
from jiulong.scorecards.engine.words import Refusal

#: Says that a subject takes part.
MEMBER: Final = "@member"
#: Separates an indicator from the number of one of several: judges' scores.
PART: Final = "#"
#: More faults are not told one by one.
MOST_FAULTS: Final = 50
#: Longer names of subjects and groups are a mistake.
MOST_LETTERS: Final = 200
_INDICATOR: Final = re.compile(r"[^\s\x00-\x1f]{1,120}")
_NOTHING: Final[Mapping[str, Row]] = MappingProxyType({})


class Row(NamedTuple):
    """One observation. `ref` is the id of its evidence, `line` where it stood; 0: nowhere."""

    subject: str
    group: str
    indicator: str
    period: str
    value: Decimal
    ref: str = ""
    line: int = 0


class Fault(NamedTuple):
    """What is wrong with a row, and its line (0: its number is not known)."""

    line: int
    refusal: Refusal


class ObservationsError(ValueError):
    """Rows that cannot be; `faults` in order of lines."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: fault.line)[:MOST_FAULTS]
        self.more = len(faults) - len(self.faults)
        super().__init__("; ".join(str(fault.refusal) for fault in self.faults))


class Observations:
    """Rows by subject, indicator and period. The order in which they came does not matter."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._series: dict[tuple[str, str], dict[str, Row]] = {}
        self._groups: dict[str, dict[str, str]] = {}  # subject → period → group
        self._places: dict[tuple[str, str], int] = {}
        self._parts: dict[tuple[str, str], list[str]] = {}  # of `x#1`, `x#2` under `x`
        faults: list[Fault] = []
        for row in rows:
            refusal = wrong(row) or self._enter(row)
            if refusal is not None:
                faults.append(Fault(row.line, refusal))
        if faults:
            raise ObservationsError(faults)

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Observations:
        """Take the rows in.

        Raises:
            ObservationsError: a row is no observation, one stands twice, or a subject stands in
                two groups in one period.
        """
        with undisturbed():
            return cls(rows)

    def _enter(self, row: Row) -> Refusal | None:
        series = self._series.setdefault((row.subject, row.indicator), {})
        if not series and PART in row.indicator:
            head = row.indicator.partition(PART)[0]
            self._parts.setdefault((row.subject, head), []).append(row.indicator)
        before = series.setdefault(row.period, row)
        if before is not row:
            return Refusal("row_twice", **_said(row), line=before.line)
        groups = self._groups.setdefault(row.subject, {})
        group = groups.setdefault(row.period, row.group)
        place = self._places.setdefault((row.subject, row.period), row.line)
        if group != row.group:
            return Refusal("two_groups", **_said(row), group=row.group, other=group, line=place)
        return None

    def row(self, subject: str, indicator: str, period: str) -> Row | None:
        return self._series.get((subject, indicator), _NOTHING).get(period)

    def series(self, subject: str, indicator: str) -> Mapping[str, Row]:
        """Period → row."""
        return self._series.get((subject, indicator), _NOTHING)

    def parts(self, subject: str, indicator: str) -> list[str]:
        """The indicators `x#1`, `x#2` … that the subject has under `x`."""
        return sorted(self._parts.get((subject, indicator), ()))

    def rows(self) -> list[Row]:
        """All rows, in an order that does not depend on how they came."""
        found = [row for series in self._series.values() for row in series.values()]
        return sorted(found, key=lambda row: row[:4])

    def indicators(self) -> dict[str, Row]:
        """The indicators that occur, each with its first row."""
        found: dict[str, Row] = {}
        for row in sorted(self.rows(), key=lambda row: row.line):
            found.setdefault(row.indicator, row)
        return found

    def line_of(self, subject: str, group: str) -> int:
        """The first line that puts the subject into the group; 0: not known."""
        rows = (row.line for row in self.rows() if (row.subject, row.group) == (subject, group))
        return min(rows, default=0)

    def periods(self) -> set[str]:
        return {period for groups in self._groups.values() for period in groups}

    def last_period(self, frequency: Frequency) -> str:
        """The last period of the frequency of which there are values (targets aside).

        A month that ends a quarter is one of it; where there is none, the last period at all.
        """
        seen = {
            period
            for (_subject, indicator), series in self._series.items()
            if "@target" not in indicator
            for period in series
        } or self.periods()
        fits = [
            one
            for period in seen
            for one in (period, *periods.enclosing(period))
            if periods.parse(one).frequency == frequency
            and periods.parse(one).last == periods.parse(period).last
        ]
        return periods.latest(fits or seen)

    def members(self, period: str) -> dict[str, str]:
        """Subject → group of those that take part in the period.

        A subject's group is that of its rows of the period; where it has none, of the last shorter
        period within, else of the shortest longer one around it.
        """
        found = {}
        for subject, groups in self._groups.items():
            group = _group(groups, period)
            if group is not None:
                found[subject] = group
        return dict(sorted(found.items()))


def _group(groups: Mapping[str, str], period: str) -> str | None:
    if period in groups:
        return groups[period]
    within = [one for one in groups if periods.contains(period, one)]
    if within:
        return groups[periods.latest(within)]
    around = (one for one in periods.enclosing(period) if one in groups)
    return groups[found] if (found := next(around, None)) else None


def wrong(row: Row) -> Refusal | None:
    """Why a row is no observation by itself."""
    if refusal := _wrong_names(row.subject, row.group) or _wrong_indicator(row.indicator):
        return refusal
    if not periods.is_period(row.period):
        return Refusal("no_period", period=row.period)
    return None if is_fit(row.value) else Refusal("unfit_number", value=str(row.value))


# The same names stand in thousands of rows.
@lru_cache(maxsize=8192)
def _wrong_names(subject: str, group: str) -> Refusal | None:
    if not subject.strip():
        return Refusal("no_subject")
    if not group.strip():
        return Refusal("no_group", subject=subject)
    for text in (subject, group):
        if len(text) > MOST_LETTERS or not text.isprintable():
            return Refusal("no_name", name=repr(text[:20])[1:-1])
    return None


@lru_cache(maxsize=8192)
def _wrong_indicator(indicator: str) -> Refusal | None:
    if _INDICATOR.fullmatch(indicator):
        return None
    return Refusal("no_indicator", indicator=indicator)


def _said(row: Row) -> dict[str, str]:
    return {"subject": row.subject, "indicator": row.indicator, "period": row.period}
