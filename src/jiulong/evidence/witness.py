"""`seals.log` beside the key: what was sealed, remembered outside the database.

Whoever rules the database can cut the chain back and wait for the keeper to seal anew. This file
remembers; ship it elsewhere (syslog, a mirror, paper), and nobody on this machine can rewrite it.
A line is number, digest in hex, and the time up to which it covers.

It is only ever appended to, whole lines in one write. A machine that dies in between may leave a
torn last line: the next seal begins a new one, and says anew what was torn.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jiulong.evidence.checks import BadEntryError, Fault
from jiulong.evidence.models import Seal
from jiulong.evidence.statements import stamp

FILE: Final = "seals.log"
_LINE: Final = re.compile(r"(\d+) ([0-9a-f]{64}) \S+Z")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Memo:
    """How much of the chain the file remembers."""

    forgotten: int  # seals of the database that have no line
    torn: bool  # the last line was cut off while it was written


def remember(directory: Path, seal: Seal) -> None:
    """Add a seal, and those before it that have no line: so a lost file is made again.

    A file that cannot be written is told, and does not hold up sealing.
    """
    try:
        file = os.open(directory / FILE, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)  # another keeper may be healing it too
            _add(file, seal)
        finally:
            os.close(file)
    except OSError as error:
        logger.warning("seal %s was not remembered: %s", seal.number, error)


def _add(file: int, seal: Seal) -> None:
    with os.fdopen(os.dup(file), encoding="ascii", errors="replace") as lines:
        text = lines.read()
    known = {number for number, _digest in filter(None, map(_read, text.splitlines()))}
    absent = set(range(1, seal.number)) - known
    missing = list(Seal.objects.filter(number__in=absent).order_by("number"))
    if missing:
        logger.warning("%s had no line for %d older seals: added", FILE, len(missing))
    wire = "".join(map(_line, [*missing, seal])).encode()
    if text and not text.endswith("\n"):
        wire = b"\n" + wire
    if os.write(file, wire) < len(wire):
        raise OSError(f"{FILE} was written in part")
    os.fsync(file)


def _line(seal: Seal) -> str:
    return f"{seal.number} {bytes(seal.digest).hex()} {stamp(seal.period_end)}\n"


def _read(line: str) -> tuple[int, str] | None:
    """Number and digest of a line; None if it is not whole."""
    found = _LINE.fullmatch(line)
    return (int(found[1]), found[2]) if found else None


def check(directory: Path) -> Memo:
    """Check that every seal that is remembered is still there; tells what is not remembered.

    Raises:
        BadEntryError: a seal was taken away or replaced.
        OSError: the file is there and cannot be read.
    """
    path = directory / FILE
    # Sealing goes on meanwhile, and a line is there after its row: ask for rows before and after.
    expected = set(Seal.objects.values_list("number", flat=True))
    text = path.read_text(encoding="ascii", errors="replace") if path.exists() else ""
    digests = dict(Seal.objects.values_list("number", "digest"))
    known = set()
    for number, digest in _remembered(path, text):
        found = digests.get(number)
        if found is None or bytes(found).hex() != digest:
            fault = Fault.SEAL_MISSING if found is None else Fault.SEAL_REPLACED
            raise BadEntryError(fault, seal=number, detail=str(path))
        known.add(number)
    last = text.splitlines()[-1:]
    return Memo(len(expected - known), bool(last) and _read(last[0]) is None)


def _remembered(path: Path, text: str) -> Iterator[tuple[int, str]]:
    """Number and digest of each whole line.

    Torn is the last without its end, or one that the line after it says anew; else it is damage.

    Raises:
        BadEntryError: a line that cannot be read.
    """
    lines = text.splitlines()
    for place, line in enumerate(lines):
        if found := _read(line):
            yield found
            continue
        if place + 1 < len(lines):
            torn = lines[place + 1].startswith(line)
        else:
            torn = not text.endswith("\n")
        if not torn:
            raise BadEntryError(Fault.FILE_DAMAGED, detail=f"{path}, line {place + 1}")
