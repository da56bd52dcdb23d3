"""Checks judged by HJ 355-2019 table 1, worked by hand at and around every edge."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from jiulong.upkeep.judging import judged
from jiulong.upkeep.provisions import QcLimitItem, built_in

LIMITS = [item for item in built_in()["qc_limits"].values() if isinstance(item, QcLimitItem)]


def verdict(
    factor: str, kind: str, *pairs: tuple[str, str], top: str | None = None, misses: int = 0
) -> tuple[str, bool]:
    found = judged(
        LIMITS, factor=factor, kind=kind, misses=misses,
        pairs=[(Decimal(true), Decimal(said)) for true, said in pairs],
        range_upper=None if top is None else Decimal(top),
    )  # fmt: skip
    return found.rule, found.passed


@pytest.mark.parametrize(
    ("factor", "kind", "true", "said", "expected"),
    [
        # a standard sample of 100 mg/L may read from 90 to 110
        ("w01018", "standard", "100", "110", ("cod_standard", True)),
        ("w01018", "standard", "100", "110.01", ("cod_standard", False)),
        ("w01018", "standard", "100", "90", ("cod_standard", True)),
        # COD in the field: ±5 mg/L below 30, then 30 %, 20 %, 15 %
        ("w01018", "comparison", "22.5", "27.5", ("cod_30", True)),
        ("w01018", "comparison", "22.5", "27.51", ("cod_30", False)),
        ("w01018", "comparison", "30", "39", ("cod_60", True)),
        ("w01018", "comparison", "30", "39.1", ("cod_60", False)),
        ("w01018", "comparison", "60", "72", ("cod_100", True)),
        ("w01018", "comparison", "60", "47.9", ("cod_100", False)),
        ("w01018", "comparison", "100", "115", ("cod_high", True)),
        ("w01018", "comparison", "100", "84", ("cod_high", False)),
        ("w21003", "comparison", "1.5", "1.8", ("nh3n_2", True)),
        ("w21003", "comparison", "2", "2.31", ("nh3n_high", False)),
        ("w21011", "comparison", "0.2", "0.241", ("tp_04", False)),
        ("w21011", "comparison", "0.4", "0.46", ("tp_high", True)),
        ("w21001", "comparison", "15", "17.25", ("tn_high", True)),
        ("w01001", "comparison", "7.00", "7.50", ("ph", True)),
        ("w01001", "comparison", "7.00", "7.51", ("ph", False)),
        ("w01010", "comparison", "20", "20.6", ("temperature", False)),
        ("w00000", "comparison", "10", "11", ("flow", True)),
        ("w00000", "comparison", "10", "8.9", ("flow", False)),
    ],
)
def test_it_goes_by_the_limit_of_that_height(
    factor: str, kind: str, true: str, said: str, expected: tuple[str, bool]
) -> None:
    assert verdict(factor, kind, (true, said)) == expected


def test_zero_is_judged_by_the_range() -> None:
    assert verdict("w01018", "zero", ("0", "10"), top="200") == ("cod_zero", True)
    assert verdict("w01018", "zero", ("0", "10.1"), top="200") == ("cod_zero", False)
    with pytest.raises(ValidationError) as refused:
        verdict("w01018", "zero", ("0", "1"))
    assert [*refused.value.message_dict] == ["range_upper"]


def test_of_several_pairs_one_may_lie_outside() -> None:
    good, bad = ("100", "104"), ("100", "130")
    assert verdict("w01018", "comparison", good, good, bad, misses=1) == ("cod_high", True)
    assert verdict("w01018", "comparison", good, bad, bad, misses=1) == ("cod_high", False)
    assert verdict("w01018", "comparison", bad, misses=1) == ("cod_high", False)


def test_what_has_no_limit_cannot_be_judged() -> None:
    for factor, kind in (("w01012", "comparison"), ("w01001", "span")):
        with pytest.raises(ValidationError) as refused:
            verdict(factor, kind, ("7", "7"))
        assert [*refused.value.message_dict] == ["kind"]
    with pytest.raises(ValidationError) as refused:
        verdict("w01018", "standard", ("0", "7"))
    assert [*refused.value.message_dict] == ["reference"]
