"""What the next seal covers and says. Nothing is written here; `actions` writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from jiulong.evidence import merkle, timeline
from jiulong.evidence.models import Seal
from jiulong.evidence.sources import SealedSource, SourceBatch
from jiulong.evidence.statements import GENESIS, BatchStatement, EventRange, SealStatement

HOUR: Final = timedelta(hours=1)
#: A batch is dated just before its commit: an hour is sealed when its last commits are in, unless
#: an outage holds them back for longer.
GRACE: Final = timedelta(seconds=60)


#: Of one seal; a backlog beyond it goes into the next ones. 40 MB of hashes and numbers.
EVENTS_MAX: Final = 1_000_000


class UnreadableBatchError(ValueError):
    """A batch of the journal that cannot be sealed because it cannot be read."""

    def __init__(self, batch: int, reason: str) -> None:
        super().__init__(f"batch {batch}: {reason}")
        self.batch = batch
        self.reason = reason


@dataclass(slots=True)
class Contents:
    """What was gathered for one seal: batches and events with the hashes of what they say."""

    ids: list[int] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    frames: int = 0
    event_ids: list[int] = field(default_factory=list)
    event_hashes: list[bytes] = field(default_factory=list)

    def root(self) -> bytes:
        return merkle.root_of_hashes(self.hashes)

    def events(self, span: Span) -> EventRange:
        """The events as the seal says it; a backlog ends where the seal is full."""
        full = len(self.event_ids) >= EVENTS_MAX
        return EventRange(
            first=span.after_event + 1,
            last=self.event_ids[-1] if full else span.upto_event,
            count=len(self.event_ids),
            root=merkle.root_of_hashes(self.event_hashes),
        )


@dataclass(frozen=True, slots=True)
class Span:
    """The batches of one seal: ids above `after`, up to `upto`, the last that was received before
    `period_end` of those that are committed. Likewise its events, up to where none can come in.
    """

    after: int
    upto: int
    period_end: datetime
    after_event: int = 0
    upto_event: int = 0


def floor_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def due(source: SealedSource, last: Seal | None, now: datetime) -> Span | None:
    """The next hour to seal, or None if no hour is over yet.

    Each hour has a seal, also one of which the journal holds nothing when the hour is sealed. What
    an outage held back goes into a later seal. A keeper that was away makes one seal over a whole
    run of empty hours.
    """
    after = last.last_batch if last else 0
    earliest = source.earliest(after=after)
    start = last.period_end if last else earliest or timeline.begins()
    if start is None:
        return None
    end, over = floor_hour(start) + HOUR, floor_hour(now - GRACE)
    if end > over:
        return None
    upto = source.last_before(end, after=after)
    if upto is None:  # silent up to the hour of the next batch, or until now
        end = max(end, min(over, floor_hour(earliest)) if earliest else over)
    return Span(after, upto or after, end)


def gather(source: SealedSource, span: Span) -> Contents:
    """Hash every batch and event of the span; costs about 3 µs a frame, 5 µs an event.

    Raises:
        UnreadableBatchError: a batch that was altered before it was sealed.
    """
    contents = Contents()
    for statement, _leaves in read_statements(source, after=span.after, upto=span.upto):
        contents.ids.append(statement.batch)
        contents.hashes.append(merkle.leaf_hash(statement.encode()))
        contents.frames += statement.frames
    for event, wire in timeline.read(after=span.after_event, upto=span.upto_event):
        contents.event_ids.append(event)
        contents.event_hashes.append(merkle.leaf_hash(wire))
        if len(contents.event_ids) >= EVENTS_MAX:
            break
    return contents


def last_event(last: Seal | None) -> int:
    """The last event under the seals so far."""
    return (last.last_event or 0) if last else 0


def readable_leaves(source: SealedSource, batch: SourceBatch) -> list[bytes]:
    """The leaves of a batch, as many as its row says.

    Raises:
        UnreadableBatchError: its body does not hold the frames it should.
    """
    try:
        leaves = source.leaves(batch.body)
    except ValueError as error:
        raise UnreadableBatchError(batch.id, str(error)) from error
    if len(leaves) != batch.frames:
        raise UnreadableBatchError(
            batch.id, f"holds {len(leaves)} frames where its row says {batch.frames}"
        )
    return leaves


def read_statements(
    source: SealedSource, *, after: int, upto: int
) -> Iterator[tuple[BatchStatement, list[bytes]]]:
    """Statement and leaves of each batch of the span, in order.

    Raises:
        UnreadableBatchError: a batch that cannot be read.
    """
    for batch in source.read(after=after, upto=upto):
        leaves = readable_leaves(source, batch)
        root = merkle.root(leaves)
        yield (
            BatchStatement(batch.id, batch.received_at, batch.node, batch.frames, root),
            leaves,
        )


def write_statement(
    span: Span, contents: Contents, *, last: Seal | None, key_id: str, sealed_at: datetime
) -> SealStatement:
    """The statement of the seal after `last`."""
    return SealStatement(
        number=last.number + 1 if last else 1,
        first_batch=span.after + 1,
        last_batch=span.upto,
        period_end=span.period_end,
        batches=len(contents.ids),
        frames=contents.frames,
        root=contents.root(),
        previous=bytes(last.digest) if last else GENESIS,
        key_id=key_id,
        sealed_at=sealed_at,
        events=contents.events(span),
    )


def statement_of_seal(seal: Seal) -> SealStatement:
    """What the row of a seal says."""
    return SealStatement(
        number=seal.number,
        first_batch=seal.first_batch,
        last_batch=seal.last_batch,
        period_end=seal.period_end,
        batches=seal.batches,
        frames=seal.frames,
        root=bytes(seal.root),
        previous=bytes(seal.previous),
        key_id=seal.key_id,
        sealed_at=seal.sealed_at,
        events=None
        if seal.events is None or seal.events_root is None
        else EventRange(
            first=seal.first_event or 0,
            last=seal.last_event or 0,
            count=seal.events,
            root=bytes(seal.events_root),
        ),
    )
