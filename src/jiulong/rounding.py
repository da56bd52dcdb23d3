"""The rounding rule, once for all floors.

GB/T 8170-2008 §3.2: what is rounded is rounded half to even (四舍六入五成双). Scoring rules of some
years say "half up" (四舍五入) instead; that is data of the scheme.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, InvalidOperation, Overflow
from functools import cache
from typing import Final

#: GB/T 8170-2008 §3.2.
ROUNDING: Final = ROUND_HALF_EVEN
HALF_UP: Final = ROUND_HALF_UP
#: Loses digits on purpose, and room enough for any sum.
_CONTEXT: Final = Context(prec=400, rounding=ROUNDING, traps=[InvalidOperation, Overflow])


def rounded(value: Decimal, places: int, rounding: str = ROUNDING) -> Decimal:
    """To so many decimal places, half to even unless something else is said."""
    return value.quantize(_unit(places), rounding, _CONTEXT)


@cache
def _unit(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def text(value: Decimal) -> str:
    """Plain digits without an exponent, as `0.0000001`; a zero has no sign."""
    return f"{value or abs(value):f}"
