"""`seals.log` beside the key: what was sealed, remembered outside the database.

Whoever rules the database can cut the chain back and wait for the keeper to seal anew. This file
remembers; ship it elsewhere (syslog, a mirror, paper), and nobody on this machine can rewrite it.
A line is number, digest in hex, and the time up to which it covers.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Final

from jiulong.evidence.checks import BadEntryError, Fault
from jiulong.evidence.models import Seal
from jiulong.evidence.statements import stamp

FILE: Final = "seals.log"

logger = logging.getLogger(__name__)


def remember(directory: Path, seal: Seal) -> None:
    """Add a seal. A file that cannot be written is told, and does not hold up sealing."""
    line = f"{seal.number} {bytes(seal.digest).hex()} {stamp(seal.period_end)}\n"
    try:
        file = os.open(directory / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(file, line.encode())
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        logger.warning("seal %s was not remembered: %s", seal.number, error)


def check(directory: Path) -> None:
    """Check that every seal that is remembered is still there.

    Raises:
        BadEntryError: a seal was taken away or replaced.
        OSError: the file is there and cannot be read.
    """
    path = directory / FILE
    if not path.exists():
        return
    digests = dict(Seal.objects.values_list("number", "digest"))
    with path.open(encoding="ascii", errors="replace") as lines:
        for place, line in enumerate(lines, 1):
            number, digest, *_rest = [*line.split(), "", ""]
            if not number.isdecimal():
                raise BadEntryError(Fault.FILE_DAMAGED, detail=f"{path}, line {place}")
            found = digests.get(int(number))
            if found is None or bytes(found).hex() != digest:
                fault = Fault.SEAL_MISSING if found is None else Fault.SEAL_REPLACED
                raise BadEntryError(fault, seal=int(number), detail=str(path))
