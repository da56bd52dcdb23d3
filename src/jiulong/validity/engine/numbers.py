"""Exact numbers: sums never lose a digit, a quotient is rounded once, half to even.

GB/T 8170-2008 §3.2 (四舍六入五成双). A mean or a load is a fraction; it is rounded to `KEPT` places
when it is formed, and that value is stored, judged, averaged and shown. Twelve places of a mg/L lie
far below what any instrument tells apart, and deep enough that rounding once more for show cannot
meet a tie that was none: fractions here have denominators (m³ with two or three decimals, summed
over a day) far below 10¹².
"""

from __future__ import annotations

from decimal import (
    Clamped,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
    Underflow,
)
from typing import Final

from jiulong.rounding import ROUNDING as HALF_TO_EVEN

#: Decimal places with which means (mg/L) and loads (kg) are kept.
KEPT: Final = 12
#: Sums and products of readings fit with all their digits; a lost one is an error, not a surprise.
EXACT: Final = Context(
    prec=400,
    rounding=HALF_TO_EVEN,
    traps=[Inexact, InvalidOperation, DivisionByZero, Overflow, Underflow, Clamped],
)
#: For rounding, which loses digits on purpose.
ROUNDING: Final = Context(prec=400, rounding=HALF_TO_EVEN, traps=[InvalidOperation, Overflow])

_KEPT_SCALE: Final = 10**KEPT


def quotient(numerator: Decimal | int, denominator: Decimal | int) -> Decimal:
    """The fraction to `KEPT` places, half to even, in one rounding.

    Raises:
        ZeroDivisionError: the denominator is zero.
    """
    top, top_parts = numerator.as_integer_ratio()
    bottom, bottom_parts = denominator.as_integer_ratio()
    dividend, divisor = top * bottom_parts * _KEPT_SCALE, bottom * top_parts
    if divisor < 0:
        dividend, divisor = -dividend, -divisor
    whole, rest = divmod(dividend, divisor)
    if 2 * rest > divisor or (2 * rest == divisor and whole & 1):
        whole += 1
    return Decimal(whole).scaleb(-KEPT, ROUNDING)
