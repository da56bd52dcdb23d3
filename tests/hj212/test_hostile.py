"""Bytes made to cost: anybody may send them, so no frame may cost much time or memory."""

from __future__ import annotations

import itertools
import weakref

import pytest

from hj212 import PROFILES, Damage, Frame, Merger, Stream, answer, parse
from hj212 import shape as shape_module
from hj212.cipher import without_braces
from hj212.shape import COMPILE_COST, SHAPE_ITEMS_MAX, SHAPE_ITEMS_TOTAL, SHAPES_MAX, Shape, Shapes
from tests.hj212.cost import bounded
from tests.hj212.frames import HEADER, SM4_KEY, wire

# A frame of 8 KB costs a few milliseconds.  The limit is no promise, it only tells a cost that
# grows with the square (or worse) from one that grows with the length.
FRAME_S = 0.25
FRAME_BYTES = 8190

STARTS = (b"", b"a01001-Rtd=1&&;ab", b"{0x00", b"a=1&&", b"x=//", b"DataTime=1;")
UNITS = (
    b"=cdefghij", b"ab=cd", b";ab=", b"ab =", b";  ab  =  1", b" ", b"\t;", b";", b",", b"=", b"&",
    b"-", b"//", b"x=// ;", b"//;a", b"a-a=1;", b"w00000-Rtd=1,", b"1,2", b", 0x00", b",0x00 ",
    b"CP", b";CP =", b"CP=&&", b"&&0000", b"##", b"##0100QN=", b"##99", b"\xff", b"\x81\x30", b"0",
    b"A" * 40 + b"-" + b"B" * 20 + b"=",
)  # fmt: skip
ENDS = (b"", b"x", b"&", b"}", b"=")


@pytest.mark.parametrize("keys", [None, lambda _mn: (), lambda _mn: (SM4_KEY,)])
@pytest.mark.parametrize("start", STARTS)
def test_no_frame_costs_much(start: bytes, keys: object) -> None:
    for unit, end in itertools.product(UNITS, ENDS):
        header = f"{HEADER}CP=&&".encode() + start
        times = (FRAME_BYTES - len(header)) // len(unit) - 2
        segment = header + unit * times + end
        for whole in (segment + b"&&", segment):
            with bounded(FRAME_S):
                read(wire(segment=whole), keys)


def read(sent: bytes, keys: object) -> None:
    """All that a gateway and a recorder do with what arrives."""
    stream = Stream(keys=keys)  # type: ignore[arg-type] # None or a function
    for result in stream.feed(sent) + stream.close():
        frame = result.frame if isinstance(result, Damage) else result
        if frame is not None:
            frame.columns()
            assert isinstance(frame.data, dict)
            assert frame.time is None
            answer(frame, PROFILES["2017"])
            Merger().add(frame, 0.0)


@pytest.mark.parametrize("times", [8, 30, 900])
def test_fields_after_the_body_can_be_cut_in_one_way_only(times: int) -> None:
    start = f"{HEADER}CP=&&a01001-Rtd=1&&;ab".encode()
    sent = wire(segment=start + b"=cdefghij" * times + b"&")
    with bounded(FRAME_S):
        frame = parse(sent, max_segment=9999)
    assert isinstance(frame, Frame)
    assert frame.repaired == ("segment",)


@pytest.mark.parametrize(
    ("tail", "mn"),
    [
        (b"&&;MN=X", "X"), (b"&&MN=X;", "X"), (b"&&, MN = X ; Flag=5", "X"), (b"&& MN=X ;  ", "X"),
        (b"&&;MN=X;;Flag=5", ""), (b"&&;MN", ""), (b"&&;MN=a=b", ""), (b"&&;MN=X&", ""),
    ],
)  # fmt: skip
def test_fields_after_the_body(tail: bytes, mn: str) -> None:
    frame = parse(wire(segment=b"ST=32;CN=2011;CP=&&a01001-Rtd=1" + tail))
    assert isinstance(frame, Frame)
    assert frame.mn == mn


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"{0x00}rest", b"\0rest"), (b"{ 0x00 , 0X1f , } ", b"\0\x1f "), (b"{0x00,0x01,}", b"\0\1"),
        (b"{0x00  }", b"\0"), (b"{}", None), (b"{0x00,,}", None), (b"{0x00" + b" " * 8000, None),
    ],
)  # fmt: skip
def test_braces(text: bytes, found: bytes | None) -> None:
    with bounded(0.05):
        assert without_braces(text) == found


def test_a_strangers_braces_are_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[bytes] = []
    monkeypatch.setattr("hj212.stream.without_braces", looked.append)
    stream = Stream(keys=lambda _mn: ())
    (result,) = stream.feed(wire(b"{0x00" + b" " * 500))
    assert isinstance(result, Frame)
    assert looked == []


def body(name: int, items: int = 1) -> str:
    """A body that has a shape of its own."""
    return ";".join(f"w{name:05d}-x{place}=1" for place in range(items))


def shapes(monkeypatch: pytest.MonkeyPatch) -> Shapes:
    fresh = Shapes()
    monkeypatch.setattr(shape_module, "_shapes", fresh)
    return fresh


def test_heads_keep_no_shape_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes(monkeypatch)
    alive: weakref.WeakSet[Shape] = weakref.WeakSet()
    for name in range(SHAPES_MAX + 500):  # under a head of its own, as so many devices
        sent = wire(body(name), HEADER.replace("Flag=5", f"Flag={5 + 4 * name}"))
        for _ in range(3):
            frame = parse(sent)
            assert isinstance(frame, Frame)
            assert frame.data == {f"w{name:05d}": {"x0": "1"}}
            if frame._shape is not None:
                alive.add(frame._shape)
            del frame
    assert len(alive) == SHAPES_MAX


def test_large_shapes_are_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape_module, "SHAPE_ITEMS_TOTAL", 100)
    fresh = shapes(monkeypatch)
    kept = []
    for name in range(5):
        assert fresh.of(body(name, 30)) is None  # seen once
        kept.append(weakref.ref(fresh.of(body(name, 30)) or Shape("")))
        fresh._credit = 100.0
    assert [shape() is not None for shape in kept] == [False, False, True, True, True]
    assert fresh.of(body(9, SHAPE_ITEMS_MAX + 1)) is fresh.of(body(9, SHAPE_ITEMS_MAX + 1)) is None


def test_new_shapes_without_end_are_read_patiently() -> None:
    fresh = Shapes()
    items = 16
    fresh._credit = float(items)
    first = [fresh.of(body(1, items)) for _ in range(3)]
    assert [shape is not None for shape in first] == [False, True, True]
    turns = [fresh.of(body(2, items)) is None for _ in range(2 * COMPILE_COST)]
    assert COMPILE_COST - 3 <= turns.index(False) <= COMPILE_COST  # paid for by patient reading
    for _ in range(10_000):
        fresh.of(";" * 2)
        fresh._worth_compiling("a=" * 1000)
    assert fresh._credit == SHAPE_ITEMS_TOTAL
