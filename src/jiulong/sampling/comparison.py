"""The laboratory's value beside the online value of the sampling hour. Pure.

Limits of a comparison in the field are those of `upkeep` (HJ 355-2019, table 1). The laboratory's
value is the reference: it says which limit holds, and from it percentages are taken.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.core.exceptions import ValidationError

from jiulong.upkeep.judging import judged
from jiulong.upkeep.provisions import QcLimitItem

KIND: Final = "comparison"


@dataclass(frozen=True, slots=True)
class Compared:
    """Both values, what may lie between them, and whether it does."""

    laboratory: Decimal
    online: Decimal | None
    allowed: Decimal | None  # in the unit of the factor
    agrees: bool | None  # None: nothing to compare with, or no limit is known
    source: str = ""

    @property
    def difference(self) -> Decimal | None:
        """Online minus laboratory."""
        return None if self.online is None else self.online - self.laboratory


def compare(
    limits: Collection[QcLimitItem],
    factor: str,
    laboratory: Decimal,
    online: Decimal | None,
    *,
    below: bool = False,
) -> Compared:
    """Whether the online value agrees with the laboratory's.

    Args:
        below: `laboratory` is a detection limit under which the true value lies; an online value
            up to it plus the allowed difference agrees.
    """
    seen = laboratory if online is None else online
    try:
        verdict = judged(limits, factor=factor, kind=KIND, pairs=[(laboratory, seen)])
    except ValidationError:  # no limit for this factor, or a percentage of nothing
        return Compared(laboratory, online, None, None)
    relative = verdict.measure == "relative"
    allowed = verdict.tolerance * laboratory if relative else verdict.tolerance
    if online is None:
        return Compared(laboratory, None, allowed, None, verdict.source)
    agrees = online - laboratory <= allowed if below else verdict.passed
    return Compared(laboratory, online, allowed, agrees, verdict.source)
