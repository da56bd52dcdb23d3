"""Exact decimals, one comparison, one rounding."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jiulong.monitoring.numbers import Breach, breach, exact, ratio, rounded


def test_it_gives_back_the_decimal_that_was_sent() -> None:
    assert [exact(value) for value in (0.1, 50.0, 1e-05, 123456.789)] == [
        Decimal("0.1"),
        Decimal("50.0"),
        Decimal("0.00001"),
        Decimal("123456.789"),
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [("0.125", "0.12"), ("0.135", "0.14"), ("0.1251", "0.13"), ("-0.125", "-0.12")],
)
def test_it_rounds_half_to_even(value: str, shown: str) -> None:
    assert rounded(Decimal(value)) == Decimal(shown)


def test_it_compares_without_rounding() -> None:
    limit = Decimal(50)
    assert breach(Decimal("50.0"), None, limit, code="w01018") is None
    assert breach(Decimal("50.001"), None, limit, code="w01018") == Breach(
        limit, Decimal("0.001"), Decimal("0.00")
    )


def test_it_says_how_many_times_over() -> None:
    found = breach(Decimal("81.5"), None, Decimal(50), code="w01018")
    assert found == Breach(Decimal(50), Decimal("31.5"), Decimal("0.63"))


def test_it_never_divides_ph() -> None:
    assert breach(Decimal("9.2"), Decimal(6), Decimal(9), code="w01001") == Breach(
        Decimal(9), Decimal("0.2"), None
    )
    assert breach(Decimal("5.5"), Decimal(6), Decimal(9), code="w01001") == Breach(
        Decimal(6), Decimal("0.5"), None
    )
    assert breach(Decimal(7), Decimal(6), Decimal(9), code="w01001") is None
    assert ratio(Decimal(7), Decimal(9), code="w01001") is None


def test_it_has_no_ratio_without_a_maximum() -> None:
    assert ratio(Decimal(7), None, code="w01018") is None
    assert ratio(Decimal(7), Decimal(0), code="w01018") is None
    assert ratio(Decimal(40), Decimal(50), code="w01018") == Decimal("0.80")
    assert breach(Decimal(1), None, Decimal(0), code="w01018") == Breach(
        Decimal(0), Decimal(1), None
    )
