"""Marks as they are stored."""

from __future__ import annotations

from jiulong.recorder.flags import LENGTH_MAX, Flags


def test_it_gives_each_factor_one_character() -> None:
    assert Flags().of(("N", "", "NN", ",", "\u00e9", "0")) == "N.???0"


def test_it_remembers_no_more_than_it_can_hold() -> None:
    """Made-up marks fill a memory by their length, not by their number."""
    flags = Flags()
    lengths = []
    for n in range(300):
        marks = (f"{n:04}" * 1000, "N")
        assert flags.of(marks) == flags.of(marks) == "?N"
        lengths.append(flags.length)
    assert lengths[:2] == [4003, 8006]
    assert LENGTH_MAX - 4003 < max(lengths) <= LENGTH_MAX
