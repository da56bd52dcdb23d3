"""Verify a bundle with nothing but public keys: no database, no network, no writing."""

from __future__ import annotations

import json
import struct
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, NoReturn

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from jiulong.evidence import archive as archives
from jiulong.evidence import merkle, offline_dossiers, offline_events
from jiulong.evidence.archive import KEY_FILE, SEAL_DIRECTORY, read_member, reading
from jiulong.evidence.bundles import EVENT_PROOFS, EVENTS
from jiulong.evidence.checks import BadEntryError, Fault, Link, Report, check_list, check_seal
from jiulong.evidence.keys import PublicKeys, key_id, parse_public_key
from jiulong.evidence.sources import SealedSource
from jiulong.evidence.statements import BatchStatement, SealStatement, canonical

LENGTH: Final = struct.Struct(">I")
#: A frame is at most a few kilobytes; a longer one means the length was changed.
LEAF_BYTES_MAX: Final = 1_000_000
LINE_BYTES_MAX: Final = 10_000

WHOLE: Final = frozenset(
    {"seal.json", "signature.bin", "batches.jsonl", "frames.bin", "hashes.bin"}
)
PROOF: Final = frozenset({"seal.json", "signature.bin", "frame.leaf", "frame.json", "proof.json"})
#: A seal between others, which only carries the chain on.
BARE: Final = frozenset({"seal.json", "signature.bin"})
WHOLE_EVENTS: Final = WHOLE | {EVENTS}
SOME_EVENTS: Final = BARE | {EVENTS, EVENT_PROOFS}


def verify_bundle(path: Path, keys: PublicKeys, source: SealedSource) -> Report:
    """Check a bundle to its first bad entry. Without `keys` the bundle's own are taken.

    Raises:
        OSError: the file cannot be opened.
    """
    report = Report()
    try:
        try:
            archive = zipfile.ZipFile(path)
        except archives.DAMAGE as error:
            if not path.is_file():
                raise
            raise BadEntryError(Fault.NOT_A_BUNDLE, detail=path.name) from error
        with archive:
            _verify(archive, keys, source, report)
        archives.check_comment(path)
    except BadEntryError as error:
        report.bad = error
    return report


def _verify(
    archive: zipfile.ZipFile, keys: PublicKeys, source: SealedSource, report: Report
) -> None:
    found = _contents(archive)
    report.keys_from_bundle = not keys
    enclosed = {number: _enclosed_key(archive, number) for number in found.keys}
    before: Link | None = None
    events: list[dict[str, Any]] = []
    for number, names in sorted(found.seals.items()):
        statement = _statement(archive, number)
        link = check_seal(
            statement,
            digest=statement.digest(),
            signature=read_member(archive, _place(number) + "signature.bin"),
            before=before,
            keys=keys or enclosed,
        )
        events += _check_seal_files(
            archive, names, statement, before=before, source=source, report=report
        )
        report.count(statement)
        before = link
    read_member(archive, archives.README)
    if found.is_dossier:
        offline_dossiers.check(archive, found.others, keys or enclosed, events, report)
    elif events:
        report.proven = events[-1]


@dataclass(slots=True)
class _Contents:
    """The names in a bundle: the files of each seal, the ids of the keys, and what else."""

    seals: dict[int, set[str]] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    others: set[str] = field(default_factory=set)

    @property
    def is_dossier(self) -> bool:
        return offline_dossiers.MANIFEST in self.others


def _contents(archive: zipfile.ZipFile) -> _Contents:
    contents = _Contents()
    names = archive.namelist()
    for name in names:
        if found := SEAL_DIRECTORY.match(name):
            contents.seals.setdefault(int(found[1]), set()).add(name[found.end() :])
        elif found := KEY_FILE.fullmatch(name):
            contents.keys.append(found[1])
        else:
            contents.others.add(name)
    allowed = {archives.README}
    if contents.is_dossier:
        allowed |= set(filter(offline_dossiers.belongs, contents.others))
    if strange := contents.others - allowed:
        raise BadEntryError(Fault.FILE_UNEXPECTED, detail=repr(min(strange)))
    if len(set(names)) != len(names) or not (contents.seals or contents.is_dossier):
        raise BadEntryError(Fault.NOT_A_BUNDLE)
    kinds = (
        (SOME_EVENTS, BARE) if contents.is_dossier else (WHOLE, WHOLE_EVENTS, PROOF, SOME_EVENTS)
    )
    for number, files in sorted(contents.seals.items()):
        if frozenset(files) not in kinds:
            _refuse(number, files)
    return contents


def _refuse(number: int, files: set[str]) -> NoReturn:
    """Name the first file that is too many or missing."""
    if EVENT_PROOFS in files:
        expected = SOME_EVENTS
    elif "proof.json" in files:
        expected = PROOF
    else:
        expected = WHOLE_EVENTS if EVENTS in files else WHOLE
    wrong = min(files - expected, default="") or min(expected - files, default="seal.json")
    raise BadEntryError(Fault.FILE_UNEXPECTED, seal=number, detail=wrong)


