"""What a file is, by its content. What is not on the list is refused; a name proves nothing.

Sources: the signatures of PNG (ISO/IEC 15948 §5.2), JPEG (ITU-T T.81 §B.1), WebP (RFC 9649 §2.4),
ISO base media (ISO/IEC 14496-12 §4.3), PDF (ISO 32000-2 §7.5.2), OOXML (ISO/IEC 29500-2).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Final

import puremagic

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
WEBP: Final = "image/webp"
HEIC: Final = "image/heic"
PDF: Final = "application/pdf"
MP4: Final = "video/mp4"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT: Final = "text/plain"

#: Those that Pillow reads, and a preview is made of.
PICTURES: Final = frozenset({JPEG, PNG, WEBP})
#: What a browser may show in place; all else is only ever downloaded. A browser's own reader of PDF
#: does not run in the sandbox that files are shown in.
SHOWN: Final = PICTURES | {MP4, TEXT}
#: Ending of a download by type.
ENDINGS: Final = {
    JPEG: ".jpg", PNG: ".png", WEBP: ".webp", HEIC: ".heic", PDF: ".pdf", MP4: ".mp4",
    DOCX: ".docx", XLSX: ".xlsx", TEXT: ".txt",
}  # fmt: skip

_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})
_MP4_BRANDS: Final = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV"}
    | {b"3gp4", b"3gp5", b"3gp6", b"dash", b"qt  "}
)
#: Macros, programs and embedded objects have no place in evidence.
_OFFICE_FORBIDDEN: Final = re.compile(r"(?i)vbaproject|\.bin$|activex|\.exe$|\.dll$|\.js$")
#: A browser or a shell would make more of a text that begins so.
_MARKUP: Final = re.compile(r"(?i)^\s*(<[!?a-z]|#!|%!PS|MZ)")
#: No control characters but tab, line feed, form feed and carriage return.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_ZIP_MEMBERS_MAX: Final = 10_000


class UnknownTypeError(ValueError):
    """Not one of the types that are kept; the text names what it seems to be, or nothing."""


def media_type(content: bytes) -> str:
    """The media type of one of the kept kinds.

    Raises:
        UnknownTypeError: another kind; its text says which, as far as puremagic knows.
    """
    for known, is_one in _TESTS:
        if is_one(content):
            return known
    raise UnknownTypeError(_guess(content))


def _guess(content: bytes) -> str:
    """What puremagic takes it for, e.g. `.exe`; "" if it does not know either."""
    try:
        return str(puremagic.from_string(content[:65536]))
    except (puremagic.PureError, ValueError):
        return ""


def _brands(content: bytes) -> set[bytes]:
    """Major and compatible brands of an ISO base media file."""
    length = int.from_bytes(content[:4], "big")
    if content[4:8] != b"ftyp" or not 16 <= length <= 256:
        return set()
    return {content[8:12]} | {content[at : at + 4] for at in range(16, length, 4)}


def _is_heic(content: bytes) -> bool:
    return content[8:12] in _HEIC_BRANDS and bool(_brands(content))


def _is_mp4(content: bytes) -> bool:
    return content[8:12] in _MP4_BRANDS and bool(_brands(content))


def _is_office(content: bytes, part: str) -> bool:
    """A package whose main part is `part`, without macros."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    whole = "[Content_Types].xml" in names and part in names and len(names) < _ZIP_MEMBERS_MAX
    return whole and not any(
        _OFFICE_FORBIDDEN.search(name) and "printerSettings" not in name for name in names
    )


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not (_CONTROL.search(text) or _MARKUP.match(text))
    return False


_TESTS: Final[tuple[tuple[str, Callable[[bytes], bool]], ...]] = (
    (JPEG, lambda content: content.startswith(b"\xff\xd8\xff")),
    (PNG, lambda content: content.startswith(b"\x89PNG\r\n\x1a\n")),
    (WEBP, lambda content: content[:4] == b"RIFF" and content[8:12] == b"WEBP"),
    (HEIC, _is_heic),
    (MP4, _is_mp4),
    (PDF, lambda content: content.startswith(b"%PDF-")),
    (DOCX, lambda content: _is_office(content, "word/document.xml")),
    (XLSX, lambda content: _is_office(content, "xl/workbook.xml")),
    (TEXT, _is_text),
)
