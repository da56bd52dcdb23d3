"""How fast we read frames, next to what people write first, in the same run.

All three readers take one byte string of frames, check length and checksum and give the same
nested dictionaries.  The frame is the usual one of a wastewater outfall: 2011, eight factors.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from hj212.body import Data
from hj212.crc import POLYNOMIAL, START, crc_reference, crc_text
from hj212.frame import Frame
from hj212.stream import Stream

FACTORS = ("w00000", "w01001", "w01010", "w01018", "w20111", "w21001", "w21003", "w21011")
BATCH = 500  # frames of different values in one pass
READ = 1460  # bytes at a time, as TCP segments come
ROUNDS = 9  # the best counts: other programs only ever make it slower

Reader = Callable[[bytes], list[Data]]


def sample(count: int = BATCH) -> bytes:
    """Frames of one device, one a second."""
    return b"".join(_frame(second) for second in range(count))


def _frame(second: int) -> bytes:
    stamp = f"202408{1 + second // 86400:02d}{second // 3600 % 24:02d}{second // 60 % 60:02d}"
    stamp += f"{second % 60:02d}"
    rows = ";".join(
        f"{code}-Rtd={(second * 7 + place * 131) % 9000 / 100:.2f},{code}-Flag=N"
        for place, code in enumerate(FACTORS)
    )
    segment = (
        f"QN={stamp}000;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;"
        f"CP=&&DataTime={stamp};{rows}&&"
    ).encode()
    return b"##%04d%b%b\r\n" % (len(segment), segment, crc_text(segment))


def _ours(wire: bytes) -> list[Data]:
    stream = Stream()
    found: list[Data] = []
    for start in range(0, len(wire), READ):
        for result in stream.feed(wire[start : start + READ]):
            if isinstance(result, Frame):
                found.append(result.data)  # noqa: PERF401 - as a caller would write it
    return found


def _columns(wire: bytes) -> list[Data]:
    stream = Stream()
    for start in range(0, len(wire), READ):
        for result in stream.feed(wire[start : start + READ]):
            if isinstance(result, Frame):
                result.columns()
    return []


def _header(wire: bytes) -> list[Data]:
    stream = Stream()
    for start in range(0, len(wire), READ):
        for result in stream.feed(wire[start : start + READ]):
            if isinstance(result, Frame):
                assert result.mn  # noqa: S101 - read it, as a gateway does
    return []


def _table() -> list[int]:
    table = []
    for byte in range(256):
        register = byte
        for _ in range(8):
            register = register >> 1 ^ POLYNOMIAL if register & 1 else register >> 1
        table.append(register)
    return table


_TABLE = _table()


def _table_crc(segment: bytes) -> int:
    register = START
    for byte in segment:
        register = _TABLE[(register >> 8) ^ byte]
    return register


def _naive(checksum: Callable[[bytes], int]) -> Reader:
    """A plain reader: split, partition, one dictionary entry at a time."""

    def read(wire: bytes) -> list[Data]:
        found: list[Data] = []
        position = 0
        while position < len(wire):
            end = position + 6 + int(wire[position + 2 : position + 6])
            segment = wire[position + 6 : end]
            if checksum(segment) == int(wire[end : end + 4], 16):
                found.append(_naive_data(segment.decode()))
            position = end + 6
        return found

    return read


def _naive_data(segment: str) -> Data:
    _, _, body = segment.partition("CP=&&")
    data: Data = {}
    for item in body.removesuffix("&&").replace(",", ";").split(";"):
        key, _, value = item.partition("=")
        factor, dash, attribute = key.partition("-")
        if dash:
            data.setdefault(factor, {})[attribute] = value
    return data


READERS: dict[str, Reader] = {
    "hj212": _ours,
    "hj212_columns": _columns,
    "hj212_header": _header,
    "naive_table_crc": _naive(_table_crc),
    "naive_bitwise_crc": _naive(crc_reference),
}


def frames_per_second(seconds: float = 1.0) -> dict[str, float]:
    """Frames a second of one thread, by reader, in `seconds` each: the best of nine rounds.

    Seconds are the thread's CPU seconds, so that other programs' work is not counted as ours.
    """
    wire = sample()
    wanted = _naive(_table_crc)(wire)
    if _ours(wire) != wanted:
        raise AssertionError("the readers disagree: the figures would mean nothing")
    best = dict.fromkeys(READERS, 0.0)
    for _ in range(ROUNDS):  # in turns, so that a busy moment does not hit one reader only
        for name, read in READERS.items():
            best[name] = max(best[name], _rate(read, wire, seconds / ROUNDS))
    return best


def _rate(read: Reader, wire: bytes, seconds: float) -> float:
    start = time.thread_time()
    count = 0
    while (spent := time.thread_time() - start) < seconds or not count:
        read(wire)
        count += BATCH
    return count / spent
