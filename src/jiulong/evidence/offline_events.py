"""Events in a bundle: all of a seal against its root, or some of it with their proofs."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from typing import IO, Any, Final

from jiulong.evidence import merkle
from jiulong.evidence.archive import reading
from jiulong.evidence.bundles import EVENT_PROOFS, EVENTS, directory
from jiulong.evidence.checks import BadEntryError, Fault, Report, check_event_list
from jiulong.evidence.statements import SealStatement

#: An event may carry a form; a longer line means that line ends were taken out.
EVENT_BYTES_MAX: Final = 16_000_000
PROOF_BYTES_MAX: Final = 10_000


def lines(member: IO[bytes], most: int) -> Iterator[bytes]:
    """Lines without their ends.

    Raises:
        ValueError: a line without end, or longer than `most`.
    """
    while line := member.readline(most):
        if not line.endswith(b"\n"):
            raise ValueError("a line without end")
        yield line[:-1]


def check_all(archive: zipfile.ZipFile, statement: SealStatement, report: Report) -> None:
    """Check every event of a seal.

    Raises:
        BadEntryError: they do not give the sealed root.
    """
    number, events = statement.number, statement.events
    if events is None:
        raise BadEntryError(Fault.FILE_UNEXPECTED, seal=number, detail=EVENTS)
    hashes, last = [], events.first - 1
    with reading(archive, directory(number) + EVENTS) as member:
        for line in lines(member, EVENT_BYTES_MAX):
            event = read(line, number)["event"]
            if not last < event <= events.last:
                raise BadEntryError(Fault.EVENT_INSERTED, seal=number, event=event)
            hashes.append(merkle.leaf_hash(line))
            last = event
    check_event_list(statement, hashes)
    report.events += len(hashes)


def check_some(
    archive: zipfile.ZipFile, statement: SealStatement, report: Report
) -> list[dict[str, Any]]:
    """Check some events of a seal by their proofs; returns what they say.

    Raises:
        BadEntryError: one does not lie under the seal.
    """
    place, number, events = directory(statement.number), statement.number, statement.events
    if events is None:
        raise BadEntryError(Fault.FILE_UNEXPECTED, seal=number, detail=EVENTS)
    found = []
    with (
        reading(archive, place + EVENTS) as wires,
        reading(archive, place + EVENT_PROOFS) as proofs,
    ):
        for wire, proof in zip(
            lines(wires, EVENT_BYTES_MAX), lines(proofs, PROOF_BYTES_MAX), strict=True
        ):
            told = read(wire, number)
            if not _proves(proof, wire, events.root, events.count):
                raise BadEntryError(Fault.EVENT_CHANGED, seal=number, event=told["event"])
            found.append(told)
    report.events += len(found)
    return found


def read(line: bytes, seal: int | None) -> dict[str, Any]:
    """What an event says.

    Raises:
        BadEntryError: it is no event.
    """
    try:
        told = json.loads(line)
        if not isinstance(told, dict) or type(told["event"]) is not int:
            raise ValueError("no event")  # noqa: TRY301 - one error for whatever is wrong
    except (ValueError, KeyError, RecursionError) as error:
        raise BadEntryError(Fault.EVENT_LIST_CHANGED, seal=seal, detail=str(error)) from error
    return told


def _proves(proof: bytes, wire: bytes, root: bytes, size: int) -> bool:
    try:
        facts = json.loads(proof)
        return merkle.proves(
            facts["path"], leaf=wire, root=root, position=facts["position"], size=size
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
