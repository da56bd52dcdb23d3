"""What a cabinet reports of itself in frames that are no readings. Pure.

HJ 212 has no codes for a sampler's cabinet. Known are those of a provincial dialect (Hebei: i42003
door of the sampler); its temperature stands in the same range, and each sampler may name another.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

DOOR_CODE: Final = "i42003"
TEMPERATURE_CODE: Final = "i43007"
DOORS: Final[Mapping[str, str]] = {"0": "closed", "1": "open"}
#: Cooled samples stand at 4 ℃ ± 2 (HJ/T 372-2007).
COLDEST, WARMEST = Decimal(2), Decimal(6)
#: What is outside of these was no thermometer.
POSSIBLE: Final = (Decimal(-40), Decimal(80))


def read_cabinet(
    content: Mapping[str, Any], temperature_code: str = TEMPERATURE_CODE
) -> dict[str, Any] | None:
    """`temperature_c` and `door` that a message tells; None: it tells neither."""
    told: dict[str, Any] = {}
    door = DOORS.get(str(content.get(f"{DOOR_CODE}-Info", "")).strip())
    if door:
        told["door"] = door
    warmth = _temperature(content.get(f"{temperature_code}-Info"))
    if warmth is not None:
        told["temperature_c"] = warmth
    return told or None


def _temperature(text: object) -> Decimal | None:
    try:
        found = Decimal(str(text).strip())
    except InvalidOperation:
        return None
    if not found.is_finite() or not POSSIBLE[0] <= found <= POSSIBLE[1]:
        return None
    return found.quantize(Decimal("0.1"))


def light(temperature: Decimal | None) -> str:
    """How cold the cabinet is: met, over (too warm or frozen), none (not reported)."""
    if temperature is None:
        return "none"
    return "met" if COLDEST <= temperature <= WARMEST else "over"
