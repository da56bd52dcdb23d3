"""What the fleet knows about its own frames: which were sent, and which were acknowledged.

The ledger is the fleet's own word. Whoever wants to know whether a frame was lost compares it with
what the receiving side has.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, NamedTuple

DIGEST_BYTES: Final = 16


def digest(raw: bytes) -> bytes:
    """A frame's name: its bytes, shortened; the line end is not part of it."""
    return blake2b(raw.strip(), digest_size=DIGEST_BYTES).digest()


class Sent(NamedTuple):
    """One upload that was acknowledged."""

    mn: str
    cn: str
    qn: str


@dataclass(slots=True)
class Ledger:
    """Counts of a whole fleet, and every acknowledged frame by its digest."""

    acked: dict[bytes, Sent] = field(default_factory=dict)
    made: int = 0  # uploads that ask for an acknowledgement
    sent: int = 0  # frames written, repeats included
    resent: int = 0
    unasked: int = 0  # uploads of 2005 that never ask
    dirty: int = 0  # damaged or foreign on purpose
    commands: int = 0  # requests answered
    connects: int = 0

    def acknowledge(self, raw: bytes, sent: Sent) -> None:
        self.acked[digest(raw)] = sent
