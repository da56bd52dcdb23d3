"""Months worked by hand: the plain mean of effective daily means, three quarters of the days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from jiulong.validity.engine import means
from jiulong.validity.engine.model import Day, Month
from tests.validity.golden.sheet import COD, FLOW, HJ356, PH, day

FULL, SHORT = "24x40/10", "17x40/10 7x-/10"


def days(first: date, *texts: str, factor: str = COD, substitute: str | None = None) -> list[Day]:
    return [
        day(text, factor, on=first + timedelta(days=index), substitute=substitute)
        for index, text in enumerate(texts)
    ]


def month(given: list[Day]) -> Month:
    return means.month(given, month=given[0].on, rules=HJ356)


@pytest.mark.parametrize(
    ("first", "n_valid", "length", "valid"),
    [
        (date(2026, 2, 1), 21, 28, True),  # 21/28 = 0.75
        (date(2026, 2, 1), 20, 28, False),  # 20/28 = 0.714
        (date(2028, 2, 1), 21, 29, False),  # 21/29 = 0.724, a leap year
        (date(2028, 2, 1), 22, 29, True),  # 22/29 = 0.759
        (date(2026, 8, 1), 23, 31, False),  # 23/31 = 0.742
        (date(2026, 8, 1), 24, 31, True),  # 24/31 = 0.774
        (date(2026, 9, 1), 22, 30, False),  # 22/30 = 0.733
        (date(2026, 9, 1), 23, 30, True),  # 23/30 = 0.767
    ],
)
def test_50_three_quarters_of_the_calendar_days(
    first: date, n_valid: int, length: int, valid: bool
) -> None:
    found = month(days(first, *[FULL] * n_valid, *[SHORT] * (length - n_valid)))
    assert (found.n_valid, found.n_expected, found.valid) == (n_valid, length, valid)
    assert found.mean == (Decimal(40) if valid else None)


def test_51_days_that_were_never_given_are_expected() -> None:
    # 20 of 31 days: 0.645
    found = month(days(date(2026, 8, 1), *[FULL] * 20))
    assert (found.valid, found.ratio) == (False, Decimal("0.6452"))
    assert found.reasons == ("too_few", "load_incomplete")


def test_52_every_day_weighs_the_same() -> None:
    # 14 days at 10 mg/L with 24·100 m³, 14 at 20 with 24·1 m³: (140 + 280)/28 = 15,
    # whatever the flow. Loads: 14·10·2.4 + 14·20·0.024 = 336 + 6.72 = 342.72 kg
    given = days(date(2026, 2, 1), *["24x10/100"] * 14, *["24x20/1"] * 14)
    found = month(given)
    assert (found.mean, found.load_kg) == (15, Decimal("342.72"))
    assert (found.ratio, found.reasons) == (1, ())


def test_53_loads_that_stand_in_are_in_the_sum_and_marked() -> None:
    # 24 days at 40·240/1000 = 9.6 kg = 230.4; 7 days with 26.4 kg instead = 184.8; sum 415.2 kg.
    # The mean is of the 24 days only.
    given = days(date(2026, 8, 1), *[FULL] * 24, *[SHORT] * 7, substitute="26.4")
    found = month(given)
    assert (found.mean, found.load_kg, found.n_substituted) == (40, Decimal("415.2"), 7)
    assert found.reasons == ()


def test_54_days_without_a_load_are_told() -> None:
    # 24·9.6 = 230.4 kg; seven days have none
    found = month(days(date(2026, 8, 1), *[FULL] * 24, *[SHORT] * 7))
    assert (found.load_kg, found.reasons) == (Decimal("230.4"), ("load_incomplete",))


def test_55_days_without_a_batch_are_not_expected() -> None:
    # 12 days with discharge, 9 of them valid: 9/12 = 0.75. 19 days rested.
    first = date(2026, 8, 1)
    texts = ["24x40/10"] * 9 + [SHORT] * 3 + ["24x5/0"] * 19
    given = [
        day(text, on=first + timedelta(days=n), intermittent=True) for n, text in enumerate(texts)
    ]
    found = month(given)
    assert (found.n_valid, found.n_expected, found.valid) == (9, 12, True)


def test_56_ph_has_a_mean_and_no_load_flow_has_a_sum() -> None:
    # pH: 27 days at 7, one at 8: (189 + 8)/28 = 197/28 = 7.0357142857142…
    given = days(date(2026, 2, 1), *["24x7/10"] * 27, "24x8/10", factor=PH)
    found = month(given)
    assert (found.mean, found.load_kg) == (Decimal("7.035714285714"), None)
    # flow: 28·24·10 = 6,720 m³
    assert month(days(date(2026, 2, 1), *["24x10/10"] * 28, factor=FLOW)).mean == 6720


def test_57_days_of_other_months_are_refused() -> None:
    with pytest.raises(ValueError, match="does not lie in the month 2026-08"):
        means.month(days(date(2026, 7, 31), FULL, FULL), month=date(2026, 8, 1), rules=HJ356)
    with pytest.raises(ValueError, match="needs a day"):
        means.month([], month=date(2026, 8, 1), rules=HJ356)
