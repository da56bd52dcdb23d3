"""Water classes by GB 3838-2002, worked by hand from its table 1."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jiulong.plant import water_class
from jiulong.plant.water_class import BELOW, evaluate, grade_of

COD, CODMN, NH3, TP, TN, DO, PH = (
    "w01018", "w01019", "w21003", "w21011", "w21001", "w01009", "w01001",
)  # fmt: skip


@pytest.mark.parametrize(
    ("code", "value", "grade"),
    [
        # COD: Ⅰ and Ⅱ ≤ 15, Ⅲ ≤ 20, Ⅳ ≤ 30, Ⅴ ≤ 40; the limit itself is kept.
        (COD, "15", 1), (COD, "15.1", 3), (COD, "20", 3), (COD, "20.1", 4), (COD, "40", 5),
        (COD, "40.01", BELOW),
        # Permanganate index: 2, 4, 6, 10, 15.
        (CODMN, "2", 1), (CODMN, "3.9", 2), (CODMN, "6.0", 3), (CODMN, "15.1", BELOW),
        # Ammonia: 0.15, 0.5, 1.0, 1.5, 2.0.
        (NH3, "0.15", 1), (NH3, "0.16", 2), (NH3, "1.0", 3), (NH3, "1.2", 4), (NH3, "2.0", 5),
        # Total phosphorus of rivers: 0.02, 0.1, 0.2, 0.3, 0.4.
        (TP, "0.02", 1), (TP, "0.2", 3), (TP, "0.21", 4), (TP, "0.41", BELOW),
        # Dissolved oxygen must reach 7.5, 6, 5, 3, 2.
        (DO, "7.5", 1), (DO, "7.4", 2), (DO, "5", 3), (DO, "4.99", 4), (DO, "1.9", BELOW),
        # pH: 6 to 9 in every class.
        (PH, "6", 1), (PH, "9", 1), (PH, "9.01", BELOW), (PH, "5.9", BELOW),
        # Mercury in mg/L: 0.00005 (Ⅰ, Ⅱ), 0.0001 (Ⅲ), 0.001.
        ("w20111", "0.00005", 1), ("w20111", "0.0001", 3), ("w20111", "0.0011", BELOW),
    ],
)  # fmt: skip
def test_it_takes_the_best_class_whose_limit_is_kept(code: str, value: str, grade: int) -> None:
    assert grade_of(code, Decimal(value)) == grade


@pytest.mark.parametrize("code", [TN, "w01010", "w02003", "w01012"])
def test_it_leaves_out_what_says_nothing_of_a_river(code: str) -> None:
    assert grade_of(code, Decimal(99)) is None


def test_a_section_is_as_good_as_its_worst_factor() -> None:
    """pH 7.4 → Ⅰ; DO 6.2 → Ⅱ; CODMn 4.8 → Ⅲ; COD 17 → Ⅲ; NH3-N 1.3 → Ⅳ; TP 0.18 → Ⅲ: Ⅳ."""
    measured = {
        PH: Decimal("7.4"), DO: Decimal("6.2"), CODMN: Decimal("4.8"), COD: Decimal(17),
        NH3: Decimal("1.3"), TP: Decimal("0.18"), TN: Decimal("6.8"),
    }  # fmt: skip
    verdict = evaluate(measured, target=3)
    assert verdict is not None
    assert (verdict.grade, verdict.worst) == (4, (NH3,))
    (missed,) = verdict.over(3)
    # 1.3 ÷ 1.0 − 1
    assert (missed.code, missed.limit, missed.times) == (NH3, Decimal("1.0"), Decimal("0.3"))
    assert TN not in {one.code for one in verdict.factors}


def test_it_names_all_that_miss_the_target_worst_first() -> None:
    verdict = evaluate(
        {COD: Decimal(33), NH3: Decimal("2.6"), TP: Decimal("0.25"), DO: Decimal(4)}, target=3
    )
    assert verdict is not None
    told = [(one.code, one.grade, one.times) for one in verdict.over(3)]
    # NH3-N 2.6 ÷ 1.0 − 1 = 1.6; COD 33 ÷ 20 − 1 = 0.65; TP 0.25 ÷ 0.2 − 1 = 0.25; DO has none.
    assert told == [
        (NH3, 6, Decimal("1.6")), (COD, 5, Decimal("0.65")), (TP, 4, Decimal("0.25")),
        (DO, 4, None),
    ]  # fmt: skip


def test_nothing_that_counts_is_no_class() -> None:
    assert evaluate({}, 3) is None
    assert evaluate({TN: Decimal(3)}, 3) is None


def test_all_good_is_class_one() -> None:
    verdict = evaluate({PH: Decimal(7), COD: Decimal(10), DO: Decimal(8)}, target=2)
    assert verdict is not None
    assert (verdict.grade, verdict.worst, verdict.over(2)) == (1, (), ())


def test_its_limits_never_tighten_from_class_to_class() -> None:
    for limits in water_class.UPPER.values():
        assert list(map(Decimal, limits)) == sorted(map(Decimal, limits))
    for limits in water_class.LOWER.values():
        assert list(map(Decimal, limits)) == sorted(map(Decimal, limits), reverse=True)
    assert len(water_class.FACTORS) == 21  # table 1 without temperature, TN and coliforms
