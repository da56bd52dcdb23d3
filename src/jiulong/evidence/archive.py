"""The zip file of a bundle: what may be in it, and a digest over all of it as its comment.

The seals prove the contents; the digest finds what else was damaged on the way, down to the bits
of a zip header that nobody reads. It is no proof: anybody can write it anew.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Final

from jiulong.evidence.checks import BadEntryError, Fault

README: Final = "README.txt"
SEAL_DIRECTORY: Final = re.compile(r"seals/(\d{8})/")
KEY_FILE: Final = re.compile(r"public-keys/([0-9a-f]{16})\.pub")
#: Hex digits of the digest in the zip comment.
COMMENT: Final = 64
#: One seal's statement, signature or proof is a few kilobytes.
SMALL_FILE_MAX: Final = 1_000_000
#: The same contents give the same file.
TIMELESS: Final = (1980, 1, 1, 0, 0, 0)

#: What zipfile and zlib raise over a damaged file; NotImplementedError: an unknown method,
#: RuntimeError: a bit that says "encrypted", UnicodeDecodeError (a ValueError): a bent name.
DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    NotImplementedError,
    RuntimeError,
)


def open_member(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """A member to be written."""
    member = zipfile.ZipInfo(name, TIMELESS)
    member.compress_type = zipfile.ZIP_DEFLATED
    return archive.open(member, "w", force_zip64=True)


def write_member(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    with open_member(archive, name) as member:
        member.write(content)


@contextmanager
def writing(path: Path) -> Iterator[zipfile.ZipFile]:
    """A new archive at `path`, in place only once it is whole."""
    draft = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            yield archive
            archive.comment = b"0" * COMMENT
        with draft.open("r+b") as file:
            comment = _digest(file).encode()
            file.seek(-COMMENT, 2)
            file.write(comment)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def check_comment(path: Path) -> None:
    """Check the digest over the whole file.

    Raises:
        BadEntryError: the file is not as it was written.
    """
    with path.open("rb") as file:
        found = _digest(file).encode()
        file.seek(-COMMENT, 2)
        if file.read() != found:
            raise BadEntryError(Fault.FILE_DAMAGED, detail=path.name)


def _digest(file: IO[bytes]) -> str:
    """SHA-256 of the file up to its comment."""
    size = file.seek(0, 2) - COMMENT
    file.seek(0)
    hasher = sha256()
    while size > 0 and (chunk := file.read(min(size, 1 << 20))):
        hasher.update(chunk)
        size -= len(chunk)
    return hasher.hexdigest()


def read_member(archive: zipfile.ZipFile, name: str, *, most: int = SMALL_FILE_MAX) -> bytes:
    """A member of at most so many bytes as a whole.

    Raises:
        BadEntryError: missing or damaged, by its name.
    """
    with reading(archive, name) as member:
        content = member.read(most + 1)
        if len(content) > most:
            raise ValueError("too long")
        return content


@contextmanager
def reading(archive: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    """A member to be read; whatever is wrong with it is told by its name.

    Raises:
        BadEntryError: missing or damaged.
    """
    try:
        with archive.open(name) as member:
            yield member
    except DAMAGE as error:
        found = SEAL_DIRECTORY.match(name)
        raise BadEntryError(
            Fault.FILE_DAMAGED, seal=int(found[1]) if found else None, detail=f"{name}: {error}"
        ) from error


def exhaust(member: IO[bytes]) -> None:
    """Read to the end, where zipfile compares the checksum."""
    if member.read(1):
        raise ValueError("too long")
