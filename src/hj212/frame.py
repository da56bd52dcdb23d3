"""What a stream of bytes turns into: frames, and damage."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from hj212.body import Data, Params, read_body
from hj212.header import read_header
from hj212.shape import Columns, Shape, columns_of, shape_of
from hj212.text import time_of

ACKNOWLEDGEMENTS = frozenset({"9011", "9012", "9013", "9014", "9022"})
MN_LENGTH_2017_FROM = 20  # 2005: 14 characters; 2017: 24.  Decides only where Flag is missing.


class Reason(StrEnum):
    """Why bytes are not a frame."""

    GARBAGE = "garbage"  # no head in them
    BLANK = "blank"  # line ends and spaces only: a keep-alive, harmless
    BAD_CRC = "bad-crc"  # framed, but the checksum is wrong; see `Damage.frame`
    BAD_LENGTH = "bad-length"  # declared length wrong and not repairable
    TOO_LONG = "too-long"  # longer than `max_segment`
    TRUNCATED = "truncated"  # another head, or the end, came before the frame was complete
    UNPARSEABLE = "unparseable"  # `parse` was given no frame, or more than one


class Frame:
    """One frame.  Everything but framing is worked out when asked for, and only once."""

    __slots__ = (
        "_columns", "_data", "_end", "_groups", "_head", "_shape", "_start",
        "crc", "crc_variant", "encrypted", "offset", "qn", "raw", "repaired", "segment",
    )  # fmt: skip

    def __init__(  # noqa: PLR0917 - keyword arguments would cost the hot path 100 ns
        self,
        raw: bytes,
        offset: int,
        segment: bytes,
        crc: str,
        crc_variant: str = "hj",
        repaired: tuple[str, ...] = (),
        encrypted: str = "",
    ) -> None:
        self.raw = raw  # every wire byte this result accounts for
        self.offset = offset  # of the first of them in the stream
        self.segment = segment  # plaintext
        self.crc = crc  # as sent
        self.crc_variant = crc_variant  # hj, modbus, modbus-swapped, bad
        self.encrypted = encrypted  # '', raw or braces: how the CP was enciphered
        self.qn, head, self._start, self._end = read_header(segment)
        self._head = head
        self.repaired = (*repaired, "segment") if head.repaired else repaired
        self._data: tuple[Data, Params] | None = None
        self._shape: Shape | None = None
        self._groups: tuple[str, ...] = ()
        self._columns: Columns | None = None

    @property
    def st(self) -> str:
        return self._head.st

    @property
    def cn(self) -> str:
        return self._head.cn

    @property
    def pw(self) -> str:
        return self._head.pw

    @property
    def mn(self) -> str:
        return self._head.mn

    @property
    def flag(self) -> int | None:
        return self._head.flag

    @property
    def pnum(self) -> int | None:
        return self._head.pnum

    @property
    def pno(self) -> int | None:
        return self._head.pno

    @property
    def rf(self) -> bool:
        """2025: a re-sent or back-filled upload."""
        return self._head.rf

    @property
    def cp(self) -> bytes:
        """The body between the `&&` marks, plaintext."""
        return self.segment[self._start : self._end]

    @property
    def version(self) -> int:
        """2005, 2017 or 2025 by the Flag bits: an observation (ST=21 stations set 2025's too)."""
        head = self._head
        if head.flag is None:
            return 2017 if len(head.mn) >= MN_LENGTH_2017_FROM else 2005
        bits = head.flag >> 2
        return 2005 if bits == 0 else 2017 if bits == 1 else 2025

    @property
    def wants_ack(self) -> bool:
        """Flag bit 0; never for an acknowledgement, or two tolerant peers would never stop."""
        flag = self._head.flag
        return flag is not None and flag & 1 == 1 and self._head.cn not in ACKNOWLEDGEMENTS

    @property
    def dialogue_qn(self) -> str:
        """QN of the interaction: of the header, or where 2005 puts it, inside CP."""
        return self.qn or self.params.get("QN", "")

    def _fit(self) -> Shape | None:
        """The shape this body has, with its values in `_groups`; None: read it patiently."""
        if self._shape is not None:
            return self._shape
        head = self._head
        try:
            body = self.segment[self._start : self._end].decode("ascii")
        except UnicodeDecodeError:
            return None
        shape = head.shape()
        match = shape.match(body) if shape is not None else None
        if match is None:
            shape = shape_of(body, head)
            match = shape.match(body) if shape is not None else None
            if match is None:
                return None
        self._groups = match.groups()
        self._shape = shape
        return shape

    def _read(self) -> tuple[Data, Params]:
        if self._data is None:
            shape = self._fit()
            self._data = read_body(self.cp) if shape is None else shape.data(self._groups)
        return self._data

    @property
    def data(self) -> Data:
        """Factor → attribute → text as sent.  A repeated attribute is in channel `factor#2`."""
        return self._read()[0]

    @property
    def params(self) -> Params:
        """Key → text for the keys that belong to no factor (DataTime, QnRtn, PolId …)."""
        return self._read()[1]

    @property
    def time(self) -> datetime | None:
        """DataTime, aware (UTC+8); None if absent, empty or no time."""
        shape = self._fit()
        if shape is None:
            return time_of(self._read()[1].get("DataTime", ""))
        return time_of(self._groups[shape.datatime]) if shape.datatime >= 0 else None

    def columns(self) -> Columns:
        """The frame as parallel columns, for those who store many."""
        if self._columns is None:
            shape = self._fit()
            self._columns = (
                columns_of(self._read()[0]) if shape is None else shape.columns(self._groups)
            )
        return self._columns

    def __repr__(self) -> str:
        return f"<Frame {self.cn} mn={self.mn} qn={self.qn} at {self.offset}>"


class Damage:
    """Bytes that are no acceptable frame, with the reason.  Nothing is ever thrown away."""

    __slots__ = ("frame", "offset", "raw", "reason")

    def __init__(self, reason: Reason, offset: int, raw: bytes, frame: Frame | None = None) -> None:
        self.reason = reason
        self.offset = offset
        self.raw = raw
        self.frame = frame  # with a bad checksum: what it would have been, to tell whose

    def __repr__(self) -> str:
        return f"<Damage {self.reason} {len(self.raw)} bytes at {self.offset}>"
