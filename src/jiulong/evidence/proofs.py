"""The proof of one frame: frame → batch → seal → signature, in a bundle of its own.

Likewise of one event: event → seal → signature.
"""

from __future__ import annotations

from pathlib import Path

from jiulong.evidence import archive as archives
from jiulong.evidence import bundles, merkle, sealing, sources, timeline
from jiulong.evidence.archive import write_member
from jiulong.evidence.checks import BadEntryError, Fault
from jiulong.evidence.keys import PublicKeys
from jiulong.evidence.models import Seal
from jiulong.evidence.queries import seal_of_batch, seal_of_event
from jiulong.evidence.sources import SealedSource
from jiulong.evidence.statements import BatchStatement, canonical


class NotSealedError(LookupError):
    """The batch is not under a seal yet."""

    def __init__(self, batch: int) -> None:
        super().__init__(f"batch {batch} is not sealed yet")
        self.batch = batch


class EventNotSealedError(LookupError):
    """The event is not under a seal yet."""

    def __init__(self, event: int) -> None:
        super().__init__(f"event {event} is not sealed yet")
        self.event = event


class NoSuchFrameError(LookupError):
    """There is no such batch, or no such frame in it."""


def parse(source: SealedSource, reading: str) -> tuple[int, int]:
    """Batch and ordinal of `<batch>/<ordinal>` or `<point code>/<period>/<ISO time>[/<part>]`.

    Raises:
        ValueError: malformed, or no such reading.
    """
    words = reading.split("/")
    if len(words) == 2 and all(word.isdecimal() for word in words):
        return int(words[0]), int(words[1])
    return source.locate(reading)


def is_sealed(batch: int) -> bool:
    """Whether a seal covers the batch."""
    return seal_of_batch(batch) is not None


def prove(source: SealedSource, keys: PublicKeys, *, batch: int, ordinal: int, path: Path) -> Seal:
    """Write the proof of a frame to `path`; returns the seal it leads to.

    Raises:
        NoSuchFrameError: there is no such frame.
        NotSealedError: not yet sealed.
        UnreadableBatchError, BadEntryError: the batch is not what was sealed.
    """
    statement, leaves = _find(source, batch)
    if not 0 <= ordinal < len(leaves):
        raise NoSuchFrameError(f"batch {batch} has {len(leaves)} frames, no number {ordinal}")
    seal = seal_of_batch(batch)
    if seal is None:
        raise NotSealedError(batch)
    hashes = merkle.split_hashes(bytes(seal.contents.hashes))
    position = seal.contents.ids.index(batch)
    if hashes[position] != merkle.leaf_hash(statement.encode()):
        raise BadEntryError(Fault.BATCH_CHANGED, seal=seal.number, batch=batch)
    facts = {
        "batch": statement.facts(),
        "ordinal": ordinal,
        "position": position,
        "frame_path": merkle.prove(map(merkle.leaf_hash, leaves), ordinal),
        "batch_path": merkle.prove(hashes, position),
    }
    place = bundles.directory(seal.number)
    with archives.writing(path) as archive:
        bundles.write_head(archive, source, keys)
        bundles.write_seal(archive, seal)
        write_member(archive, place + "frame.leaf", leaves[ordinal])
        write_member(archive, place + "frame.json", canonical(source.describe(leaves[ordinal])))
        write_member(archive, place + "proof.json", canonical(facts))
    return seal


def _find(source: SealedSource, batch: int) -> tuple[BatchStatement, list[bytes]]:
    found = next(sealing.read_statements(source, after=batch - 1, upto=batch), None)
    if found is None:
        raise NoSuchFrameError(f"there is no batch {batch}")
    return found


def prove_event(keys: PublicKeys, *, event: int, path: Path) -> Seal:
    """Write the proof of one event to `path`; returns the seal it leads to.

    Raises:
        NoSuchFrameError: there is no such event.
        EventNotSealedError: not yet sealed.
        BadEntryError: the event is not what was sealed.
    """
    line = next(timeline.read(after=event - 1, upto=event), None)
    if line is None:
        raise NoSuchFrameError(f"there is no event {event}")
    seal = seal_of_event(event)
    if seal is None:
        raise EventNotSealedError(event)
    with archives.writing(path) as archive:
        bundles.write_head(archive, sources.source(), keys)
        bundles.write_seal(archive, seal)
        bundles.write_some_events(archive, seal, [line])
    return seal
