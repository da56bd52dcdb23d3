"""The numbers that judge people: exact decimals, one comparison and one rounding rule.

GB/T 8170-2008 §4.3: where a standard says nothing else, a measured value is compared with its
limit as it is, without rounding (全数值比较法). §3.2: what is shown is rounded half to even
(四舍六入五成双).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from jiulong.rounding import ROUNDING

#: Multiples and ratios are shown with two decimals ("COD daily mean 0.63 times over").
TWO_PLACES: Final = Decimal("0.01")
#: pH, in the codes of HJ 212-2017 and of 2005. A logarithm is not multiplied or divided.
LOGARITHMIC: Final = frozenset({"w01001", "001"})
#: Marks that leave a value usable: N is normal; '.' is none sent, and unmarked data are taken as
#: true (MEE announcement 21 of 2022). Values marked otherwise are no basis for an exceedance.
USABLE_MARKS: Final = frozenset({"N", "n", "."})


@dataclass(frozen=True, slots=True)
class Breach:
    """How far a value lies outside its limit."""

    bound: Decimal
    distance: Decimal
    multiple: Decimal | None


def exact(value: float) -> Decimal:
    """The decimal that was sent: readings keep the shortest float of the sent text."""
    return Decimal(repr(value))


def rounded(value: Decimal) -> Decimal:
    """To two decimals, half to even."""
    return value.quantize(TWO_PLACES, rounding=ROUNDING)


def ratio(value: Decimal, maximum: Decimal | None, *, code: str) -> Decimal | None:
    """Value ÷ maximum to two decimals; None where there is nothing to divide by, and for pH."""
    if maximum is None or maximum <= 0 or code in LOGARITHMIC:
        return None
    return rounded(value / maximum)


def breach(
    value: Decimal, minimum: Decimal | None, maximum: Decimal | None, *, code: str
) -> Breach | None:
    """How `value` breaks its limit, or None if it keeps it. The limit itself is allowed."""
    if maximum is not None and value > maximum:
        divides = maximum > 0 and code not in LOGARITHMIC
        multiple = rounded(value / maximum - 1) if divides else None
        return Breach(maximum, value - maximum, multiple)
    if minimum is not None and value < minimum:
        return Breach(minimum, minimum - value, None)
    return None
