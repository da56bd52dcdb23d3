"""Helpers of the tests of deviations: a registry of rows and ways to say a frame."""

from __future__ import annotations

from collections.abc import Callable

from hj212 import Frame, Stream
from tests.hj212.frames import wire

Test = Callable[[], None]
Rows = dict[int, Test]

GOOD = {"w01018": {"Rtd": "2.2", "Flag": "N"}, "w21003": {"Rtd": "0.31", "Flag": "N"}}


def row_of(rows: Rows, place: int) -> Callable[[Test], Test]:
    """Remember a test as that of a row of the table."""

    def remember(test: Test) -> Test:
        assert place not in rows
        rows[place] = test
        return test

    return remember


def frame(sent: bytes) -> Frame:
    (result,) = (stream := Stream()).feed(sent) + stream.close()
    assert isinstance(result, Frame), result
    assert result.raw == sent
    return result


def body(text: str) -> Frame:
    return frame(wire(text))


def header(text: str) -> Frame:
    return frame(wire(header=text))
