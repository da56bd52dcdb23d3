"""Bytes in, frames out: framing by length, resynchronising, losing nothing.

Every decision depends only on bytes up to a fixed distance ahead, never on where one `feed` ended
and the next began.  So any way of cutting the same bytes gives the same results.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from hj212.cipher import (
    body_of,
    decrypt_body,
    is_plain,
    looks_plain,
    require_cipher,
    without_braces,
)
from hj212.crc import CRC_TEXT, CrcMode, crc, variant_of
from hj212.frame import Damage, Frame, Reason
from hj212.header import read_header

Keys = Callable[[str], Sequence[bytes]]

MAX_SEGMENT = 8192  # the standard allows 1024; 1,623 bytes have been seen in the wild
MAX_GARBAGE = 8192  # a run of garbage is reported in pieces of this size, to bound memory
MARKS_MAX = 8  # closing marks tried for one frame: each costs a checksum of all before it
TAIL_NOISE_MAX = 8  # bytes some loggers put between checksum and CRLF (`**`)
_ENVELOPE = 4  # checksum characters
_HEAD_SPAN = 24  # longest match of _HEAD, so that many bytes decide whether a head stands here

_HEAD = re.compile(rb"##(\d{2,5})(?=[ ;,]{0,4}[A-Za-z]{2,8} {0,4}=)")
_MARK = re.compile(rb"&&(?=[0-9A-Fa-f]{4})|##\d{2,5}(?=[ ;,]{0,4}[A-Za-z]{2,8} {0,4}=)")
_SHORT_CRC = re.compile(rb"[0-9A-Fa-f]{1,3}(?=[\r\n])")
_ANY_CRC = re.compile(rb"[0-9A-Za-z]{0,4}")
_SOME_CRC = re.compile(rb"[0-9A-Za-z]{4}|[0-9A-Za-z]{0,3}[\r\n]")
_CLOSING = re.compile(rb"&&[0-9A-Fa-f]{4}")
_HEX_CRC = re.compile(rb"[0-9A-Fa-f]{4}")
_NOISE = re.compile(rb"[^#\r\n]{1,%d}\r\n" % TAIL_NOISE_MAX)
_LITERAL_TAIL = rb"\r\n"  # four characters: some devices send the escape itself

Result = Frame | Damage


class Stream:
    """Sans-IO receiver of one connection.

    `feed` what arrives, `flush` when the line has been silent for a moment, `close` at its end.
    Together their results account for every byte exactly once, in order.
    """

    def __init__(
        self,
        crc: CrcMode = "auto",
        keys: Keys | None = None,
        max_segment: int = MAX_SEGMENT,
    ) -> None:
        self._mode: CrcMode = crc
        self._keys = keys
        if keys is not None:
            require_cipher()
        self._max = max_segment
        self._parts: list[bytes] = []
        self._size = 0
        self._need = 0  # do not look again before so many bytes are there
        self._searched = 0  # how far a search for the end of a frame with wrong length has come
        self._marks = 0  # and how many marks it has tried
        self._offset = 0  # of the first buffered byte in the stream

    @property
    def buffered(self) -> int:
        """Bytes not yet accounted for."""
        return self._size

    def feed(self, data: bytes) -> list[Result]:
        """Take bytes from the line; return what they completed."""
        if type(data) is not bytes:  # a bytearray would change under us
            data = bytes(data)
        if self._parts:
            self._parts.append(data)
            self._size += len(data)
            if self._size < self._need:
                return []
            data = b"".join(self._parts)
            self._parts.clear()
        try:
            results, position = self._read(data)
        except BaseException:
            self._searched = self._marks = 0
            self._keep(data, 0)  # `keys` is not ours and may raise: no byte is lost even then
            raise
        self._keep(data, position)
        return results

    def flush(self) -> list[Result]:
        """The line is silent: settle all but a frame that may still be on its way.

        Gives a frame whose CRLF never came, and frames stuck behind one that broke off.
        """
        return self._finish(keep_partial=True)

    def close(self) -> list[Result]:
        """The line is closed: settle everything."""
        return self._finish(keep_partial=False)

    def _keep(self, data: bytes, position: int) -> None:
        self._offset += position
        self._size = len(data) - position
        self._parts = [data[position:]] if self._size else []

    def _read(self, data: bytes) -> tuple[list[Result], int]:
        results: list[Result] = []
        position, size, base = 0, len(data), self._offset
        self._need = 0
        limit, keyed = self._max, self._keys is not None
        while position < size:
            digits = data[position + 2 : position + 6]
            if data[position : position + 2] == b"##" and len(digits) == 4 and digits.isdigit():
                # The usual frame, complete and right, takes this short way.
                end = position + 6 + int(digits)
                segment = data[position + 6 : end]
                if (
                    data[end + 4 : end + 6] == b"\r\n"
                    and segment[:3] in _STARTS
                    and len(segment) <= limit
                ):
                    text = data[end : end + 4]
                    if CRC_TEXT[crc(segment)] == text and not (keyed and not is_plain(segment)):
                        raw = data[position : end + 6]
                        results.append(Frame(raw, base + position, segment, text.decode()))
                        position = end + 6
                        continue
            result = self._step(data, position, final=False)
            if result is None:
                break
            results.append(result)
            position += len(result.raw)
        return results, position

    def _finish(self, *, keep_partial: bool) -> list[Result]:
        data = b"".join(self._parts)
        self._need = 0
        results: list[Result] = []
        position = 0
        while position < len(data):
            try:
                result = self._step(data, position, final=True)
            except BaseException:
                self._searched = self._marks = 0
                raise
            if result is None:  # pragma: no cover - the final step always decides
                raise AssertionError("undecided at the end")
            end = position + len(result.raw)
            partial = isinstance(result, Damage) and result.reason is not Reason.BAD_CRC
            if keep_partial and partial and end == len(data):
                break
            results.append(result)
            position = end
        self._keep(data, position)
        return results

    def _step(  # noqa: PLR0911 - one return for each thing that can stand here
        self, data: bytes, start: int, *, final: bool
    ) -> Result | None:
        """The one result that begins at `start`, or None: more bytes are needed."""
        match = _HEAD.search(data, start, start + MAX_GARBAGE + _HEAD_SPAN)
        if match is None:
            return self._no_head(data, start, final=final)
        head = match.start()
        if head - start > MAX_GARBAGE:
            return self._damage(Reason.GARBAGE, data, start, start + MAX_GARBAGE)
        if head > start and not data[start:head].isspace():
            return self._damage(Reason.GARBAGE, data, start, head)
        begin = match.end()
        end = begin + int(match.group(1))
        mended = () if len(match.group(1)) == 4 else ("length",)
        if end - begin <= self._max and not self._searched:  # else it proved wrong before
            if not final and len(data) < end + _ENVELOPE:
                self._need = end + _ENVELOPE - start
                return None
            result = self._by_length(data, start, begin, end, mended, final=final)
            if not isinstance(result, str):
                return result
            if result == "wait":
                return None
        return self._by_mark(data, start, begin, final=final)

    def _no_head(self, data: bytes, start: int, *, final: bool) -> Result | None:
        have = len(data) - start
        if not final and have < MAX_GARBAGE + _HEAD_SPAN:
            return None
        return self._damage(Reason.GARBAGE, data, start, min(start + MAX_GARBAGE, len(data)))

    def _damage(self, reason: Reason, data: bytes, start: int, end: int) -> Damage:
        raw = data[start:end]
        self._searched = self._marks = 0
        if reason is Reason.GARBAGE and raw.isspace():
            reason = Reason.BLANK
        return Damage(reason, self._offset + start, raw)

    def _by_length(
        self, data: bytes, start: int, begin: int, end: int, mended: tuple[str, ...], *, final: bool
    ) -> Result | str | None:
        """Trust the declared length; 'wrong' if nothing else speaks for it, 'wait' for more."""
        segment, text = data[begin:end], data[end : end + _ENVELOPE]
        found = self._check(segment, text)
        if found is None and (short := _SHORT_CRC.match(text)) and self._mode != "strict":
            found = self._check(segment, short.group().rjust(_ENVELOPE, b"0"))
            if found is not None:
                text, mended = short.group(), (*mended, "crc")
        if found is None:
            return self._bad_crc(data, start, begin, end, mended, final=final)
        tail = _tail(data, end + len(text), final=final)
        if tail is None:
            return None
        if data[end + len(text) : tail] != b"\r\n":
            mended = (*mended, "tail")
        return self._frame(data, start, tail, found, text, mended)

    def _bad_crc(  # noqa: PLR0911
        self, data: bytes, start: int, begin: int, end: int, mended: tuple[str, ...], *, final: bool
    ) -> Result | str:
        """The checksum is wrong: is the length right at least?"""
        if not _SOME_CRC.match(data, end):
            return "wrong"
        segment = data[begin:end]
        body = body_of(segment)
        match = _HEX_CRC.match(data, end)
        after = data[end + _ENVELOPE : end + _ENVELOPE + 2]
        if body is None and match:
            if not final and after in (b"", b"\r"):
                return "wait"
            if after != b"\r\n":
                return "wrong"
        elif body is None:
            return "wrong"
        any_crc = _ANY_CRC.match(data, end)
        text = any_crc.group() if any_crc else b""
        tail = _tail(data, end + len(text), final=final)
        if tail is None:
            return "wait"
        if data[end + len(text) : tail] != b"\r\n":
            mended = (*mended, "tail")
        frame = self._frame(data, start, tail, (segment, "bad", ""), text, mended)
        if self._mode == "ignore":
            return frame
        return Damage(Reason.BAD_CRC, frame.offset, frame.raw, frame)

    def _by_mark(  # noqa: PLR0911
        self, data: bytes, start: int, begin: int, *, final: bool
    ) -> Result | None:
        """The declared length is wrong: look for `&&` and a checksum that fits, or a next head."""
        limit = begin + self._max + 2
        position = max(begin, start + self._searched)
        horizon = limit + _HEAD_SPAN
        while (mark := _MARK.search(data, position, horizon)) and mark.start() <= limit:
            at = mark.start()
            if data[at : at + 1] == b"#":
                closed = _CLOSING.search(data, begin, at)
                reason = Reason.BAD_LENGTH if closed else Reason.TRUNCATED
                return self._damage(reason, data, start, at)
            position = at + 1
            self._marks += 1
            if self._marks > MARKS_MAX:
                continue
            segment, text = data[begin : at + 2], data[at + 2 : at + 6]
            found = self._check(segment, text)
            if found is None and self._mode == "ignore":
                after = data[at + 6 : at + 7]
                if not after and not final:
                    self._again_from(at - start)
                    return None
                found = (segment, "bad", "") if after in (b"", b"\r", b"\n", b"#") else None
            if found is not None:
                tail = _tail(data, at + 6, final=final)
                if tail is None:
                    self._again_from(at - start)
                    return None
                return self._frame(data, start, tail, found, text, ("length",))
        if not final and len(data) < horizon:
            self._searched = position - start
            return None
        if len(data) >= horizon:
            return self._damage(Reason.TOO_LONG, data, start, limit)
        return self._damage(Reason.TRUNCATED, data, start, len(data))

    def _again_from(self, place: int) -> None:
        """The mark there needs more bytes; it is not counted twice."""
        self._searched = place
        self._marks -= 1

    def _frame(  # noqa: PLR0917
        self,
        data: bytes,
        start: int,
        end: int,
        found: tuple[bytes, str, str],
        text: bytes,
        mended: tuple[str, ...],
    ) -> Frame:
        self._searched = self._marks = 0
        segment, variant, enciphered = found
        raw, offset = data[start:end], self._offset + start
        return Frame(raw, offset, segment, text.decode("ascii"), variant, mended, enciphered)

    def _check(self, segment: bytes, text: bytes) -> tuple[bytes, str, str] | None:
        """(plaintext segment, checksum variant, cipher form), or None if no checksum fits."""
        variant = variant_of(segment, text, self._mode)
        body = body_of(segment)
        if self._keys is not None and body and not is_plain(segment):
            found = self._deciphered(segment, text, body, self._keys)
            if found is not None:
                return found
        return None if variant == "bad" else (segment, variant, "")

    def _deciphered(
        self, segment: bytes, text: bytes, place: tuple[int, int], keys: Keys
    ) -> tuple[bytes, str, str] | None:
        known = keys(read_header(segment)[1].mn)
        if not known:  # a stranger's bytes are not worth looking into
            return None
        body = segment[place[0] : place[1]]
        unbraced = without_braces(body)
        for key in known:
            plain = decrypt_body(body if unbraced is None else unbraced, key)
            if not looks_plain(plain):
                continue
            whole = segment[: place[0]] + plain + b"&&"
            variant = variant_of(whole, text, self._mode)
            if variant != "bad":
                return whole, variant, "raw" if unbraced is None else "braces"
        return None


_STARTS = frozenset({b"QN=", b"ST="})


def _tail(  # noqa: PLR0911 - one return for each kind of tail
    data: bytes, at: int, *, final: bool
) -> int | None:
    """Where the frame whose checksum ends at `at` ends; None: the next bytes will tell."""
    rest = data[at : at + TAIL_NOISE_MAX + 2]
    if rest[:2] == b"\r\n":
        return at + 2
    first = rest[:1]
    if first == b"#":
        return at
    if first == b"\n" or (first == b"\r" and (final or len(rest) > 1)):
        return at + 1
    if first == b"\r" or not first:
        return at if final else None
    if rest.startswith(_LITERAL_TAIL):
        return at + len(_LITERAL_TAIL)
    noise = _NOISE.match(rest)
    if noise:
        return at + noise.end()
    complete = final or b"#" in rest or b"\n" in rest or len(rest) == TAIL_NOISE_MAX + 2
    return at if complete else None


def parse(
    wire: bytes,
    crc: CrcMode = "auto",
    keys: Keys | None = None,
    max_segment: int = MAX_SEGMENT,
) -> Result:
    """Exactly one stored raw frame (or piece of damage), as `Stream` would give it."""
    if wire[:2] == b"##" and len(wire) > 12 and wire[2:6].isdigit():
        segment, text = wire[6:-6], wire[-6:-2]
        if (
            len(segment) == int(wire[2:6]) <= max_segment
            and wire[-2:] == b"\r\n"
            and segment[:3] in _STARTS
            and CRC_TEXT[_crc(segment)] == text
            and (keys is None or is_plain(segment))
        ):
            return Frame(wire, 0, segment, text.decode())
    stream = Stream(crc, keys, max_segment)
    results = stream.feed(wire) + stream.close()
    if len(results) == 1:
        return results[0]
    return Damage(Reason.UNPARSEABLE, 0, wire)


_crc = crc
