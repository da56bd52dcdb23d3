"""`jiulong bench decode`: frames a second from bytes to nested data with CRC, one thread."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from hj212 import Stream
from hj212.crc import crc_reference, crc_text

FRAMES: Final = 20_000
ROUNDS: Final = 5
#: Bit by bit is fifteen times slower, so it gets fewer frames.
BITWISE_FRAMES: Final = 1_000
#: What one read of a busy socket brings.
CHUNK: Final = 65_536

FACTORS: Final = (
    ("w01001", "7.12"), ("w01018", "23.45"), ("w21003", "1.234"), ("w21001", "8.765"),
    ("w21011", "0.123"), ("w00000", "123.456"), ("w01010", "23.45"), ("w01014", "1234.56"),
)  # fmt: skip
Nested = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Decode:
    """Frames of 373 bytes, 8 factors; the field names are a public format."""

    frames_per_s: int


@dataclass(frozen=True, slots=True)
class Anchors:
    """The same frames through what every tutorial shows, in the same run."""

    naive_table_frames_per_s: int
    naive_bitwise_frames_per_s: int


def frames(count: int) -> list[bytes]:
    """Real-time frames of one logger, a second apart, with values that move."""
    start = datetime(2024, 6, 1, tzinfo=UTC)
    made = []
    for n in range(count):
        at = f"{start + timedelta(seconds=n):%Y%m%d%H%M%S}"
        values = ";".join(f"{code}-Rtd={text[:-1]}{n % 10},{code}-Flag=N" for code, text in FACTORS)
        segment = (
            f"QN={at}{n % 1000:03};ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;"
            f"CP=&&DataTime={at};{values}&&"
        ).encode()
        made.append(b"##%04d%b%b\r\n" % (len(segment), segment, crc_text(segment)))
    return made


def _step(register: int) -> int:
    for _ in range(8):
        register = (register >> 1) ^ 0xA001 if register & 1 else register >> 1
    return register


_LAST: Final = tuple(map(_step, range(256)))
_HIGH: Final = tuple(register >> 8 for register in _LAST)


def _crc_by_table(segment: bytes) -> int:
    state, high = 0xFF, _HIGH
    for byte in segment[:-1]:
        state = high[state ^ byte]
    return _LAST[state ^ segment[-1]]


def naive(wire: bytes, crc: Callable[[bytes], int] = _crc_by_table) -> Nested:
    """One frame the obvious way: split on `;`, `,` and `=`. ValueError if the CRC is wrong."""
    segment = wire[6 : 6 + int(wire[2:6])]
    if crc(segment) != int(wire[6 + len(segment) : 10 + len(segment)], 16):
        raise ValueError("wrong checksum")
    _, _, body = segment.decode().partition("CP=&&")
    data: Nested = {}
    for group in body.removesuffix("&&").split(";"):
        for item in group.split(","):
            key, _, value = item.partition("=")
            factor, _, attribute = key.partition("-")
            data.setdefault(factor, {})[attribute] = value
    return data


def _through_stream(chunks: list[bytes]) -> int:
    stream, read = Stream(), 0
    for chunk in chunks:
        for frame in stream.feed(chunk):
            if frame.data:  # type: ignore[union-attr]  # the bytes are our own: no damage
                read += 1
    return read


def _rate(work: Callable[[], int], rounds: int = ROUNDS) -> int:
    """Median of frames/s over several rounds."""
    rates = []
    for _ in range(rounds):
        begun = time.perf_counter()
        done = work()
        rates.append(done / (time.perf_counter() - begun))
    return round(statistics.median(rates))


def measure(count: int = FRAMES) -> Decode:
    """Our codec: framing, CRC, header and nested data of every frame of a stream."""
    wire = b"".join(frames(count))
    chunks = [wire[at : at + CHUNK] for at in range(0, len(wire), CHUNK)]
    return Decode(frames_per_s=_rate(lambda: _through_stream(chunks)))


def anchors(count: int = FRAMES) -> Anchors:
    """The naive readers on the same frames."""
    made = frames(count)
    few = made[:BITWISE_FRAMES]
    return Anchors(
        naive_table_frames_per_s=_rate(lambda: sum(1 for wire in made if naive(wire))),
        naive_bitwise_frames_per_s=_rate(
            lambda: sum(1 for wire in few if naive(wire, crc_reference)), rounds=1
        ),
    )