def _check_seal_files(
    archive: zipfile.ZipFile,
    names: set[str],
    statement: SealStatement,
    *,
    before: Link | None,
    source: SealedSource,
    report: Report,
) -> list[dict[str, Any]]:
    """Check what a seal brings along; returns the events that are proven one by one."""
    if names >= WHOLE:
        _check_whole(archive, statement, before, report)
        if EVENTS in names:
            offline_events.check_all(archive, statement, report)
    elif names == PROOF:
        report.proven = _check_proof(archive, statement, source)
        report.frames += 1
    elif names == SOME_EVENTS:
        return offline_events.check_some(archive, statement, report)
    return []


def _enclosed_key(archive: zipfile.ZipFile, number: str) -> Ed25519PublicKey:
    name = f"public-keys/{number}.pub"
    try:
        key = parse_public_key(read_member(archive, name))
    except ValueError as error:
        raise BadEntryError(Fault.FILE_DAMAGED, detail=f"{name}: {error}") from error
    if key_id(key) != number:
        raise BadEntryError(Fault.FILE_DAMAGED, detail=name)
    return key


def _place(number: int) -> str:
    return f"seals/{number:08d}/"


def _statement(archive: zipfile.ZipFile, number: int) -> SealStatement:
    try:
        statement = SealStatement.decode(read_member(archive, _place(number) + "seal.json"))
    except ValueError as error:
        raise BadEntryError(Fault.SEAL_UNREADABLE, seal=number, detail=str(error)) from error
    if statement.number != number:
        raise BadEntryError(Fault.SEAL_CHANGED, seal=number)
    return statement


def _check_whole(
    archive: zipfile.ZipFile, statement: SealStatement, before: Link | None, report: Report
) -> None:
    """Check every frame of a seal against its batch, and every batch against the seal."""
    number, place, hashes, frames = statement.number, _place(statement.number), [], 0
    with (
        reading(archive, place + "batches.jsonl") as listing,
        reading(archive, place + "frames.bin") as leaves,
        reading(archive, place + "hashes.bin") as listed,
    ):
        last = statement.first_batch - 1
        for line in offline_events.lines(listing, LINE_BYTES_MAX):
            batch = _batch(line, number)
            if not last < batch.batch <= statement.last_batch:
                raise BadEntryError(Fault.BATCH_INSERTED, seal=number, batch=batch.batch)
            _check_batch(batch, leaves, listed, number)
            hashes.append(merkle.leaf_hash(line))
            frames += batch.frames
            last = batch.batch
            report.meet(number, batch, before)
        for member in (leaves, listed):
            archives.exhaust(member)
    check_list(statement, hashes)
    if frames != statement.frames:
        raise BadEntryError(Fault.SEAL_CHANGED, seal=number)


def _batch(line: bytes, seal: int) -> BatchStatement:
    try:
        return BatchStatement.decode(line)
    except ValueError as error:
        raise BadEntryError(Fault.LIST_CHANGED, seal=seal, detail=str(error)) from error


def _check_batch(batch: BatchStatement, leaves: IO[bytes], listed: IO[bytes], seal: int) -> None:
    """Check the frames of one batch; the listed hashes tell which frame was changed."""
    hashes = []
    changed: int | None = None
    for ordinal in range(batch.frames):
        hashes.append(merkle.leaf_hash(_leaf(leaves, seal, batch.batch, ordinal)))
        if listed.read(merkle.DIGEST) != hashes[-1] and changed is None:
            changed = ordinal
    if changed is not None:
        raise BadEntryError(Fault.FRAME_CHANGED, seal=seal, batch=batch.batch, ordinal=changed)
    if merkle.root_of_hashes(hashes) != batch.root:
        raise BadEntryError(Fault.BATCH_CHANGED, seal=seal, batch=batch.batch)


def _leaf(leaves: IO[bytes], seal: int, batch: int, ordinal: int) -> bytes:
    head = leaves.read(LENGTH.size)
    length = LENGTH.unpack(head)[0] if len(head) == LENGTH.size else LEAF_BYTES_MAX + 1
    leaf = leaves.read(length) if length <= LEAF_BYTES_MAX else b""
    if len(leaf) != length:
        raise BadEntryError(Fault.FRAME_CHANGED, seal=seal, batch=batch, ordinal=ordinal)
    return leaf


def _check_proof(
    archive: zipfile.ZipFile, statement: SealStatement, source: SealedSource
) -> dict[str, Any]:
    """Check the proof of one frame; returns what is proven, for people."""
    number, place = statement.number, _place(statement.number)
    leaf = read_member(archive, place + "frame.leaf")
    told = read_member(archive, place + "frame.json")
    try:
        proof = json.loads(read_member(archive, place + "proof.json"))
        batch = BatchStatement.decode(canonical(proof["batch"]))
        in_batch = merkle.proves(
            proof["frame_path"],
            leaf=leaf,
            root=batch.root,
            position=proof["ordinal"],
            size=batch.frames,
        )
        in_seal = merkle.proves(
            proof["batch_path"],
            leaf=batch.encode(),
            root=statement.root,
            position=proof["position"],
            size=statement.batches,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BadEntryError(Fault.PROOF_WRONG, seal=number, detail=str(error)) from error
    if not in_seal:
        raise BadEntryError(Fault.PROOF_WRONG, seal=number, batch=batch.batch)
    if not in_batch or told != canonical(source.describe(leaf)):
        raise BadEntryError(
            Fault.FRAME_CHANGED, seal=number, batch=batch.batch, ordinal=int(proof["ordinal"])
        )
    return {"batch": batch.batch, "ordinal": proof["ordinal"], **source.describe(leaf)}
