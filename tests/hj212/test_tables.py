"""The tables as data: complete, consistent, in both languages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hj212 import (
    COMMANDS,
    EXECUTION_RESULTS,
    FACTORS,
    FACTORS_2005,
    FLAGS,
    FLAGS_2005,
    INFOS,
    PROFILES,
    REQUEST_RESULTS,
    SYSTEMS,
    factor,
    info,
)

CHANGED_UNIT = {
    "w20089", "w20111", "w20113", "w20115", "w20117", "w20119", "w20120", "w20127", "w20128",
}  # fmt: skip


def test_table_b1_is_complete() -> None:
    assert len(FACTORS) == 63
    assert len([f for f in FACTORS.values() if f.old_code]) == 48
    assert all(f.zh and f.en and f.code == code for code, f in FACTORS.items())


def test_units_that_2017_changed() -> None:
    for code in CHANGED_UNIT:
        new = FACTORS[code]
        old = FACTORS_2005[new.old_code]
        assert (old.unit, old.to_mg_per_l) == ("mg/L", Decimal(1))
        assert new.to_mg_per_l in (Decimal("0.001"), Decimal("0.000001"))
    assert {f.mass_unit for f in FACTORS.values() if f.unit == "µg/L"} == {"g"}
    assert {f.mass_unit for f in FACTORS.values() if f.unit == "ng/L"} == {"mg"}


@pytest.mark.parametrize(
    ("code", "zh"),
    [("w01018", "化学需氧量"), ("W01018", "化学需氧量"), ("w01018#2", "化学需氧量"),
     ("011", "化学需氧量"), ("b01", "废水流量"), ("e10201", "进水化学需氧量")],
)  # fmt: skip
def test_factor_by_code(code: str, zh: str) -> None:
    found = factor(code)
    assert found is not None
    assert found.zh == zh


def test_unknown_codes_are_none() -> None:
    assert factor("zz") is None
    assert info("i99999") is None
    assert factor("") is None


def test_information_codes() -> None:
    state = info("I12001")
    assert state is not None
    assert (state.kind, state.values["9"].zh, "4" in state.values) == ("state", "待机", False)
    furnace = info("i33312")
    assert furnace is not None
    assert furnace.unit == "℃"
    assert all(entry.kind in ("log", "state", "parameter") for entry in INFOS.values())


def test_code_tables() -> None:
    assert set(REQUEST_RESULTS) == {*map(str, range(1, 10)), "100"}
    assert set(EXECUTION_RESULTS) == {*map(str, range(1, 7)), "100"}
    assert "".join(FLAGS) == "NFMSDCTB"
    assert FLAGS["F"].zh != FLAGS_2005["F"].zh
    assert {"21", "32", "52", "91"} <= set(SYSTEMS)


def test_commands_of_the_profiles() -> None:
    assert PROFILES["2005"].commands["1001"].sender == "host"
    assert PROFILES["2025"].commands["1001"].sender == "device"
    assert "1013" not in PROFILES["2005"].commands
    assert "3022" not in PROFILES["2017"].commands
    assert PROFILES["surface-water"].commands["1014"].kind == "request"
    assert PROFILES["surface-water"].commands["3080"].ask == ("PolId",)
    for profile in PROFILES.values():
        assert set(profile.commands) <= set(COMMANDS)
        assert set(profile.answers) <= set(profile.commands) | {"9015"}
        assert {cn for cn, _ in profile.first_connection} <= set(profile.commands)
        assert all(c.zh and c.en for c in profile.commands.values())
