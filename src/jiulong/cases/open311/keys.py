"""Whose an `api_key` is: the floor that makes tokens says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from jiulong.organisation.models import User

#: The owner of a key at a time, or None.
Reader = Callable[[str, datetime], User | None]

_readers: list[Reader] = []


def register(reader: Reader) -> None:
    """Have `reader` say whose a key is; the last registered counts."""
    _readers[:] = [reader]


def owner(key: str, now: datetime) -> User | None:
    """Whose the key is; None: nobody's."""
    return next((found for read in _readers if (found := read(key, now))), None)
