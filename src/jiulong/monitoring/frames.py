"""Where raw frames come from. The gateway, a floor above, registers its journal here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class Entry(Protocol):
    """One frame of the journal, as `gateway.journal.Entry` has it."""

    @property
    def verdict(self) -> int: ...
    @property
    def peer(self) -> str: ...
    @property
    def raw(self) -> bytes: ...
    @property
    def received_at(self) -> datetime: ...


Reader = Callable[[int, int], Entry]

_registered: list[Reader] = []


def register(reader: Reader) -> None:
    """Name what reads a frame by (batch, ordinal); it raises LookupError where there is none."""
    _registered[:] = [reader]


def read(batch: int, ordinal: int) -> Entry:
    """The frame as it came.

    Raises:
        LookupError: there is no such frame, or no journal.
    """
    if not _registered:
        raise LookupError("no app has registered a journal")
    return _registered[0](batch, ordinal)
