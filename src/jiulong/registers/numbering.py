"""Official numbers: `{year}`, `{month}`, `{unit}` and `{serial}` (`{serial:4}`: four digits).

Entries and cases share the patterns; each counts its own series.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from django.db import connection
from django.utils import timezone

from jiulong.organisation.models import Unit
from jiulong.registers.models import Entry, Register
from jiulong.registers.schema import RegisterSpec

SLOT: Final = re.compile(r"\{(year|month|unit|serial)(?::0?([1-9])d?)?\}")
DIGITS: Final = 4

#: Takes `count` numbers of a series at once, so that two people never get the same.
TAKE: Final = """
INSERT INTO registers_serial (register_id, series, last) VALUES (%s, %s, %s)
ON CONFLICT (register_id, series) DO UPDATE SET last = registers_serial.last + excluded.last
RETURNING last
"""


def pattern_of(spec: RegisterSpec) -> str:
    """The spec's pattern, or the register's key and a serial of four digits."""
    return spec.number or f"{spec.key.rpartition('.')[2]}-{{serial:{DIGITS}}}"


def faults(pattern: str) -> bool:
    """Whether the pattern cannot give different numbers."""
    left = SLOT.sub("", pattern)
    return "{" in left or "}" in left or "{serial" not in pattern


def next_numbers(
    register: Register, spec: RegisterSpec, unit: Unit | None, count: int, now: datetime
) -> list[str]:
    """The next free numbers, in order. Numbers that somebody gave by hand are passed over."""
    pattern = pattern_of(spec)
    known = words(now, unit.code if unit else "")
    series = series_of(pattern, known)[:60]
    found: list[str] = []
    while len(found) < count:
        wanted = count - len(found)
        last = _take(register, series, wanted)
        numbers = [filled(pattern, known, n) for n in range(last - wanted + 1, last + 1)]
        taken = set(
            Entry.objects.filter(register=register, number__in=numbers).values_list(
                "number", flat=True
            )
        )
        found += [number for number in numbers if number not in taken]
    return found


def _take(register: Register, series: str, count: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [register.pk, series, count])
        last: int = cursor.fetchone()[0]
    return last


def words(now: datetime, unit: str) -> dict[str, str]:
    """What the slots of a pattern say at a time, of the unit with this code."""
    local = timezone.localtime(now)
    return {"year": str(local.year), "month": f"{local.month:02d}", "unit": unit}


def series_of(pattern: str, known: dict[str, str]) -> str:
    """Within what the serial counts: the pattern with everything but the serial filled in."""
    return SLOT.sub(lambda slot: known.get(slot[1], "{serial}"), pattern)


def filled(pattern: str, known: dict[str, str], serial: int) -> str:
    """The number."""
    return SLOT.sub(lambda slot: _fill(slot, known, serial), pattern)


def _fill(slot: re.Match[str], known: dict[str, str], serial: int) -> str:
    if slot[1] == "serial":
        return f"{serial:0{slot[2] or 1}d}"
    return known[slot[1]]
