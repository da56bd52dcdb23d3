"""The header of a data segment: everything before `CP=&&`.

A device sends the same header for months, only QN changes.  `Head` is that unchanging part,
remembered by its exact bytes, so that the usual frame needs one dictionary look-up and no parsing.
It also remembers the last shape of the device's body (see `shape`) and its ready-made answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from hj212.text import text_of

if TYPE_CHECKING:
    from hj212.shape import Shape

HEADS_MAX = 50_000  # 10,000 stations x 5 commands; 0.65 KB each with answer, at most 1 KB
HEADER_KEY_MAX = 200  # longer headers are not from a real device; do not remember them

_CP = re.compile(rb"(?:^|[;,\s])CP\s*=\s*&&", re.IGNORECASE)
_FIELD = re.compile(rb"[;,]")
# Between two fields a separator is a must: where it may be missing, the same bytes can be cut into
# fields in two to the n ways, and `re` tries them all.
_AFTER = re.compile(
    rb"[;,]?\s*[A-Za-z]{2,8}\s*=[^;,&=]*(?:[;,]\s*[A-Za-z]{2,8}\s*=[^;,&=]*)*(?:[;,]\s*)?"
)
_ORDER = ("QN", "ST", "CN", "PW", "MN", "Flag", "PNUM", "PNO", "RF")
_ORDER_2005 = ("QN", "PNUM", "PNO", "ST", "CN", "PW", "MN", "Flag", "RF")


V = TypeVar("V")


def evict_oldest(cache: dict[Any, V]) -> V | None:
    """Make room.  Another thread may do the same at the same moment; then there is room."""
    with suppress(RuntimeError, StopIteration):
        return cache.pop(next(iter(cache)), None)
    return None


def _no_shape() -> None:
    return None


class Head:
    """The header fields of a frame except QN; shared between frames, never changed."""

    __slots__ = (
        "answer", "cn", "flag", "mn", "pno", "pnum", "pw", "repaired", "rf", "shape", "st",
    )  # fmt: skip

    def __init__(self, fields: dict[str, str], repaired: bool) -> None:
        self.st = fields.get("ST", "")
        self.cn = fields.get("CN", "")
        self.pw = fields.get("PW", "")
        self.mn = fields.get("MN", "")
        self.flag = _integer(fields.get("FLAG", ""))
        self.pnum = _integer(fields.get("PNUM", ""))
        self.pno = _integer(fields.get("PNO", ""))
        self.rf = fields.get("RF", "") not in ("", "0")
        self.repaired = repaired
        # A weak reference: `shape` alone says how many shapes live, however many devices have one.
        self.shape: Callable[[], Shape | None] = _no_shape
        self.answer: tuple[object, bytes, bytes] | None = None


_HEADS: dict[bytes, Head] = {}


def read_header(segment: bytes) -> tuple[str, Head, int, int]:
    """(QN, head, start and end of the CP body in the segment)."""
    start = segment.find(b"CP=&&")
    if start > 0:
        if segment[20:21] == b";" and segment[:3] == b"QN=" and segment[3:20].isdigit():
            head = _HEADS.get(segment[21:start])
            qn = segment[3:20].decode() if head else ""
        else:
            head = _HEADS.get(segment[:start])
            qn = ""
        if head and segment[-2:] == b"&&":
            end = len(segment) - 2
            if end >= start + 5 and segment[end - 1] != 38:  # 38 is `&`: marks written twice
                return qn, head, start + 5, end
            if end == start + 5:
                return qn, head, end, end
    return _read_slowly(segment)


def _read_slowly(segment: bytes) -> tuple[str, Head, int, int]:
    match = _CP.search(segment)
    if match is None:
        fields, clean = _fields(segment)
        return fields.get("QN", ""), Head(fields, True), len(segment), len(segment)
    start = match.end()
    head_end = match.start() + (0 if match.start() == 0 and segment[:1] in b"Cc" else 1)
    end, after = _body_end(segment, start)
    fields, clean = _fields(segment[:head_end] + after)
    closed = not after and segment[-2:] == b"&&" and end == len(segment) - 2
    clean = clean and closed and segment[start - 5 : start] == b"CP=&&"
    head = Head(fields, not clean)
    if clean:
        _remember(segment[: start - 5], head, fields.get("QN", ""))
    return fields.get("QN", ""), head, start, end


def _body_end(segment: bytes, start: int) -> tuple[int, bytes]:
    """Where the body ends, and header fields some loggers write after it (xiaoyao issue 24)."""
    if segment.endswith(b"&&") and len(segment) - 2 >= start:
        end = len(segment) - 2
        while end - 2 >= start and segment[end - 2 : end] == b"&&":
            end -= 2
        return end, b""
    last = segment.rfind(b"&&", start)
    if last >= 0 and _AFTER.fullmatch(segment, last + 2):
        return last, segment[last + 2 :]
    return max(start, len(segment.rstrip(b"&"))), b""  # half a mark is no value


def _fields(header: bytes) -> tuple[dict[str, str], bool]:
    """Header fields by upper-case name, and whether they stand as the standard writes them."""
    fields: dict[str, str] = {}
    seen: list[str] = []
    for piece in _FIELD.split(header):
        key, _, value = piece.partition(b"=")
        name = text_of(key.strip())
        if name and name.upper() not in fields:
            fields[name.upper()] = text_of(value.strip())
            seen.append(name)
    rebuilt = "".join(f"{name}={fields[name.upper()]};" for name in seen)
    ordered = seen in ([name for name in order if name in seen] for order in (_ORDER, _ORDER_2005))
    return fields, ordered and rebuilt.encode() == header


def _remember(key: bytes, head: Head, qn: str) -> None:
    if qn:
        if not (key[20:21] == b";" and key[:3] == b"QN=" and key[3:20].isdigit()):
            return
        key = key[21:]
    if len(key) > HEADER_KEY_MAX:
        return
    if len(_HEADS) >= HEADS_MAX:
        evict_oldest(_HEADS)
    _HEADS[key] = head


def _integer(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
