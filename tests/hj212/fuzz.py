"""Mutational fuzzing of the receiver: `python tests/hj212/fuzz.py --seconds 30 [--seed 1]`.

Whatever comes in: no exception, every byte accounted for once, in order, the same results for
another cut of the same bytes, and no input that costs out of proportion.  Standard library only; a
failure prints its seed and its input.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from hj212 import PROFILES, Damage, Dialogue, Frame, Merger, Stream, answer, parse  # noqa: E402
from hj212.body import read_body  # noqa: E402
from hj212.crc import CRC_MODES, crc_text  # noqa: E402
from hj212.jsonl import from_line, to_object  # noqa: E402
from hj212.shape import columns_of  # noqa: E402
from hj212.stream import Result  # noqa: E402
from tests.hj212.cost import bounded  # noqa: E402

INPUT_S = 1.0  # CPU time; an input is some 2 KB and usually costs 5 ms
VECTORS = json.loads((Path(__file__).parent / "vectors" / "standard.json").read_text("utf-8"))
CORPUS = [bytes.fromhex(row["frame"]) for row in VECTORS["frames"]]
KEY = bytes.fromhex(VECTORS["sm4"]["key"])
TOKENS = [
    b"##", b"##0101", b"&&", b"CP=&&", b";", b",", b"=", b"//", b"\r\n", b"\n", b"#", b"QN=", b"-",
    b"Flag=7;PNUM=2;PNO=1;", b"NaN", b"\xff", b"\xe6\xb8", b"{0xE4,0x3E}", b"9999", b"w01018-Rtd=",
    b"{0x00", b"&&;ab", b"=cdefghij", b" ", b"//;",
]  # fmt: skip
try:
    import cryptography  # noqa: F401

    CIPHER = True
except ImportError:
    CIPHER = False


def mutated(dice: random.Random, frame: bytes) -> bytes:
    """A frame with a few random changes; half of the time with a right envelope again."""
    data = bytearray(frame)
    for _ in range(dice.choice((0, 1, 1, 2, 5))):
        place = dice.randrange(len(data) + 1)
        match dice.randrange(6):
            case 0:
                data[place : place + 1] = bytes([dice.randrange(256)])
            case 1:
                data[place:place] = dice.choice(TOKENS)
            case 2:
                del data[place : place + dice.randrange(1, 30)]
            case 3:
                other = dice.choice(CORPUS)
                cut = dice.randrange(len(other))
                data[place:place] = other[cut : cut + dice.randrange(1, 60)]
            case 4:  # repetition is what makes a bad pattern expensive
                data[place:place] = dice.choice(TOKENS) * dice.randrange(2, 200)
            case _:
                data[place:place] = dice.randbytes(dice.randrange(1, 12))
    if dice.random() < 0.5:
        segment = bytes(data[6:-6])
        return b"##%04d" % (len(segment) % 10_000) + segment + crc_text(segment) + b"\r\n"
    return bytes(data)


def told(result: Result) -> tuple[Any, ...]:
    """Read everything a result offers (nothing may raise) and return what must not vary."""
    frame = result if isinstance(result, Frame) else result.frame
    if frame is not None:
        exercise(frame)
    if isinstance(result, Damage):
        return (result.offset, result.raw, result.reason)
    return (result.offset, result.raw, result.segment, result.crc_variant, result.repaired)


def exercise(frame: Frame) -> None:
    assert frame.columns() == columns_of(read_body(frame.cp)[0])
    assert (frame.data, frame.params) == read_body(frame.cp)
    if frame.raw:
        assert from_line(json.dumps(to_object(frame))) == frame.raw
    assert frame.version in (2005, 2017, 2025)
    assert frame.time is None or frame.time.tzinfo is not None
    for profile in PROFILES.values():
        sent = answer(frame, profile)
        assert sent is None or not isinstance(parse(sent), Damage) or frame.repaired
    talk = Dialogue([b""], cn=frame.cn, mn=frame.mn, qn=frame.qn)
    talk.start(0.0)
    talk.receive(frame, 1.0)
    Merger().add(frame, 0.0)


def run(dice: random.Random, soup: bytes) -> None:
    """One input, read whole and read in pieces."""
    mode = dice.choice(CRC_MODES)
    keys = (lambda _mn: [KEY]) if CIPHER and dice.random() < 0.3 else None
    stream = Stream(mode, keys, max_segment=2000)
    whole = [told(result) for result in stream.feed(soup) + stream.close()]
    assert (
        b"".join(raw for raw in (w[1] if isinstance(w[1], bytes) else w[2] for w in whole)) == soup
    )
    stream = Stream(mode, keys, max_segment=2000)
    pieces: list[Result] = []
    position = 0
    while position < len(soup):
        size = dice.choice((1, 1, 2, 7, 40, 300))
        pieces += stream.feed(soup[position : position + size])
        position += size
    assert [told(result) for result in pieces + stream.close()] == whole


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=30.0)
    options.add_argument("--seed", type=int, default=None)
    given = options.parse_args()
    seed = given.seed if given.seed is not None else time.time_ns() & 0xFFFFFFFF
    dice = random.Random(seed)
    end = time.monotonic() + given.seconds
    rounds = size = 0
    while time.monotonic() < end:
        soup = b"".join(mutated(dice, dice.choice(CORPUS)) for _ in range(dice.randrange(1, 5)))
        try:
            with bounded(INPUT_S):
                run(dice, soup)
        except Exception:
            print(f"seed {seed}, round {rounds}, input {soup.hex()}", file=sys.stderr)
            raise
        rounds, size = rounds + 1, size + len(soup)
    print(f"fuzz: {rounds} inputs, {size} bytes, seed {seed}: nothing lost, nothing raised")
    return 0


if __name__ == "__main__":
    sys.exit(main())
