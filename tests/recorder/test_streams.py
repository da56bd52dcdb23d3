"""Which times need no look, whatever clocks say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jiulong.recorder.streams import AHEAD_US, Stream

DAY = AHEAD_US


def test_it_takes_what_is_newer_than_all_without_a_look() -> None:
    stream = Stream(None, None, None)
    assert [stream.add(at, at) for at in (10, 20, 20, 15, 30)] == [True, True, False, False, True]


def test_it_does_not_take_a_stray_clock_for_the_present() -> None:
    stream = Stream(10, None, 10)
    assert stream.add(900 * DAY, 20)  # newer than all: no look either
    assert not stream.add(900 * DAY, 20)
    assert stream.add(800 * DAY, 20)
    assert not stream.add(850 * DAY, 20)  # from the first to the last of them anything may be
    assert [stream.add(at, at) for at in (20, 30, 30)] == [True, True, False]
    assert not stream.overtaken


def test_it_asks_to_be_read_anew_when_the_present_reaches_a_stray_one() -> None:
    stream = Stream(10, 5 * DAY, 900 * DAY)
    assert not stream.add(6 * DAY, 6 * DAY)
    assert stream.overtaken
    stream = Stream(6 * DAY, 900 * DAY, 900 * DAY)
    assert stream.add(7 * DAY, 7 * DAY)
    assert not stream.overtaken


times = st.integers(0, 12).map(lambda half: half * DAY // 2)


@given(st.sets(times), st.lists(st.tuples(times, times)), times)
def test_it_never_calls_new_what_is_there(
    stored: set[int], rows: list[tuple[int, int]], present: int
) -> None:
    there = set(stored)
    stream = Stream(
        max((at for at in stored if at <= present), default=None),
        min((at for at in stored if at > present), default=None),
        max(stored, default=None),
    )
    for at, received_at in rows:
        assert not (stream.add(at, received_at) and at in there)
        there.add(at)
