"""Split sets: both styles, any order, never silently lost."""

from __future__ import annotations

from hj212 import Frame, Merger, encode, parse
from hj212.merge import PENDING_MAX
from tests.hj212.frames import MN, STANDARD


def part(pno: int, cp: str, pnum: int = 2, qn: str = "20160801085857223") -> Frame:
    result = parse(
        encode(cn="2061", st="32", qn=qn, mn=MN, flag=6, pnum=pnum, pno=pno, cp=cp)
    )  # fmt: skip
    assert isinstance(result, Frame)
    return result


def standard(name: str) -> Frame:
    result = parse(STANDARD[name])
    assert isinstance(result, Frame)
    return result


def test_the_set_of_c50() -> None:
    merger = Merger()
    first, second = standard("C.50 split 1/2"), standard("C.50 split 2/2")
    assert merger.add(first, 0.0) == []
    (merged,) = merger.add(second, 5.0)
    assert (merged.complete, merged.frames) == (True, (first, second))
    assert list(merged.data) == ["w00000", "w01001", "w01018"]
    assert merged.params == {"DataTime": "20160801080000"}


def test_a_resent_packet_counts_once() -> None:
    merger = Merger()
    first = standard("C.50 split 1/2")
    assert merger.add(first, 0.0) == merger.add(first, 1.0) == []


def test_an_incomplete_set_is_given_up_as_such() -> None:
    merger = Merger(reassembly_s=30.0)
    first = standard("C.50 split 1/2")
    merger.add(first, 0.0)
    assert merger.expire(29.0) == []
    (merged,) = merger.expire(30.0)
    assert (merged.complete, merged.frames, merged.data) == (False, (first,), first.data)


def test_cut_text_is_joined() -> None:
    whole = "DataTime=20160801080000;w01018-Avg=40.1,w01018-Flag=N;w21003-Avg=0.31,w21003-Flag=N"
    for cut in range(24, len(whole)):
        for order in ((1, 2), (2, 1)):
            merger = Merger()
            parts = {1: part(1, whole[:cut]), 2: part(2, whole[cut:])}
            merged = [m for place in order for m in merger.add(parts[place], 0.0)]
            if whole[cut - 1 : cut + 1].isdigit() or whole[cut] == ".":
                continue  # a value that happens to be cut between digits reads the same way
            assert merged[0].data == {
                "w01018": {"Avg": "40.1", "Flag": "N"}, "w21003": {"Avg": "0.31", "Flag": "N"},
            }, (cut, order)  # fmt: skip


def test_the_separator_a_cut_lost_is_put_back() -> None:
    merger = Merger()
    merger.add(part(1, "DataTime=20160801080000;w01018-Avg=40.1,w01018-Flag=N"), 0.0)
    (merged,) = merger.add(part(2, "w21003-Avg=0.31,w21003-Flag=N"), 0.0)
    assert list(merged.data) == ["w01018", "w21003"]
    assert merged.data["w01018"]["Flag"] == "N"


def test_two_times_are_two_sets() -> None:
    merger = Merger()
    merger.add(part(1, "DataTime=20160801080000;w01018-Avg=1"), 0.0)
    assert merger.add(part(2, "DataTime=20160801090000;w21003-Avg=2"), 0.0) == []


def test_pending_sets_are_bounded() -> None:
    merger = Merger()
    given_up = [
        merged
        for hour in range(PENDING_MAX + 10)
        for merged in merger.add(part(1, f"DataTime=201608{hour:08d};w01018-Avg=1"), 0.0)
    ]
    assert [merged.complete for merged in given_up] == [False] * 10


def test_nonsense_numbers_are_single() -> None:
    for pno, pnum in ((3, 2), (0, 2), (1, 0)):
        (merged,) = Merger().add(part(pno, "DataTime=20160801080000;w01018-Avg=1", pnum), 0.0)
        assert merged.complete
