"""Numbers of cases: official ones without gaps, and public ones that tell nothing."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from django.db import connection

from jiulong.registers import numbering

#: The row is locked until the commit: two cases filed at once wait for each other, and a case that
#: is rolled back gives its number back.
_NEXT: Final = """
INSERT INTO cases_serial (name, last) VALUES (%s, 1)
ON CONFLICT (name) DO UPDATE SET last = cases_serial.last + 1
RETURNING last
"""
#: Without what is read wrongly on the telephone: 0 O 1 I L U V.
ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTWXYZ"
TRACKING_LENGTH: Final = 12


def next_number(pattern: str, now: datetime, *, unit: str = "") -> str:
    """The next number of a pattern like `芗督〔{year}〕{serial}号`, see `registers.numbering`.

    The serial counts within what the pattern makes of year, month and unit.
    """
    known = numbering.words(now, unit)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [numbering.series_of(pattern, known)[:120]])
        return numbering.filled(pattern, known, cursor.fetchone()[0])


def new_tracking() -> str:
    """A number for the public, impossible to guess: 29^12, more than 58 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(TRACKING_LENGTH))
