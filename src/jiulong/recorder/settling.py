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
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from jiulong.recorder.copying import Row, Values
from jiulong.recorder.factors import FactorTable

Key = tuple[int, int, int]  # point, period, at in µs


class Part(NamedTuple):
    """A row of `reading` as it stands, as far as it matters here."""

    batch: int
    ordinal: int
    factors: Sequence[int]
    values: Values
    minima: Values | None
    maxima: Values | None
    totals: Values | None
    flags: str


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


def key_of(row: Row) -> Key:
    return row.point, row.period, row.at


def part_of(row: Row) -> Part:
    return Part(
        row.batch, row.ordinal, row.plan.ids,
        row.values, row.minima, row.maxima, row.totals, row.flags,
    )  # fmt: skip


def cells(part: Part) -> dict[int, Cell]:
    """The parallel columns of a reading, by factor."""
    _, _, factors, values, minima, maxima, totals, flags = part
    nothing: Values = [None] * len(factors)
    rows = zip(values, minima or nothing, maxima or nothing, totals or nothing, flags, strict=True)
    return dict(zip(factors, map(Cell._make, rows), strict=True))


def settle(
    row: Row, taken: list[Row | Part], factors: FactorTable
) -> tuple[Row | None, Difference | None]:
    """What is to be written of a row whose key is taken: its new factors, and its differences.

    `taken` are all parts of the key; the new one is added to it.
    """
    standing: dict[int, Kept] = {}
    for part in taken:
        known = part_of(part) if isinstance(part, Row) else part
        for factor, cell in cells(known).items():
            standing[factor] = Kept(known.batch, known.ordinal, cell)
    sent = cells(part_of(row))
    fresh = sent.keys() - standing.keys()
    difference = differ(row, sent, standing, factors)
    if not fresh:
        return None, difference
    new = only(row, fresh)._replace(part=len(taken))
    taken.append(new)
    return new, difference


def differ(
    row: Row, sent: dict[int, Cell], standing: dict[int, Kept], factors: FactorTable
) -> Difference | None:
    """How a row contradicts what stands; linked to the first frame that it contradicts."""
    differences: dict[str, list[Any]] = {}
    against: Kept | None = None
    for factor, cell in sent.items():
        kept = standing.get(factor)
        if kept is None or kept.cell == cell:
            continue
        against = against or kept
        code = factors.code(factor)
        for suffix, one, other in zip(SUFFIXES, kept.cell, cell, strict=True):
            if one != other:
                differences[code + suffix] = [one, other]
    return Difference(row, against, differences) if against else None


def only(row: Row, factors: AbstractSet[int]) -> Row:
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
