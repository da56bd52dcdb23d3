"""Formulas: exact, small and safe."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jiulong.scorecards.engine.formulas import Formula, FormulaError, NoFigureError, compiled

VALUES = {"a": Decimal(12), "b": Decimal(8), "gdp@target": Decimal(5), "x.y": Decimal("0.1")}


def result(text: str) -> Decimal:
    return Formula(text).evaluate(VALUES.get).normalize()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * 2", "28"),
        ("(a - b) / a * 3", "1"),
        ("0.1 + 0.2", "0.3"),  # no floats
        ('v("x.y") * 3', "0.3"),
        ('v("gdp@target") - v("nobody", 2)', "3"),
        ('has("a") + has("nobody")', "1"),
        ("min(a, b, 9) + max(1, 2) + abs(-3)", "13"),
        ("round_half_even(2.5) + round_half_even(0.125, 2)", "2.12"),
        ("when(b > 0, a / b, 0)", "1.5"),
        ("when(b - b, a / (b - b), 7)", "7"),  # only one branch is worked out
        ("a if a > b and not b > 9 else -1", "12"),
        ("1 < b <= 8", "1"),
        ("a > b or c", "1"),
        ("a * 100000000 * 1.23456789", "1481481468"),
    ],
)
def test_it_computes(text: str, expected: str) -> None:
    assert result(text) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no formula, or a long one"),
        ("a +", "cannot be read"),
        ("a; b", "cannot be read"),
        ("a ** 99999", "do not know Pow"),
        ("a // b", "do not know FloorDiv"),
        ("a % b", "do not know Mod"),
        ("[a]", "do not know List"),
        ("a.real", "do not know Attribute"),
        ("a[0]", "do not know Subscript"),
        ("f'{a}'", "do not know JoinedStr"),
        ("(lambda: 1)()", "there is no function “?”"),
        ("__import__('os')", "there is no function “__import__”"),
        ("open('x')", "there is no function “open”"),
        ("'text'", "do not know 'text'"),
        ("True", "do not know True"),
        ("1e999", "is no number that can be used"),
        ("min()", "“min” takes 1 to 20 arguments"),
        ("abs(a, b)", "“abs” takes 1 to 1 arguments"),
        ("abs(x=a)", "“abs” takes 1 to 1 arguments"),
        ("v(a)", "takes an indicator's code in quotes first"),
        ("round_half_even(a, 99)", "number of decimals"),
        ("round_half_even(a, b)", "number of decimals"),
        ("A + 1", "“A” cannot stand in a formula by itself"),
        ("min + 1", "“min” cannot stand in a formula by itself"),
        ("产值 + 1", "cannot stand in a formula by itself"),
        ("(" * 400 + "a" + ")" * 400, "no formula, or a long one"),
        ("+".join("a" * 240), "no formula, or a long one"),
    ],
)
def test_it_refuses_what_is_no_arithmetic(text: str, said: str) -> None:
    with pytest.raises(FormulaError) as caught:
        Formula(text)
    assert said in str(caught.value)
    assert caught.value.refusal.text("zh")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a / (b - 8)", "it divides by 0"),
        ("a and has('b') < 0 or 'x' == v('a')", "do not know 'x'"),
    ],
)
def test_it_says_why_there_is_no_result(text: str, said: str) -> None:
    with pytest.raises(FormulaError) as caught:
        result(text)
    assert said in str(caught.value)


def test_it_says_which_indicator_has_no_value() -> None:
    with pytest.raises(NoFigureError) as caught:
        result("a + nobody")
    assert (caught.value.code, str(caught.value)) == ("nobody", "there is no value of nobody")


def test_a_number_that_grows_without_end_has_no_result() -> None:
    with pytest.raises(FormulaError):
        result("*".join(["999999999999999999"] * 40))


def test_it_tells_what_it_reads() -> None:
    formula = compiled('a + v("x.y") + v("c", 0) + has("d")')
    assert (formula.needs, formula.names) == ({"a", "x.y"}, {"a", "x.y", "c", "d"})
    assert formula is compiled('a + v("x.y") + v("c", 0) + has("d")')
