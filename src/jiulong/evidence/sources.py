"""Where the facts to be sealed come from. A higher floor registers its journal here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class SourceBatch:
    """One batch of the journal as it is stored."""

    id: int
    received_at: datetime
    node: str
    frames: int
    body: bytes


class SealedSource(Protocol):
    """A journal of batches whose ids grow in commit order."""

    @property
    def leaf_format(self) -> str:
        """How the bytes of a leaf are laid out, for whoever verifies by hand."""
        ...

    def last_before(self, moment: datetime, *, after: int) -> int | None:
        """Highest id above `after` of a batch received before `moment`."""
        ...

    def earliest(self, *, after: int) -> datetime | None:
        """Earliest receive time of any batch above `after`."""
        ...

    def frames_before(self, moment: datetime, *, after: int, upto: int) -> int:
        """How many frames of the batches `after` < id ≤ `upto` were received before `moment`.

        Counted by batches, each by its receive time.
        """
        ...

    def unsealed(self, *, after: int) -> int:
        """How many batches stand above `after`."""
        ...

    def read(self, *, after: int, upto: int) -> Iterator[SourceBatch]:
        """Batches with `after` < id ≤ `upto` in the order of their ids, a page at a time."""
        ...

    def leaves(self, body: bytes) -> list[bytes]:
        """The canonical bytes of each frame of a body.

        Raises:
            ValueError: the body cannot be unpacked.
        """
        ...

    def describe(self, leaf: bytes) -> dict[str, Any]:
        """What a leaf says, for people: receive time, verdict, sender, raw frame."""
        ...

    def locate(self, reading: str) -> tuple[int, int]:
        """Batch and ordinal of the frame behind `<point code>/<period>/<ISO time>[/<part>]`.

        Raises:
            ValueError: malformed, or there is no such reading; the text says which.
        """
        ...


_registered: list[SealedSource] = []


def register(source: SealedSource) -> None:
    """Name the journal that is sealed; the last one registered counts."""
    _registered[:] = [source]


def source() -> SealedSource:
    """The journal that is sealed."""
    if not _registered:
        raise LookupError("no app has registered a journal to seal")
    return _registered[0]
