"""A changed scheme on past periods, in memory: who would have moved, how alike the ranks are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from jiulong.scorecards import standing_inputs
from jiulong.scorecards.actions.standings.computing import scored
from jiulong.scorecards.engine.results import Standing as Found
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.models import Standing

HUNDREDTH = Decimal("0.01")


class Move(NamedTuple):
    """One subject in one period, before and after."""

    subject: str
    group: str
    before: int | None
    after: int | None
    score_before: Decimal | None
    score_after: Decimal | None

    @property
    def won(self) -> int:
        """Places won; lost where negative."""
        return (self.before or 0) - (self.after or 0) if self.before and self.after else 0


@dataclass(frozen=True)
class Simulated:
    """A period by the old and the new rules."""

    period: str
    moves: Sequence[Move]
    correlation: Decimal | None  # Spearman's, of all groups together, −1 to 1

    @property
    def moved(self) -> int:
        return sum(1 for one in self.moves if one.won)

    @property
    def farthest(self) -> int:
        return max((abs(one.won) for one in self.moves), default=0)


def simulate(scheme: Scheme, past: Sequence[Standing]) -> list[Simulated]:
    """What the scheme would have made of past periods; nothing is kept."""
    found = []
    for standing in past:
        rows = standing.rows.select_related("subject").defer("criteria", "notes", "explained")
        before = {row.subject.code: (row.group, row.rank, row.score) for row in rows}
        names = {row.subject.code: row.subject.name for row in rows}
        inputs = standing_inputs.gather(scheme, standing.period)
        after = {one.subject: one for one in scored(scheme, inputs, standing.period).standings}
        moves = [
            _move(code, names.get(code, code), before.get(code), after.get(code))
            for code in sorted(before.keys() | after.keys())
        ]
        moves.sort(key=lambda one: (one.group, one.before or 999, one.subject))
        found.append(Simulated(standing.period, moves, spearman(moves)))
    return found


def _move(
    code: str, name: str, before: tuple[str, int, Decimal] | None, after: Found | None
) -> Move:
    group = before[0] if before else after.group if after else ""
    return Move(
        name or code, group, before[1] if before else None, after.rank if after else None,
        before[2] if before else None, after.score if after else None,
    )  # fmt: skip


def spearman(moves: Sequence[Move]) -> Decimal | None:
    """Spearman's rank correlation within groups, weighted by their size; None: nothing to compare.

    Of shared ranks it is the correlation of the ranks as they stand.
    """
    groups: dict[str, list[tuple[int, int]]] = {}
    for one in moves:
        if one.before and one.after:
            groups.setdefault(one.group, []).append((one.before, one.after))
    parts: Mapping[str, Decimal] = {
        key: value for key, pairs in groups.items() if (value := _pearson(pairs)) is not None
    }
    weight = sum(len(groups[key]) for key in parts)
    if not weight:
        return None
    total = sum((value * len(groups[key]) for key, value in parts.items()), Decimal(0))
    return (total / weight).quantize(HUNDREDTH)


def _pearson(pairs: Sequence[tuple[int, int]]) -> Decimal | None:
    n = len(pairs)
    if n < 2:
        return None
    xs, ys = zip(*pairs, strict=True)
    mean_x, mean_y = Decimal(sum(xs)) / n, Decimal(sum(ys)) / n
    dx, dy = [x - mean_x for x in xs], [y - mean_y for y in ys]
    top = sum((a * b for a, b in zip(dx, dy, strict=True)), Decimal(0))
    below = (sum((a * a for a in dx), Decimal(0)) * sum((b * b for b in dy), Decimal(0))).sqrt()
    return top / below if below else None
