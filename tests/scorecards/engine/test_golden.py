"""Whole standings worked by hand; the working stands beside them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.scorecards.engine.making import criterion, points, ranks, scheme, scored

MU: dict[str, Any] = {
    "steps": [{"class": "A", "to": 30}, {"class": "B", "to": 60}, {"class": "C", "to": 90},
              {"class": "D", "to": 100}],
    "by": "rank",
}  # fmt: skip
RENTED: dict[str, Any] = {
    "steps": [{"class": "A", "to": 30}, {"class": "B", "to": 60}, {"class": "C", "to": 100}],
    "by": "rank",
}
#: By annual tax in 10⁴ yuan; the published plan names a coefficient, these lines are examples.
COEFFICIENT = {
    "value": "tax",
    "steps": [{"at": 1000, "factor": "1.2"}, {"at": 300, "factor": "1.1"}],
    "otherwise": 1,
}


def over(indicator: str, per: str, base: str, **more: Any) -> dict[str, Any]:
    return {
        "kind": "base_and_cap",
        "value": {"indicator": indicator, "per": per},
        "base": Decimal(base),
        "cap": "1.5",
        **more,
    }


def series(per: str, bases: tuple[str, str, str], classes: dict[str, Any], **more: Any) -> Any:
    names = zip(("tax", "output", "sales"), (60, 20, 20), bases, strict=True)
    return scheme(
        *(criterion(f"{name}-per", over(name, per, base, **more), full)
          for name, full, base in names),
        frequency="year", classes=classes,
    )  # fmt: skip


def test_it_scores_series_one_of_the_evaluation_per_mu() -> None:
    # 漳州 2022: tax 60 at 15, output 20 at 500, sales 20 at 400 (10⁴ yuan a mu), coefficient by
    # annual tax after the cap of 150 %.
    own_land = series("land", ("15", "500", "400"), MU, coefficient=COEFFICIENT)
    text = """
        甲 tax 1200 2022
        甲 land 50 2022
        甲 output 20000 2022
        甲 sales 24000 2022
        乙 tax 300 2022
        乙 land 40 2022
        乙 output 16000 2022
        乙 sales 8000 2022
        丙 tax 90 2022
        丙 land 30 2022
        丙 output 7000 2022
        丙 sales 6000 2022
    """
    # 甲: 1200/50 = 24/mu, 24/15 = 160 % → 150 %: 60 × 1.5 × 1.2 = 108
    #     20000/50 = 400, 400/500 = 80 %: 20 × 0.8 × 1.2 = 19.2
    #     24000/50 = 480, 480/400 = 120 %: 20 × 1.2 × 1.2 = 28.8       together 156
    # 乙: 7.5/15 = 50 %: 60 × 0.5 × 1.1 = 33; 400/500: 20 × 0.8 × 1.1 = 17.6;
    #     200/400 = 50 %: 20 × 0.5 × 1.1 = 11                          together 61.6
    # 丙: 3/15 = 20 %: 12; 233.33…/500 = 46.66… %: 9.33; 200/400: 10   together 31.33
    result = scored(own_land, text, "2022")
    assert [(one.subject, f"{one.score:f}", one.rank, one.class_) for one in result.standings] == [
        ("甲", "156.00", 1, "A"),  # 30 % of 3 = 0.9 → 1
        ("乙", "61.60", 2, "B"),  # 60 % of 3 = 1.8 → 2
        ("丙", "31.33", 3, "C"),  # 90 % of 3 = 2.7 → 3: three places have no last 10 %
    ]
    assert [f"{each.points:f}" for each in result.of("甲").criteria] == ["108.00", "19.20", "28.80"]
    assert result.of("乙").gap_to_next == result.of("甲").score - result.of("乙").score


def test_it_scores_series_two_per_square_metre() -> None:
    # Rented plant: 0.03, 1 and 0.8 (10⁴ yuan a m²); A 30 %, B to 60 %, C the last 40 %.
    rented = series("area", ("0.03", "1", "0.8"), RENTED)
    text = """
        甲 tax 60 2022
        甲 area 2000 2022
        甲 output 1500 2022
        甲 sales 1200 2022
        乙 tax 45 2022
        乙 area 3000 2022
        乙 output 2400 2022
        乙 sales 3000 2022
    """
    # 甲: 60/2000 = 0.03, 100 %: 60; 0.75/1: 15; 0.6/0.8 = 75 %: 15     together 90
    # 乙: 0.015/0.03 = 50 %: 30; 0.8: 16; 1/0.8 = 125 %: 25             together 71
    result = scored(rented, text, "2022")
    assert [(one.subject, f"{one.score:f}", one.class_) for one in result.standings] == [
        ("甲", "90.00", "A"),  # 30 % of 2 = 0.6 → 1
        ("乙", "71.00", "C"),  # 60 % of 2 = 1.2 → 1, so the second is beyond B
    ]


def test_it_scores_growth_and_level_sixty_to_forty() -> None:
    # Fujian's way: growth by rank (first 100, 10 less each place), level in proportion.
    rule = {
        "kind": "growth_level", "value": "invest", "growth_percent": 60,
        "growth": {"by": "rank", "step": 10}, "level": {"by": "share"},
    }  # fmt: skip
    text = """
        甲 invest 120
        甲 invest@base 100
        乙 invest 330
        乙 invest@base 300
        丙 invest 50
        丙 invest 50 2023-03
    """
    # growth: 甲 20 % first 100 %, 乙 10 % second 90 %, 丙 0 % third 80 %
    # level, 50 … 330: 甲 70/280 = 25 %, 乙 100 %, 丙 0 %
    # 甲 60 × 1 + 40 × 0.25 = 70; 乙 60 × 0.9 + 40 = 94; 丙 60 × 0.8 = 48
    found = points(scheme(criterion("c", rule)), text)
    assert found == {"乙": "94.00", "甲": "70.00", "丙": "48.00"}


def test_it_multiplies_nothing_by_a_weight_in_percent_twice() -> None:
    # Two contests, 60 and 40 of 100; inside, percent of the contest.
    two = scheme(
        weights="percent",
        contests=[
            {"key": "a", "name": "甲", "weight": 60, "criteria": [
                criterion("a1", {"kind": "completion", "value": "x"}, 75),
                criterion("a2", {"kind": "completion", "value": "y"}, 25)]},
            {"key": "b", "name": "乙", "weight": 40, "criteria": [
                criterion("b1", {"kind": "completion", "value": "z"}, 100)]},
        ],
    )  # fmt: skip
    text = """
        镇 x 80
        镇 x@target 100
        镇 y 50
        镇 y@target 100
        镇 z 90
        镇 z@target 100
    """
    # 60 × 75 % = 45 × 0.8 = 36; 60 × 25 % = 15 × 0.5 = 7.5; 40 × 0.9 = 36
    result = scored(two, text)
    assert [f"{one.points:f}" for one in result.of("镇").criteria] == ["36.00", "7.50", "36.00"]
    assert points(two, text) == {"镇": "79.50"}
    assert result.of("镇").contest_points() == {
        "a": result.of("镇").criteria[0].points + result.of("镇").criteria[1].points,
        "b": result.of("镇").criteria[2].points,
    }


def test_it_rounds_once_half_to_even_or_half_up() -> None:
    # 1/3 of 1.125 is 0.375 exactly; worked out with thirds it must stay a tie.
    third = {"kind": "completion", "value": "x"}
    text = "甲 x 1\n甲 x@target 3\n乙 x 1\n乙 x@target 9"
    even = scheme(criterion("c", third, "1.125"), out_of="1.125")
    up = scheme(criterion("c", third, "1.125"), out_of="1.125", rounding="half_up")
    # 甲 0.375 → 0.38 either way (8 is even); 乙 1.125/9 = 0.125 → 0.12 to even, 0.13 up
    assert points(even, text) == {"甲": "0.38", "乙": "0.12"}
    assert points(up, text) == {"甲": "0.38", "乙": "0.13"}


def test_it_ranks_groups_apart() -> None:
    rule = criterion("c", {"kind": "rank_points", "value": "x", "step": 10})
    text = "甲 x 1 2024-03 a\n乙 x 2 2024-03 a\n丙 x 3 2024-03 b"
    assert ranks(scheme(rule), text) == {"乙": 1, "甲": 2, "丙": 1}
