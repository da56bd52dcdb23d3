"""What monitoring's codes are called, in the reader's language."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

import hj212
from jiulong.monitoring.models import Factor, Outfall, Point


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


def place_name(place: Point | Outfall) -> str:
    """A point's or outfall's name without its enterprise's, which stands beside it anyway."""
    outfall = place.outfall if isinstance(place, Point) else place
    rest = place.name.removeprefix(outfall.enterprise.name).strip(" -·—")
    return rest or place.name


def point_title(point: Point) -> str:
    """Whose point and which, as plain text for files and selects."""
    return f"{point.outfall.enterprise.name} {place_name(point)}"


def as_point(point: Point) -> SafeString:
    """Whose point and which, for a cell of a list."""
    return format_html(
        '{} <small class="muted">{}</small>', point.outfall.enterprise.name, place_name(point)
    )
