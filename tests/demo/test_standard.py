"""The published frames of the standard travel with the demo."""

from __future__ import annotations

from hj212 import Frame, parse
from jiulong.demo.standard import awaited, frames


def test_there_are_forty_and_each_is_a_whole_frame() -> None:
    found = [parse(raw) for raw in frames()]
    assert len(found) == 40
    assert all(isinstance(frame, Frame) and frame.crc_variant == "hj" for frame in found)
    assert {frame.version for frame in found if isinstance(frame, Frame)} == {2005, 2017, 2025}


def test_acknowledgements_are_awaited_only_for_frames_that_ask_and_are_known() -> None:
    told = {
        (frame.cn, frame.pw): awaited(raw)
        for raw in frames()
        for frame in [parse(raw)]
        if isinstance(frame, Frame)
    }
    assert told["1062", "100000"] is False  # the standard's own odd password
    assert told["9011", "123456"] is False
    assert told["2061", "123456"] is True
    assert told["9015", "123456"] is True
    assert sum(map(awaited, frames())) == 29
