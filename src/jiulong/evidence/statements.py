"""What is signed, byte for byte. No Django here: bundles are verified where there is no database.

A statement is JSON in one canonical form: keys sorted, no spaces, ASCII, times in UTC with
microseconds, digests in hex. Whoever writes the same facts writes the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

#: Seals over the journal alone, as they were made before events were sealed too.
JOURNAL_FORMAT: Final = "jiulong-seal-1"
SEAL_FORMAT: Final = "jiulong-seal-2"
#: What the first seal has in place of the digest of a seal before it.
GENESIS: Final = bytes(32)


def canonical(facts: dict[str, Any]) -> bytes:
    """The one way to write `facts` as JSON."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode("ascii")


def stamp(moment: datetime) -> str:
    """`2026-11-20T05:00:00.000000Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_stamp(text: str) -> datetime:
    """The inverse of `stamp`, and nothing wider.

    Raises:
        ValueError: any other form of a time.
    """
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class BatchStatement:
    """What an hour's tree says of one journal batch: a leaf of that tree."""

    batch: int
    received_at: datetime
    node: str
    frames: int
    root: bytes

    def facts(self) -> dict[str, Any]:
        return {
            "batch": self.batch,
            "frames": self.frames,
            "node": self.node,
            "received_at": stamp(self.received_at),
            "root": self.root.hex(),
        }

    def encode(self) -> bytes:
        return canonical(self.facts())

    @classmethod
    def decode(cls, wire: bytes) -> BatchStatement:
        """Read a batch statement.

        Raises:
            ValueError: not the canonical bytes of a batch statement.
        """
        facts = _object(wire)
        try:
            statement = cls(
                batch=int(facts["batch"]),
                received_at=read_stamp(facts["received_at"]),
                node=str(facts["node"]),
                frames=int(facts["frames"]),
                root=bytes.fromhex(facts["root"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"no batch statement: {error!r}") from error
        _same(statement.encode(), wire)
        return statement


@dataclass(frozen=True, slots=True)
class EventRange:
    """The events of a seal: those with `first` ≤ id ≤ `last` that were committed, in id order.

    A leaf is the line of an event as `timeline.line` writes it.
    """

    first: int
    last: int
    count: int
    root: bytes

    def facts(self) -> dict[str, Any]:
        return {
            "events": self.count,
            "events_root": self.root.hex(),
            "first_event": self.first,
            "last_event": self.last,
        }


@dataclass(frozen=True, slots=True)
class SealStatement:
    """What a seal says: these batches and events, under these roots, after that seal.

    It covers every batch whose id is above the last seal's `last_batch` and not above its own:
    what the journal held when the seal was made. It does not say that nothing else was received
    before `period_end`: a batch that an outage held back is committed later, keeps the time at
    which it was received, and lies in a later seal.
    """

    number: int
    first_batch: int
    last_batch: int
    period_end: datetime
    batches: int
    frames: int
    root: bytes
    previous: bytes
    key_id: str
    sealed_at: datetime
    events: EventRange | None = None  # None: a seal of the first format

    def encode(self) -> bytes:
        facts = {
            "batches": self.batches,
            "first_batch": self.first_batch,
            "format": SEAL_FORMAT if self.events else JOURNAL_FORMAT,
            "frames": self.frames,
            "key": self.key_id,
            "last_batch": self.last_batch,
            "number": self.number,
            "period_end": stamp(self.period_end),
            "previous": self.previous.hex(),
            "root": self.root.hex(),
            "sealed_at": stamp(self.sealed_at),
        }
        return canonical(facts | (self.events.facts() if self.events else {}))

    def digest(self) -> bytes:
        """SHA-256 of the statement: what is signed, and what the next seal names."""
        return sha256(self.encode()).digest()

    @classmethod
    def decode(cls, wire: bytes) -> SealStatement:
        """Read a seal statement.

        Raises:
            ValueError: not the canonical bytes of a seal statement.
        """
        facts = _object(wire)
        try:
            statement = cls(
                number=int(facts["number"]),
                first_batch=int(facts["first_batch"]),
                last_batch=int(facts["last_batch"]),
                period_end=read_stamp(facts["period_end"]),
                batches=int(facts["batches"]),
                frames=int(facts["frames"]),
                root=bytes.fromhex(facts["root"]),
                previous=bytes.fromhex(facts["previous"]),
                key_id=str(facts["key"]),
                sealed_at=read_stamp(facts["sealed_at"]),
                events=_event_range(facts),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"no seal statement: {error!r}") from error
        _same(statement.encode(), wire)
        return statement


def _event_range(facts: dict[str, Any]) -> EventRange | None:
    if facts["format"] == JOURNAL_FORMAT:
        return None
    return EventRange(
        first=int(facts["first_event"]),
        last=int(facts["last_event"]),
        count=int(facts["events"]),
        root=bytes.fromhex(facts["events_root"]),
    )


def _object(wire: bytes) -> dict[str, Any]:
    facts = json.loads(wire)
    if not isinstance(facts, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - one error for whoever reads a file
    return facts


def _same(encoded: bytes, wire: bytes) -> None:
    if encoded != wire:
        raise ValueError("not in canonical form")
