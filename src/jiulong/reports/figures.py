"""Shares and differences as accounts tell them: exact decimals, rounded once, half to even."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from jiulong.rounding import ROUNDING

#: Shares are kept as text with so many places: 0.98765 is told as 98.77 %.
PLACES: Final = Decimal("0.000001")
#: A mean is read with so many figures.
FIGURES: Final = 4


def share(part: Decimal | int | None, whole: Decimal | int | None) -> str | None:
    """Part ÷ whole to six places; None where there is nothing to divide by."""
    if part is None or not whole:
        return None
    return text((Decimal(part) / Decimal(whole)).quantize(PLACES, rounding=ROUNDING))


def text(value: Decimal | int | None) -> str | None:
    """A number as content keeps it: no exponent, no tail of zeros."""
    if value is None:
        return None
    told = f"{Decimal(value):f}"
    return told.rstrip("0").rstrip(".") if "." in told else told


def rounded(value: str | Decimal | int | None, places: int) -> str:
    """For the eye: half to even, all places written; a dash for nothing."""
    if value is None or value == "":
        return "–"
    return f"{Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUNDING):f}"


def percent(value: str | None, places: int = 2) -> str:
    """A share as percent: 98.77 %."""
    return "–" if value is None else f"{rounded(Decimal(value) * 100, places)} %"


def significant(value: Decimal) -> str:
    """With four figures, half to even."""
    if not value:
        return "0"
    return rounded(value, max(0, FIGURES - 1 - value.adjusted()))
