"""Expected to date and required of the rest, worked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jiulong.rounding import rounded
from jiulong.scorecards.engine.expectation import (
    ABOUT_GROWTH,
    ABOUT_LEVEL,
    About,
    expected_to_date,
    meets,
    required_rest,
)
from jiulong.scorecards.engine.judging import robust_mean


def d(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


def test_it_expects_by_time_and_by_last_years_season() -> None:
    # Last year 18 of 120 by March: spring is slow. Of 132, time wants 132 × 3/12 = 33,
    # the season 132 × 18/120 = 19.8.
    found = expected_to_date(Decimal(132), {3: Decimal(18), 12: Decimal(120)}, 3)
    assert found.by_time == Decimal(33)
    assert found.by_season == Decimal("19.8")
    assert (found.time_progress, found.season_progress) == (Decimal("0.25"), Decimal("0.15"))


def test_without_last_year_it_expects_by_time_alone() -> None:
    for last_year in ({}, {3: Decimal(18)}, {3: Decimal(18), 12: Decimal(0)}):
        assert expected_to_date(Decimal(120), last_year, 2)[:2] == (Decimal(20), None)
    with pytest.raises(ValueError, match="13"):
        expected_to_date(Decimal(1), {}, 13)


def test_it_works_out_the_growth_that_the_rest_needs() -> None:
    # Last year 100, of them 40 by June; target + 8 %: 108. Now 41.6 (+ 4 %): 66.4 still to come
    # against 60 last year: 66.4/60 − 1 = 10.67 %.
    found = required_rest(
        Decimal(8), kind="growth", cumulative=Decimal("41.6"), base_year=Decimal(100),
        base_cumulative=Decimal(40),
    )  # fmt: skip
    assert (found.rest, found.reached) == (Decimal("66.4"), False)
    assert found.growth is not None
    assert rounded(found.growth, 2) == Decimal("10.67")


def test_a_level_may_be_reached_and_last_year_may_have_had_nothing_left() -> None:
    reached = required_rest(
        Decimal(50), kind="level", cumulative=Decimal(60), base_year=Decimal(40),
        base_cumulative=Decimal(30),
    )  # fmt: skip
    # −10 still to come against 10: −200 %
    assert (reached.rest, reached.growth, reached.reached) == (Decimal(-10), Decimal(-200), True)
    nothing_left = required_rest(
        Decimal(50), kind="level", cumulative=Decimal(30), base_year=Decimal(40),
        base_cumulative=Decimal(40),
    )  # fmt: skip
    assert (nothing_left.rest, nothing_left.growth) == (Decimal(20), None)


@pytest.mark.parametrize(
    ("value", "target", "about", "down", "expected"),
    [
        ("7.5", "7.5", None, False, True),  # 以上: at least
        ("7.49", "7.5", None, False, False),
        ("7.0", "7.5", ABOUT_GROWTH, False, True),  # 左右: half a point
        ("6.99", "7.5", ABOUT_GROWTH, False, False),
        ("9", "7.5", ABOUT_GROWTH, False, True),  # more is no failure
        ("1330", "1400", ABOUT_LEVEL, False, True),  # 5 %
        ("1329", "1400", ABOUT_LEVEL, False, False),
        ("10", "10", None, True, True),
        ("10.5", "10", About(percent=Decimal(5)), True, True),
        ("10.6", "10", About(percent=Decimal(5)), True, False),
        ("10.5", "10", About(), True, True),
    ],
)
def test_a_target_is_met_at_least_or_about(
    value: str, target: str, about: About | None, down: bool, expected: bool
) -> None:
    assert meets(Decimal(value), Decimal(target), about, down=down) is expected


def test_the_robust_mean_leaves_out_both_ends() -> None:
    scores = d("60", "88", "90", "92", "100")
    found = robust_mean(scores)
    assert (found.mean, list(found.dropped)) == (Decimal(90), d("60", "100"))
    assert robust_mean(scores, trim=2).mean == Decimal(90)
    assert robust_mean(scores, trim=0).mean == Decimal(86)
    assert robust_mean(scores, trim=1, minimum=6).mean is None
    assert robust_mean(scores[:4], trim=2, minimum=1).mean is None  # nothing would be left
