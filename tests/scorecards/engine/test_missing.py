"""Lack of data: what the scheme says is done, and is said."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.scorecards.engine.making import criterion, scheme, scored, sentences

TEXT = """
    甲 x 80
    甲 y 60
    乙 x 50
    丙 x 40
    丙 y 20
"""


def linear(key: str, value: str, weight: Any, **more: Any) -> dict[str, Any]:
    rule = {"kind": "linear", "value": value, "zero": 0, "full": 100}
    return criterion(key, rule, weight, **more)


@pytest.mark.parametrize(
    ("policy", "expected", "said"),
    [
        ("zero", [("甲", "72.00", 1), ("丙", "32.00", 2), ("乙", "30.00", 3)],
         "no data: 0 points"),
        # 乙: 60 × 50 % = 30, and the weight of 40 goes to x: 100 × 50 % = 50
        ("exclude", [("甲", "72.00", 1), ("乙", "50.00", 2), ("丙", "32.00", 3)],
         "no data: left out, its weight goes to the others"),
        # 乙 gets what 丙 has in y: 40 × 20 % = 8
        ("worst", [("甲", "72.00", 1), ("乙", "38.00", 2), ("丙", "32.00", 3)],
         "no data: the lowest points of the group, 8"),
        ("not_rated", [("甲", "72.00", 1), ("丙", "32.00", 2), ("乙", "30.00", 3)],
         "no data: not rated"),
    ],
)  # fmt: skip
def test_the_scheme_says_what_missing_data_count(policy: str, expected: Any, said: str) -> None:
    rules = scheme(linear("x", "x", 60), linear("y", "y", 40), missing=policy, unrated_class="B")
    result = scored(rules, TEXT)
    found = [(one.subject, f"{one.score:f}", one.rank) for one in result.standings]
    assert found == expected
    second = result.of("乙")
    assert said in sentences(second)
    assert "no data for y (2024-03)" in sentences(second)
    assert (second.rated, second.class_) == (
        (False, "B") if policy == "not_rated" else (True, None)
    )
    assert [each.missing for each in second.criteria] == [None, policy]
    assert sum((each.points for each in second.criteria), Decimal(0)) == second.score


def test_a_criterion_may_say_otherwise() -> None:
    rules = scheme(
        linear("x", "x", 60), linear("y", "y", 40, missing="exclude"), missing="not_rated"
    )
    assert f"{scored(rules, TEXT).of('乙').score:f}" == "50.00"


def test_the_weight_goes_to_the_contest_first_and_then_to_the_other_contests() -> None:
    contests = [
        {"key": "a", "name": "a", "criteria": [linear("x", "x", 30), linear("y", "y", 10)]},
        {"key": "b", "name": "b", "criteria": [linear("z", "z", 60)]},
    ]
    rules = scheme(contests=contests, missing="exclude")
    # 甲 lacks y: x counts for 40: 40 × 50 % = 20; z 60 × 100 % = 60
    # 乙 lacks z: x 30 and y 10 become 75 and 25: 75 × 50 % = 37.5; 25 × 20 % = 5
    # 丙 lacks y and z: x counts for all: 50
    text = "甲 x 50\n甲 z 100\n乙 x 50\n乙 y 20\n丙 x 50"
    result = scored(rules, text)
    found = {
        one.subject: [(f"{each.points:f}", f"{each.out_of.normalize():f}") for each in one.criteria]
        for one in result.standings
    }
    assert found == {
        "甲": [("20.00", "40"), ("0.00", "0"), ("60.00", "60")],
        "乙": [("37.50", "75"), ("5.00", "25"), ("0.00", "0")],
        "丙": [("50.00", "100"), ("0.00", "0"), ("0.00", "0")],
    }


def test_who_has_nothing_at_all_is_not_rated() -> None:
    rules = scheme(linear("x", "x", 60), linear("y", "y", 40), missing="exclude")
    nobody = scored(rules, "甲 x 1\n乙 @member 1").of("乙")
    assert (nobody.rated, nobody.rank, f"{nobody.score:f}") == (False, 2, "0.00")
    assert [note.text("en") for note in nobody.notes] == ["not rated: no data at all"]


def test_the_worst_of_a_group_without_any_data_is_nothing() -> None:
    rules = scheme(linear("x", "x", 60), linear("y", "y", 40), missing="worst")
    assert f"{scored(rules, '甲 x 50').of('甲').score:f}" == "30.00"


@pytest.mark.parametrize(
    ("rule", "text", "said"),
    [
        ({"kind": "completion", "value": "x"}, "甲 x 1", "no data for target of x (2024-03)"),
        ({"kind": "linear", "zero": 0, "full": 1, "value": {"indicator": "x", "per": "land"}},
         "甲 x 1\n甲 land 0", "the divisor is 0; nothing follows"),
        ({"kind": "linear", "zero": 0, "full": 1, "value": {"indicator": "x", "measure": "growth"}},
         "甲 x 1\n甲 x@base -3", "the base is -3; no growth can be worked out over it"),
        ({"kind": "formula", "percent": "x / (y - y)"}, "甲 x 1\n甲 y 2",
         "the formula x / (y - y) has no result: it divides by 0, or a number becomes too great"),
        ({"kind": "formula", "percent": "x / y"}, "甲 x 1", "no data for y (2024-03)"),
        ({"kind": "base_and_cap", "value": "x", "base": "y"}, "甲 x 1\n甲 y 0",
         "the divisor is 0; nothing follows"),
    ],
)  # fmt: skip
def test_what_cannot_be_worked_out_is_missing_and_says_why(
    rule: dict[str, Any], text: str, said: str
) -> None:
    result = scored(scheme(criterion("c", rule)), text)
    assert said in sentences(result.of("甲"))
    assert result.of("甲").criteria[0].missing == "zero"
