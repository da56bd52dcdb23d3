"""What monitoring's codes are called, in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language

import hj212
from jiulong.monitoring.models import Factor


def chinese() -> bool:
    """Whether the reader reads Chinese."""
    return (get_language() or "zh").startswith("zh")


def factor_name(factor: Factor) -> str:
    """The factor's name, or its code where nobody named it."""
    if chinese():
        return factor.name or factor.code
    return factor.name_en or factor.name or factor.code


def mark_name(mark: str) -> str:
    """What a data flag means (HJ 212-2017 table 8); an unknown one is its own name."""
    known = hj212.FLAGS.get(mark)
    if known is None:
        return mark
    return known.zh if chinese() else known.en
