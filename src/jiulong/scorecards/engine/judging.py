"""Judges' scores: the robust mean, where single judges cannot lift or sink anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from jiulong.scorecards.engine.numbers import CONTEXT, ZERO, settled


@dataclass(frozen=True, slots=True)
class Judged:
    """A robust mean.

    Args:
        mean: of the scores that count; None: there are too few.
        counted: scores that count, sorted.
        dropped: scores left out at both ends, sorted.
    """

    mean: Decimal | None
    counted: tuple[Decimal, ...]
    dropped: tuple[Decimal, ...]


def robust_mean(scores: Sequence[Decimal], trim: int = 1, minimum: int = 3) -> Judged:
    """The mean without the `trim` highest and the `trim` lowest scores.

    Fewer than `minimum` scores, or none left after trimming, have no mean.
    """
    ordered = sorted(scores)
    if len(ordered) < max(minimum, 2 * trim + 1):
        return Judged(None, tuple(ordered), ())
    counted = ordered[trim : len(ordered) - trim]
    dropped = ordered[:trim] + ordered[len(ordered) - trim :]
    with localcontext(CONTEXT):
        mean = settled(sum(counted, ZERO) / len(counted))
    return Judged(mean, tuple(counted), tuple(dropped))
