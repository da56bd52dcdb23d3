"""Units of limits: whatever a standard or permit is written in, stored is what is measured in.

Readings are stored in mg/L where they are concentrations by mass (`factors`), limits likewise. A
number whose unit does not fit its factor is refused rather than compared.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from hj212.factors import TO_MG_PER_L
from jiulong.monitoring.models import Factor

#: Other spellings of units; "" is a pure number.
SPELLINGS: Final = {"ug/L": "µg/L", "μg/L": "µg/L", "mg/l": "mg/L", "无量纲": "", "倍": "", "1": ""}
MG: Final = "mg/L"


def stored(value: Decimal, unit: str, factor: Factor) -> Decimal:
    """A value in `unit`, in the unit that the factor's readings are stored in.

    Raises:
        ValueError: the unit does not fit the factor; it says what was expected.
    """
    unit = SPELLINGS.get(unit.strip(), unit.strip())
    if unit == factor.unit:
        return value
    if factor.unit == MG and unit in TO_MG_PER_L:
        return value * TO_MG_PER_L[unit]
    expected = ", ".join(TO_MG_PER_L) if factor.unit == MG else factor.unit or _("a pure number")
    told = _("“%(unit)s” does not fit %(factor)s: expected %(expected)s")
    raise ValueError(
        told % {"unit": unit, "factor": factor.name or factor.code, "expected": expected}
    )
