"""What is decoded in the benchmark is what the codec reads, and the anchors read the same."""

from __future__ import annotations

import pytest

import hj212
from jiulong.bench import decode


def test_it_measures_frames_that_all_readers_understand_alike() -> None:
    wires = decode.frames(12)
    assert {len(wire) for wire in wires} == {373}
    assert len(set(wires)) == 12
    for wire in wires:
        frame = hj212.parse(wire)
        assert isinstance(frame, hj212.Frame)
        read = decode.naive(wire)
        assert read.pop("DataTime") == {"": frame.params["DataTime"]}
        assert read == frame.data


def test_it_lets_no_reader_skip_the_checksum() -> None:
    wire = decode.frames(1)[0].replace(b"w01001-Rtd=7.10", b"w01001-Rtd=9.10")
    with pytest.raises(ValueError, match="checksum"):
        decode.naive(wire)


def test_it_reports_frames_a_second() -> None:
    assert decode.measure(200).frames_per_s > 1000
    anchors = decode.anchors(200)
    assert anchors.naive_table_frames_per_s > anchors.naive_bitwise_frames_per_s > 0
