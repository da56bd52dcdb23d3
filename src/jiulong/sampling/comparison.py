"""The laboratory's value beside the online value of the sampling hour. Pure.

Limits of a comparison in the field (HJ 355-2019, table 1). The laboratory's value is the reference:
it says which band holds, and from it percentages are taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

SOURCE: Final = "HJ 355-2019"


@dataclass(frozen=True, slots=True)
class Band:
    """Below `below` (None: from the last band on) the difference may be so much."""

    below: Decimal | None
    absolute: Decimal | None = None  # in the unit of the factor
    relative: Decimal | None = None  # share of the reference

    def allowed(self, reference: Decimal) -> Decimal:
        """The difference that may be, in the unit of the factor."""
        if self.absolute is not None:
            return self.absolute
        return (self.relative or Decimal(0)) * abs(reference)


def _band(below: str | None, absolute: str = "", relative: str = "") -> Band:
    return Band(
        Decimal(below) if below else None,
        Decimal(absolute) if absolute else None,
        Decimal(relative) if relative else None,
    )


BANDS: Final[Mapping[str, Sequence[Band]]] = {
    "w01018": (
        _band("30", "5"), _band("60", relative="0.30"), _band("100", relative="0.20"),
        _band(None, relative="0.15"),
    ),
    "w21003": (_band("2", "0.3"), _band(None, relative="0.15")),
    "w21011": (_band("0.4", "0.04"), _band(None, relative="0.15")),
    "w21001": (_band("2", "0.3"), _band(None, relative="0.15")),
    "w01001": (_band(None, "0.5"),),
}  # fmt: skip


def allowed(factor: str, laboratory: Decimal) -> Decimal | None:
    """How far the online value may lie from the laboratory's; None: no limit is known."""
    for band in BANDS.get(factor, ()):
        if band.below is None or laboratory < band.below:
            return band.allowed(laboratory)
    return None


@dataclass(frozen=True, slots=True)
class Compared:
    """Both values, what may lie between them, and whether it does."""

    laboratory: Decimal
    online: Decimal | None
    allowed: Decimal | None
    agrees: bool | None  # None: nothing to compare with, or no limit is known

    @property
    def difference(self) -> Decimal | None:
        """Online minus laboratory."""
        return None if self.online is None else self.online - self.laboratory


def compare(
    factor: str, laboratory: Decimal, online: Decimal | None, *, below: bool = False
) -> Compared:
    """Whether the online value agrees with the laboratory's.

    Args:
        below: `laboratory` is a detection limit under which the true value lies; an online value
            up to it plus the allowed difference agrees.
    """
    limit = allowed(factor, laboratory)
    if online is None or limit is None:
        return Compared(laboratory, online, limit, None)
    away = online - laboratory
    return Compared(laboratory, online, limit, away <= limit if below else abs(away) <= limit)
