"""Exact numbers: sixty digits and more on the way, one rounding at the end.

Sums and products of observations keep all their digits. A quotient that does not end is kept to
`PRECISION` digits and settled at `KEPT` places, so that equal figures that came about in different
ways are equal, and a tie of the last rounding is one. Points are rounded once, by the scheme's
rule (GB/T 8170-2008 §3.2 half to even, unless it says half up).
"""

from __future__ import annotations

from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Final

from jiulong.rounding import ROUNDING, rounded
from jiulong.rounding import text as plain

#: Digits with which figures are worked out.
PRECISION: Final = 120
#: Decimal places at which a figure that was worked out is settled.
KEPT: Final = 20
#: Digits before and after the point that an observation may have: the yuan of the country's
#: product have fifteen, a rate of exchange has six decimals.
MOST_WHOLE: Final = 18
MOST_PLACES: Final = 12
#: Decimal places of figures in sentences; the figures themselves are kept.
SHOWN: Final = 4

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
HUNDRED: Final = Decimal(100)

CONTEXT: Final = Context(
    prec=PRECISION, rounding=ROUNDING, traps=[InvalidOperation, DivisionByZero, Overflow]
)

_SIX: Final = Decimal("0.000001")
_SETTLED: Final = Decimal(1).scaleb(-KEPT)


def settled(value: Decimal) -> Decimal:
    """The figure at `KEPT` places. Call it under `CONTEXT`."""
    return value.quantize(_SETTLED)


def is_fit(value: Decimal) -> bool:
    """Whether the number is finite and no longer than anything that is observed."""
    if not value.is_finite():
        return False
    if value.same_quantum(_SIX):  # what a database gives; looking at all digits takes longer
        return value.adjusted() < MOST_WHOLE
    exponent = value.as_tuple().exponent
    return value.adjusted() < MOST_WHOLE and isinstance(exponent, int) and exponent >= -MOST_PLACES


def shown(value: Decimal) -> str:
    """The figure for a sentence: at most `SHOWN` decimals, no zeros behind them."""
    told = plain(rounded(value, SHOWN))
    return told.rstrip("0").rstrip(".") if "." in told else told


def exact_text(value: Decimal) -> str:
    """All digits, without the zeros that settling left."""
    told = plain(value)
    return told.rstrip("0").rstrip(".") if "." in told else told
