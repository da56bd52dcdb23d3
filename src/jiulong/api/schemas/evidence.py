"""Seals."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema

from jiulong.evidence.models import Seal
from jiulong.evidence.queries import SealStatus


class SealOut(Schema):
    """A seal. `digest` is SHA-256 of the statement; `jiulong verify` tells how it is made."""

    number: int
    period_end: datetime
    sealed_at: datetime
    first_batch: int
    last_batch: int
    batches: int
    frames: int
    root: str
    first_event: int | None
    last_event: int | None
    events: int | None
    events_root: str
    previous: str
    digest: str
    key_id: str
    signature: str

    @classmethod
    def of(cls, seal: Seal) -> SealOut:
        return cls(
            number=seal.number,
            period_end=seal.period_end,
            sealed_at=seal.sealed_at,
            first_batch=seal.first_batch,
            last_batch=seal.last_batch,
            batches=seal.batches,
            frames=seal.frames,
            root=bytes(seal.root).hex(),
            first_event=seal.first_event,
            last_event=seal.last_event,
            events=seal.events,
            events_root=bytes(seal.events_root or b"").hex(),
            previous=bytes(seal.previous).hex(),
            digest=bytes(seal.digest).hex(),
            key_id=seal.key_id,
            signature=bytes(seal.signature).hex(),
        )


class SealStatusOut(Schema):
    """How far the journal is sealed."""

    last: SealOut | None
    age_s: float | None
    unsealed_batches: int
    unsealed_events: int
    late: bool

    @classmethod
    def of(cls, status: SealStatus) -> SealStatusOut:
        return cls(
            last=SealOut.of(status.last) if status.last else None,
            age_s=status.age.total_seconds() if status.age is not None else None,
            unsealed_batches=status.unsealed_batches,
            unsealed_events=status.unsealed_events,
            late=status.late,
        )
