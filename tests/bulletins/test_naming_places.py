"""Whom a circular names as first and last, and which figures it calls unquoted. No database."""

from __future__ import annotations

import pytest

from jiulong.bulletins.content.base import numbers_by_hand
from jiulong.bulletins.content.standings import ends
from jiulong.scorecards.models import StandingRow


def row(name: str, rank: int, *, rated: bool = True, struck: bool = False) -> StandingRow:
    return StandingRow(class_name=name, rank=rank, rated=rated, struck=struck)


def named(*rows: StandingRow) -> tuple[list[str], list[str]]:
    firsts, lasts = ends(rows)
    return [one.class_name for one in firsts], [one.class_name for one in lasts]


def test_everybody_of_a_rank_is_named_and_who_is_not_rated_is_not_the_last() -> None:
    assert named(row("a", 1), row("b", 1), row("c", 3), row("d", 3)) == (["a", "b"], ["c", "d"])
    assert named(row("a", 1), row("b", 2), row("x", 3, rated=False)) == (["a"], ["b"])


def test_nobody_is_last_among_equals_and_nobody_struck_is_first() -> None:
    assert named(row("a", 1), row("b", 1)) == (["a", "b"], [])
    assert named(row("a", 1)) == (["a"], [])
    assert named(row("a", 1, struck=True)) == ([], [])
    assert named(row("x", 1, rated=False)) == ([], [])
    assert named() == ([], [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("甲镇排第12名", ["第12名"]),
        ("列第3位", ["第3位"]),
        ("投资１２．５亿元", ["12.5"]),
        ("第3次会议，2026年3月5日，[[q1]]分", []),
    ],
)
def test_a_rank_written_by_hand_is_a_figure(text: str, found: list[str]) -> None:
    content = {"sections": [{"heading": "", "paragraphs": [text], "tables": []}]}
    assert numbers_by_hand(content) == found
