"""The benchmark measures what it says, and the promise it is for holds with room to spare."""

from __future__ import annotations

from hj212 import Frame, Stream
from hj212.benchmark import BATCH, FACTORS, READERS, frames_per_second, sample


def test_sample_is_clean() -> None:
    frames = [result for result in Stream().feed(sample()) if isinstance(result, Frame)]
    assert len(frames) == BATCH
    assert all(not f.repaired and tuple(f.data) == FACTORS for f in frames)


def test_figures() -> None:
    figures = frames_per_second(0.3)
    assert set(figures) == set(READERS)
    assert figures["hj212"] > figures["naive_bitwise_crc"] * 5  # 30 on an idle machine


def test_columns_of_one_shape_share_their_factors() -> None:
    frames = [result for result in Stream().feed(sample(50)) if isinstance(result, Frame)]
    tuples = [frame.columns().factors for frame in frames[2:]]  # twice seen, then compiled
    assert all(codes is tuples[0] for codes in tuples)
