"""The codec's figure stands beside naive readers of the same bytes."""

from __future__ import annotations

from jiulong.bench import decode


def test_it_reports_frames_a_second_beside_naive_readers() -> None:
    figures = decode.measure(seconds=0.05)
    assert figures.frames_per_s > figures.naive_bitwise_frames_per_s > 100
    assert figures.naive_table_frames_per_s > figures.naive_bitwise_frames_per_s
    assert figures.columns_per_s > 1000
