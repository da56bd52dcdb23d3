"""Ranks, ties, classes, groups of one and none."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.scorecards.engine.making import criterion, ranks, scheme, scored, sentences

LINEAR = criterion("c", {"kind": "linear", "value": "x", "zero": 0, "full": 100}, 90)
SECOND = criterion("d", {"kind": "linear", "value": "y", "zero": 0, "full": 100}, 10)
FIVE = """
    甲 x 90
    甲 y 10
    甲 land 5
    乙 x 80
    乙 y 100
    乙 land 7
    丙 x 80
    丙 y 100
    丙 land 6
    丁 x 70
    丁 y 20
    丁 land 9
"""
# 甲 81 + 1 = 82; 乙, 丙 72 + 10 = 82; 丁 63 + 2 = 65


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        ("shared", {"甲": 1, "乙": 1, "丙": 1, "丁": 4}),
        ("dense", {"甲": 1, "乙": 1, "丙": 1, "丁": 2}),
        ({"by": ["c"]}, {"甲": 1, "乙": 2, "丙": 2, "丁": 4}),
        ({"by": ["d"], "then": "dense"}, {"乙": 1, "丙": 1, "甲": 2, "丁": 3}),
        ({"by": ["d", {"of": "x", "direction": "down"}]}, {"乙": 1, "丙": 1, "甲": 3, "丁": 4}),
    ],
)
def test_it_ranks_equal_scores_as_the_scheme_says(ties: Any, expected: dict[str, int]) -> None:
    assert ranks(scheme(LINEAR, SECOND, ties=ties), FIVE) == expected


def test_an_indicator_parts_ties() -> None:
    by = {"by": ["d", {"of": "land", "direction": "down"}]}
    more = scheme(LINEAR, SECOND, ties=by, labels={"land": "用地"})
    assert ranks(more, FIVE) == {"丙": 1, "乙": 2, "甲": 3, "丁": 4}


def test_it_tells_how_far_the_next_rank_is() -> None:
    result = scored(scheme(LINEAR, SECOND, ties={"by": ["c"]}), FIVE)
    assert [(one.subject, one.gap_to_next) for one in result.standings] == [
        ("甲", None), ("丙", Decimal(0)), ("乙", Decimal(0)), ("丁", Decimal(17)),
    ]  # fmt: skip


CLASSES = {"by": "rank", "steps": [
    {"class": "A", "to": 30}, {"class": "B", "to": 60}, {"class": "C", "to": 90},
    {"class": "D", "to": 100}]}  # fmt: skip


def classes(count: int, **more: Any) -> str:
    text = "\n".join(f"s{number:02} x {90 - number}" for number in range(count))
    rules = scheme(criterion("c", {**LINEAR["rule"]}), classes={**CLASSES, **more})
    return "".join(one.class_ or "-" for one in scored(rules, text).standings)


@pytest.mark.parametrize(
    ("count", "counts", "expected"),
    [
        (10, "nearest", "AAABBBCCCD"),
        (5, "nearest", "AABCD"),  # 1.5 → 2, 3, 4.5 → 4
        (5, "half_up", "AABCC"),  # 1.5 → 2, 3, 4.5 → 5
        (5, "up", "AABCC"),
        (5, "down", "ABBCD"),  # 1, 3, 4
        (1, "nearest", "B"),  # 0.3 → 0, 0.6 → 1
        (1, "up", "A"),
        (1, "down", "D"),
    ],
)
def test_classes_are_shares_of_the_places(count: int, counts: str, expected: str) -> None:
    assert classes(count, counts=counts) == expected


def test_a_small_group_has_no_classes() -> None:
    assert (classes(4, smallest=5), classes(5, smallest=5)) == ("----", "AABCD")


def test_those_who_share_a_rank_share_the_class_even_where_ranks_are_dense() -> None:
    text = "\n".join(f"s{number} x {value}" for number, value in enumerate([9, 9, 9, 9, 9, 1, 1]))
    rules = scheme(criterion("c", {**LINEAR["rule"]}), classes=CLASSES, ties="dense")
    # 30 % of 7 is 2, 60 % is 4, 90 % is 6: five share the first place, the others the sixth
    assert [(one.rank, one.class_) for one in scored(rules, text).standings] == [
        *[(1, "A")] * 5, *[(2, "C")] * 2,
    ]  # fmt: skip


def test_classes_may_go_by_score_and_differ_between_groups() -> None:
    by_score = {"by": "score", "steps": [{"class": "优", "at": 90}, {"class": "良", "at": 80}],
                "otherwise": "差"}  # fmt: skip
    groups = [
        {
            "key": "a",
            "name": "甲组",
            "classes": {"by": "score", "steps": [{"class": "过", "at": 60}]},
        },
        {"key": "b", "name": "乙组"},
        {"key": "empty", "name": "空组"},
    ]
    rules = scheme(criterion("c", {**LINEAR["rule"]}), classes=by_score, groups=groups)
    text = """
        甲 x 90 2024-03 b
        乙 x 80 2024-03 b
        丙 x 79.99 2024-03 b
        丁 x 60 2024-03 a
        戊 x 59 2024-03 a
    """
    found = [(one.group, one.subject, one.class_) for one in scored(rules, text).standings]
    assert found == [
        ("a", "丁", "过"), ("a", "戊", None),
        ("b", "甲", "优"), ("b", "乙", "良"), ("b", "丙", "差"),
    ]  # fmt: skip


def test_newcomers_are_not_rated_and_get_a_class() -> None:
    rules = scheme(
        criterion("c", {**LINEAR["rule"]}), classes=CLASSES,
        exemptions=[{"fact": "exempt@newcomer", "class": "B", "name": "新入库"}],
    )  # fmt: skip
    result = scored(rules, "甲 x 90\n乙 x 80\n丙 x 99\n丙 exempt@newcomer 1")
    assert [(one.subject, one.rank, one.class_, one.rated) for one in result.standings] == [
        ("甲", 1, "A", True), ("乙", 2, "C", True), ("丙", 3, "B", False),
    ]  # fmt: skip
    assert [note.text("zh") for note in result.of("丙").notes] == [
        "不参加评定：新入库",
        "直接定为 B 类",
    ]
    assert result.of("甲").count == 2
    for period in ("2024", "2024Q1"):  # said of the year or the quarter, it holds in March
        found = scored(rules, f"甲 x 90\n丙 x 99\n丙 exempt@newcomer 1 {period}")
        assert not found.of("丙").rated
    assert scored(rules, "甲 x 90\n丙 x 99\n丙 exempt@newcomer 1 2024-04").of("丙").rated


def test_a_group_of_one_is_scored() -> None:
    for kind, keys in (("rank_points", {"step": 5}), ("rank_points", {"last": 50}), ("share", {})):
        rules = scheme(criterion("c", {"kind": kind, "value": "x", **keys}))
        only = scored(rules, "甲 x 5").of("甲")
        assert (only.rank, f"{only.score:f}", only.gap_to_next) == (1, "100.00", None)


def test_nobody_is_ranked_where_nobody_takes_part() -> None:
    assert scored(scheme(LINEAR, SECOND), "甲 x 5 2023-03").standings == ()


def test_criteria_may_count_for_some_groups_alone() -> None:
    groups = [{"key": "towns", "name": "镇"}, {"key": "parks", "name": "园区"}]
    rules = scheme(
        criterion("farm", {**LINEAR["rule"]}, 40, groups=["towns"]),
        criterion("rent", {**LINEAR["rule"]}, 40, groups=["parks"]),
        criterion("both", {**LINEAR["rule"]}, 60),
        groups=groups,
    )
    result = scored(rules, "甲 x 50 2024-03 towns\n乙 x 10 2024-03 parks")
    assert [[each.criterion for each in one.criteria] for one in result.standings] == [
        ["farm", "both"], ["rent", "both"],
    ]  # fmt: skip
    assert "both: 6 of 60 points" in sentences(result.of("乙"))
