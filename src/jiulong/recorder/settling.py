"""A second frame for a key that is taken: the same again, more of it, or something else.

Each factor of a key (point, period, time) stands in exactly one part of it, the one that came
first. A later frame may

* say the same: a duplicate, nothing is written;
* bring other factors (the next packet of a split frame, an aggregator's other half): they become
  the next part;
* say something else: a discrepancy, both stay and the difference is written down.

The outcome depends only on the order of the journal, never on how it was cut into chunks, so that
a rebuild gives the same rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from jiulong.recorder.copying import Row, Values
from jiulong.recorder.factors import FactorTable

Columns = tuple[Values, Values | None, Values | None, Values | None, str]
Key = tuple[int, int, int]  # point, period, at in µs


class Cell(NamedTuple):
    """All that one frame says of one factor."""

    value: float | None
    minimum: float | None
    maximum: float | None
    total: float | None
    flag: str


#: How the attributes of a cell are told apart in `Discrepancy.differences`.
SUFFIXES = ("", "-Min", "-Max", "-Cou", "-Flag")


class Kept(NamedTuple):
    """Where a factor of a key stands already."""

    batch: int
    ordinal: int
    cell: Cell


class Difference(NamedTuple):
    """A discrepancy to be written."""

    row: Row
    kept: Kept
    differences: dict[str, list[Any]]


@dataclass(slots=True)
class Taken:
    """What stands for one key, of all its parts together."""

    cells: dict[int, Kept]
    parts: int

    def add(self, batch: int, ordinal: int, found: dict[int, Cell]) -> None:
        """One more part."""
        for factor, cell in found.items():
            self.cells[factor] = Kept(batch, ordinal, cell)
        self.parts += 1


def key_of(row: Row) -> Key:
    return row.point, row.period, row.at


def cells(factors: Sequence[int], columns: Columns) -> dict[int, Cell]:
    """The parallel columns of a reading, by factor."""
    values, minima, maxima, totals, flags = columns
    nothing: Values = [None] * len(factors)
    rows = zip(values, minima or nothing, maxima or nothing, totals or nothing, flags, strict=True)
    return dict(zip(factors, map(Cell._make, rows), strict=True))


def cells_of(row: Row) -> dict[int, Cell]:
    columns = row.values, row.minima, row.maxima, row.totals, row.flags
    return cells(row.plan.ids, columns)


def settle(row: Row, taken: Taken, factors: FactorTable) -> tuple[Row | None, Difference | None]:
    """What is to be written of a row whose key is taken: its new factors, and its differences."""
    sent = cells_of(row)
    differences: dict[str, list[Any]] = {}
    against: Kept | None = None
    for factor, cell in sent.items():
        kept = taken.cells.get(factor)
        if kept is None or kept.cell == cell:
            continue
        against = against or kept
        code = factors.code(factor)
        for suffix, one, other in zip(SUFFIXES, kept.cell, cell, strict=True):
            if one != other:
                differences[code + suffix] = [one, other]
    difference = Difference(row, against, differences) if against else None
    fresh = {factor: cell for factor, cell in sent.items() if factor not in taken.cells}
    if not fresh:
        return None, difference
    part = only(row, fresh)._replace(part=taken.parts)
    taken.add(row.batch, row.ordinal, fresh)
    return part, difference


def only(row: Row, factors: dict[int, Cell]) -> Row:
    """The row with only those of its factors."""
    places = [place for place, factor in enumerate(row.plan.ids) if factor in factors]
    if len(places) == len(row.plan.ids):
        return row

    def picked(column: Values | None) -> Values | None:
        return None if column is None else [column[place] for place in places]

    return row._replace(
        plan=row.plan.pick(places),
        values=[row.values[place] for place in places],
        minima=picked(row.minima),
        maxima=picked(row.maxima),
        totals=picked(row.totals),
        flags="".join(row.flags[place] for place in places),
    )
