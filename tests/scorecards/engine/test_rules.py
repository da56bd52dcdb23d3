"""Each rule by itself, out of 100 points."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scorecards.engine.making import criterion, one, points, scheme, scored, sentences

#: value against a target of 100 → points
AGAINST_HUNDRED = [
    ({}, 80, "80.00"),
    ({}, 130, "100.00"),  # the cap is 1
    ({"cap": "1.2"}, 130, "120.00"),
    ({"cap": "1.2"}, 110, "110.00"),
    ({}, -5, "0.00"),
    ({"floor": "0.6"}, 40, "60.00"),
    ({"zero_below": "0.6"}, 59, "0.00"),
    ({"zero_below": "0.6"}, 60, "60.00"),
    ({"about": {"percent": 5}}, 95, "100.00"),  # 左右: within 5 %
    ({"about": {"percent": 5}}, 94, "94.00"),
    ({"about": {"points": "0.5"}}, "99.5", "100.00"),
    ({"direction": "down"}, 80, "100.00"),  # 100 ÷ 80 = 125 %, capped
    ({"direction": "down", "cap": "1.2"}, 90, "111.11"),
    ({"direction": "down"}, 125, "80.00"),
    ({"direction": "down", "inverse": "mirror"}, 125, "75.00"),
    ({"direction": "down", "cap": "1.2"}, 0, "120.00"),
    ({"direction": "down", "about": {"percent": 10}}, 108, "100.00"),
    ({"direction": "down", "about": {"percent": 10}, "cap": "1.2"}, 0, "120.00"),
]


@pytest.mark.parametrize(("keys", "value", "expected"), AGAINST_HUNDRED)
def test_it_compares_with_the_target(keys: dict[str, Any], value: Any, expected: str) -> None:
    text = f"甲 x {value}\n甲 x@target 100 2024"
    assert points(one("completion", value="x", **keys), text) == {"甲": expected}


@pytest.mark.parametrize(
    ("target", "direction", "value", "expected"),
    [
        ("0", "down", "0", "100.00"),  # no accident was the target, there was none
        ("0", "down", "1", "0.00"),
        ("-2", "up", "-1", "100.00"),  # a fall by no more than 2 %
        ("-2", "up", "-3", "0.00"),
    ],
)
def test_a_target_that_divides_nothing_is_met_or_not(
    target: str, direction: str, value: str, expected: str
) -> None:
    rule = one("completion", value="x", direction=direction)
    assert points(rule, f"甲 x {value}\n甲 x@target {target}") == {"甲": expected}


def test_it_takes_what_was_expected_to_date_another_indicator_or_a_number() -> None:
    text = "甲 x 20\n甲 x@target 100 2024\n甲 x@expected 25\n甲 y 40"
    found = [points(one("completion", value="x", against=one_), text)["甲"]
             for one_ in ("target", "expected", "y", 50)]  # fmt: skip
    assert found == ["20.00", "80.00", "50.00", "40.00"]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"step": 10}, ["100.00", "90.00", "90.00", "70.00"]),  # 1-2-2-4
        ({"step": 40, "floor": 50}, ["100.00", "60.00", "60.00", "50.00"]),
        ({"first": 80, "last": 50}, ["80.00", "70.00", "70.00", "50.00"]),
        ({"step": 10, "direction": "down"}, ["70.00", "90.00", "90.00", "100.00"]),
    ],
)
def test_it_gives_points_by_place(keys: dict[str, Any], expected: list[str]) -> None:
    found = points(one("rank_points", value="x", **keys), "甲 x 9\n乙 x 5\n丙 x 5\n丁 x 1")
    assert [found[name] for name in "甲乙丙丁"] == expected


@pytest.mark.parametrize(
    ("kind", "keys", "expected"),
    [
        ("steps", {"steps": [{"at": 9, "percent": 100}, {"at": 5, "percent": 60}]},
         ["100.00", "60.00", "0.00"]),
        ("steps", {"steps": [{"at": 1, "percent": 100}, {"at": 5, "percent": 60}],
                   "direction": "down", "otherwise": 10}, ["10.00", "60.00", "100.00"]),
        ("share", {}, ["100.00", "50.00", "0.00"]),
        ("share", {"direction": "down", "worst": 60}, ["60.00", "80.00", "100.00"]),
        ("linear", {"zero": 1, "full": 6}, ["100.00", "80.00", "0.00"]),
        ("linear", {"zero": 11, "full": 1}, ["20.00", "60.00", "100.00"]),
        ("linear", {"zero": 1, "full": 6, "cap": "1.5"}, ["150.00", "80.00", "0.00"]),
        ("formula", {"percent": "x * 10"}, ["90.00", "50.00", "10.00"]),
        ("formula", {"percent": "x * 20", "floor": "0.5"}, ["100.00", "100.00", "50.00"]),
    ],
)  # fmt: skip
def test_it_gives_points_on_a_scale(kind: str, keys: dict[str, Any], expected: list[str]) -> None:
    found = points(one(kind, value="x", **keys) if kind != "formula" else one(kind, **keys),
                   "甲 x 9\n乙 x 5\n丙 x 1")  # fmt: skip
    assert [found[name] for name in "甲乙丙"] == expected


def test_equal_figures_all_get_what_the_best_gets() -> None:
    assert points(one("share", value="x"), "甲 x 5\n乙 x 5") == {"甲": "100.00", "乙": "100.00"}


READ = [
    ("x", "10.00"),
    ({"indicator": "x", "per": "y"}, "2.50"),
    ({"indicator": "x", "measure": "change"}, "2.00"),
    ({"indicator": "x", "measure": "growth"}, "25.00"),
    ({"indicator": "x", "measure": "completion"}, "50.00"),
    ({"indicator": "x", "measure": "completion", "against": "y"}, "250.00"),
    ({"formula": 'x / v("x@target") * 10'}, "5.00"),
    ({"number": 7}, "7.00"),
    (7, "7.00"),
]


@pytest.mark.parametrize(("reading", "expected"), READ)
def test_it_reads_figures(reading: Any, expected: str) -> None:
    rule = one("linear", value=reading, zero=0, full=100, cap=10)
    text = "甲 x 10\n甲 y 4\n甲 x@base 8\n甲 x@target 20 2024Q1"
    assert points(rule, text) == {"甲": expected}


@pytest.mark.parametrize(
    ("take", "period", "expected"),
    [
        ("last", "2024Q1", "30.00"),  # cumulative: March tells the quarter
        ("sum", "2024Q1", "60.00"),
        ("mean", "2024Q1", "20.00"),
        ("last", "2024-02", "20.00"),
        ("sum", "2024-02", "20.00"),
        ("latest", "2024Q2", "30.00"),  # nothing since March
        ("last", "2024Q2", "0.00"),
        ("sum", "2024", "60.00"),
    ],
)
def test_it_takes_the_period_or_those_within(take: str, period: str, expected: str) -> None:
    rule = one("linear", value={"indicator": "x", "take": take}, zero=0, full=100)
    text = "甲 x 10 2024-01\n甲 x 20 2024-02\n甲 x 30 2024-03\n甲 @member 1 2024"
    assert points(rule, text, period) == {"甲": expected}


def test_the_row_of_the_period_itself_goes_before_those_within() -> None:
    rule = one("linear", value={"indicator": "x", "take": "sum"}, zero=0, full=100)
    assert points(rule, "甲 x 90 2024Q1\n甲 x 10 2024-01", "2024Q1") == {"甲": "90.00"}


def test_a_coefficient_comes_after_the_cap() -> None:
    coefficient = {"value": "tax", "steps": [{"at": 100, "factor": "1.2"}], "otherwise": "0.9"}
    rule = one("base_and_cap", value="x", base=10, cap="1.5", coefficient=coefficient)
    text = "甲 x 30\n甲 tax 100\n乙 x 5\n乙 tax 99"
    # 甲 300 % → 150 %, × 1.2 = 180; 乙 50 % × 0.9 = 45
    assert points(rule, text) == {"甲": "180.00", "乙": "45.00"}


def test_judges_count_without_the_highest_and_lowest() -> None:
    rule = one("judges", out_of=10)
    text = "\n".join(
        f"甲 judging@c#{number} {value}" for number, value in enumerate((10, "8.5", 9, 8, 2))
    )
    # without 10 and 2: (8.5 + 9 + 8) / 3 = 8.5
    assert points(rule, text) == {"甲": "85.00"}
    too_few = scored(rule, "甲 judging@c#1 9\n甲 judging@c#2 8").of("甲")
    assert (too_few.rated, f"{too_few.score:f}", too_few.rank) == (False, "0.00", 1)
    assert "2 judges scored; at least 3 are needed" in sentences(too_few)
    assert points(rule, "甲 judging@c 7") == {"甲": "70.00"}  # the mean was formed elsewhere


def test_bonus_and_penalty_have_limits() -> None:
    extras = [
        criterion("up", {"kind": "bonus", "limit": 5,
                         "facts": [{"fact": "bonus@nation", "each": 3, "limit": 4}, "bonus@city"]}),
        criterion("down", {"kind": "penalty", "limit": 6,
                           "facts": [{"fact": "penalty@late", "each": "0.5"}]}),
    ]  # fmt: skip
    rule = criterion("c", {"kind": "linear", "value": "x", "zero": 0, "full": 100})
    both = scheme(rule, adjustments=extras)
    text = """
        甲 x 50
        甲 bonus@nation 2
        甲 bonus@city 3
        甲 penalty@late 3
        乙 x 50
        乙 penalty@late 40
        丙 x 3
        丙 penalty@late 40
    """
    # 甲 2 × 3 = 6 → 4, and 3 → 7 → 5; − 1.5; 乙 − 20 → − 6; 丙 3 − 6 → the lowest score, 0
    result = scored(both, text)
    assert {one_.subject: f"{one_.score:f}" for one_ in result.standings} == {
        "甲": "53.50", "乙": "44.00", "丙": "0.00",
    }  # fmt: skip
    for standing in result.standings:
        assert sum(each.points for each in standing.criteria) == standing.score
    assert [(each.criterion, f"{each.points:f}") for each in result.of("丙").criteria][1:] == [
        ("up", "0.00"), ("down", "-6.00"), ("@limits", "3.00"),
    ]  # fmt: skip


@pytest.mark.parametrize(("since", "expected"), [("period", "1.00"), ("year", "3.00")])
def test_facts_count_in_their_period_or_since_january(since: str, expected: str) -> None:
    bonus = criterion("b", {"kind": "bonus", "facts": ["bonus@city"], "since": since})
    rule = criterion("c", {"kind": "linear", "value": "x", "zero": 0, "full": 100})
    text = """
        甲 x 0
        甲 bonus@city 2 2024-01
        甲 bonus@city 1 2024-03
        甲 bonus@city 1 2024-04
        甲 bonus@city 1 2023-12
    """
    assert points(scheme(rule, adjustments=[bonus]), text) == {"甲": expected}


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        ({"zero": True}, "乙 50.00 1 A, 丙 40.00 2 B, 甲 0.00 3 B"),
        ({"last": True}, "乙 50.00 1 A, 丙 40.00 2 B, 甲 90.00 3 B"),
        ({"class": "D"}, "甲 90.00 1 D, 乙 50.00 2 B, 丙 40.00 3 B"),
    ],
)  # fmt: skip
def test_a_veto_strikes(effect: dict[str, Any], expected: str) -> None:
    veto = criterion("v", {"kind": "veto", "facts": ["veto@accident", "veto@fraud"], **effect})
    rule = criterion("c", {"kind": "linear", "value": "x", "zero": 0, "full": 100})
    classes = {"by": "rank", "steps": [{"class": "A", "to": 34}, {"class": "B", "to": 100}]}
    struck = scheme(rule, adjustments=[veto], classes=classes)
    result = scored(struck, "甲 x 90\n乙 x 50\n丙 x 40\n甲 veto@fraud 1\n乙 veto@fraud 0")
    found = [f"{who.subject} {who.score:f} {who.rank} {who.class_}" for who in result.standings]
    assert ", ".join(found) == expected
    assert [one_.subject for one_ in result.standings if one_.veto] == ["甲"]
    for standing in result.standings:
        assert sum(each.points for each in standing.criteria) == standing.score
