"""Many exact decimals at once: whole numbers of a power of ten, in numpy.

A double that was read from a decimal text of at most fifteen digits names that decimal alone. So
`n / 10**k == x`, with both sides rounded correctly as IEEE 754 has it, proves that n·10⁻ᵏ is what
was sent.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from jiulong.validity.runs import Floats, Ints

PLACES_MAX: Final = 9
#: Below this a double holds fifteen digits, so that its shortest text is the decimal.
FIFTEEN: Final = 1e15


class Scaled(NamedTuple):
    """Numbers n·10⁻ᵏ; 0 where there is none."""

    n: Ints
    places: int


def scaled(values: Floats) -> Scaled | None:
    """The decimals behind doubles (NaN: none), or None if they have too many digits."""
    there = ~np.isnan(values)
    numbers = np.where(there, values, 0.0)
    for places in range(PLACES_MAX + 1):
        power = 10.0**places
        whole = np.rint(numbers * power)
        if (np.abs(whole) >= FIFTEEN).any():
            return None
        if (whole / power == numbers).all():
            return Scaled(whole.astype(np.int64), places)
    return None


def raised(numbers: Scaled, places: int) -> Ints:
    """The same numbers at more places."""
    found: Ints = numbers.n * 10 ** (places - numbers.places)
    return found


def quotient(numerator: int, denominator: int) -> int:
    """Whole number nearest to the fraction (denominator > 0), half to even."""
    whole, rest = divmod(numerator, denominator)
    twice = 2 * rest
    return whole + (twice > denominator or (twice == denominator and whole & 1))
