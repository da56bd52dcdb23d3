"""Bundles: seals with everything they cover in one zip file, verified without a database.

templates/evidence/bundle_readme.txt, which travels in every bundle, describes the layout.
"""

from __future__ import annotations

import struct
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Final

from jiulong.evidence import archive as archives
from jiulong.evidence import merkle, sealing, timeline
from jiulong.evidence.archive import open_member, write_member
from jiulong.evidence.checks import BadEntryError, Fault
from jiulong.evidence.keys import PublicKeys, pem
from jiulong.evidence.models import Seal
from jiulong.evidence.sources import SealedSource
from jiulong.evidence.statements import canonical
from jiulong.evidence.timeline import Line

README_SOURCE: Final = Path(__file__).parent / "templates/evidence/bundle_readme.txt"
EVENTS: Final = "events.jsonl"
EVENT_PROOFS: Final = "event-proofs.jsonl"
LENGTH: Final = struct.Struct(">I")
#: Up to here what is gathered beside the frames stays in memory.
SPOOL_BYTES: Final = 16 * 1024 * 1024


def directory(number: int) -> str:
    """The directory of a seal in a bundle."""
    return f"seals/{number:08d}/"


def export(
    source: SealedSource,
    keys: PublicKeys,
    seals: Iterable[Seal],
    path: Path,
    *,
    events: bool = False,
) -> tuple[int, int]:
    """Write the seals and their frames to `path`; returns how many seals and frames.

    `events` writes the events too: they tell of the authority's casework, and not everybody who
    may verify frames may read them. Without them their root still stands in the signed seal.

    Raises:
        UnreadableBatchError: a batch was altered so that it cannot be read.
    """
    count = frames = 0
    with archives.writing(path) as archive:
        write_head(archive, source, keys)
        for seal in seals:
            write_seal(archive, seal)
            frames += _write_contents(archive, source, seal)
            if events and seal.events is not None:
                _write_events(archive, seal)
            count += 1
    return count, frames


def write_head(archive: zipfile.ZipFile, source: SealedSource, keys: PublicKeys) -> None:
    """What every bundle begins with: how to read it, and the public keys."""
    readme = README_SOURCE.read_text(encoding="utf-8").replace("{leaf_format}", source.leaf_format)
    write_member(archive, archives.README, readme.encode())
    for number, key in keys.items():
        write_member(archive, f"public-keys/{number}.pub", pem(key))


def write_seal(archive: zipfile.ZipFile, seal: Seal) -> None:
    """What a seal says, and its signature."""
    place = directory(seal.number)
    write_member(archive, place + "seal.json", sealing.statement_of_seal(seal).encode())
    write_member(archive, place + "signature.bin", bytes(seal.signature))


def _write_contents(archive: zipfile.ZipFile, source: SealedSource, seal: Seal) -> int:
    """Frames to the archive as they are read; lists beside, since a zip takes one at a time."""
    place, frames = directory(seal.number), 0
    with (
        tempfile.SpooledTemporaryFile(SPOOL_BYTES) as lines,
        tempfile.SpooledTemporaryFile(SPOOL_BYTES) as hashes,
    ):
        with open_member(archive, place + "frames.bin") as out:
            for statement, leaves in sealing.read_statements(
                source, after=seal.first_batch - 1, upto=seal.last_batch
            ):
                lines.write(statement.encode() + b"\n")
                hashes.write(b"".join(map(merkle.leaf_hash, leaves)))
                for leaf in leaves:
                    out.write(LENGTH.pack(len(leaf)) + leaf)
                frames += len(leaves)
        _copy(archive, place + "batches.jsonl", lines)
        _copy(archive, place + "hashes.bin", hashes)
    return frames


def _write_events(archive: zipfile.ZipFile, seal: Seal) -> None:
    after, upto = (seal.first_event or 0) - 1, seal.last_event or 0
    with open_member(archive, directory(seal.number) + EVENTS) as out:
        for _number, wire in timeline.read(after=after, upto=upto):
            out.write(wire + b"\n")


def write_some_events(archive: zipfile.ZipFile, seal: Seal, lines: Sequence[Line]) -> None:
    """Write events of one seal with the proof that each lies under it.

    Raises:
        BadEntryError: an event is not what was sealed, or the list of the seal is damaged.
    """
    ids, hashes = sealed_events(seal)
    places = {number: place for place, number in enumerate(ids)}
    for line in lines:
        if line.event not in places:
            raise BadEntryError(Fault.EVENT_INSERTED, seal=seal.number, event=line.event)
        if hashes[places[line.event]] != merkle.leaf_hash(line.wire):
            raise BadEntryError(Fault.EVENT_CHANGED, seal=seal.number, event=line.event)
    positions = [places[line.event] for line in lines]
    proofs = [
        canonical({"position": position, "path": path})
        for position, path in zip(positions, merkle.prove_many(hashes, positions), strict=True)
    ]
    place = directory(seal.number)
    write_member(archive, place + EVENTS, b"".join(line.wire + b"\n" for line in lines))
    write_member(archive, place + EVENT_PROOFS, b"".join(proof + b"\n" for proof in proofs))


def sealed_events(seal: Seal) -> tuple[list[int], list[bytes]]:
    """Numbers and leaf hashes of the events of a seal.

    Raises:
        BadEntryError: they do not fit each other.
    """
    contents = getattr(seal, "event_contents", None)
    if contents is None:  # a seal without events, or they were taken away: the root tells
        return [], []
    try:
        hashes = merkle.split_hashes(bytes(contents.hashes))
    except ValueError as error:
        raise BadEntryError(Fault.EVENT_LIST_CHANGED, seal=seal.number) from error
    if len(contents.ids) != len(hashes):
        raise BadEntryError(Fault.EVENT_LIST_CHANGED, seal=seal.number)
    return contents.ids, hashes


def _copy(archive: zipfile.ZipFile, name: str, content: IO[bytes]) -> None:
    content.seek(0)
    with open_member(archive, name) as out:
        while chunk := content.read(1 << 20):
            out.write(chunk)
