"""Scenario files say what they mean, or where they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiulong.demo.district import DATA, district
from jiulong.simulator.overlays import Exceedance
from jiulong.simulator.scenario import (
    DIRT,
    ScenarioError,
    Span,
    load_scenario,
    read_scenario,
)
from jiulong.simulator.wire import LoggerSpec

FOOD = LoggerSpec("0100DE303506020000000001", "123456", "food", "effluent", 7)
PLATING = LoggerSpec("0100DE303506020000000002", "123456", "plating", "process", 8)


def errors(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(text, "bad.yaml")
    return str(caught.value).splitlines()


def test_the_bundled_scenario_concerns_loggers_of_the_demo() -> None:
    scenario = load_scenario(DATA / "scenario.yaml")
    fates = [scenario.fate(s, place, 0.0) for place, s in enumerate(district().specs())]
    assert fates[41].outages[0] == Span(0.0, 3650 * 86_400.0)
    assert {dirt.kind for fate in fates for dirt in fate.dirt} == DIRT
    for fate, spec in zip(fates, district().specs(), strict=True):
        for overlay in fate.overlays:
            assert overlay.factor in spec.model().codes
    storm = [fate for fate in fates if any(span.start == 300.0 for span in fate.outages)]
    assert 15 <= len(storm) <= 45


def test_it_reads_every_kind_of_event() -> None:
    scenario = read_scenario("""
- exceedance: {who: food, factor: w01018, multiple: 2.5, from: 5m, for: 1.5h}
- frozen: {who: "2", factor: w01001, from: 0s, for: 1d}
- fault: {who: "0100DE303506020000000002", factor: w20116, flag: D, from: 1m, for: 2m}
- outage: {who: 100%, from: 10s, for: 20s}
- drift: {who: process, seconds: -30, from: 0m, for: 1h}
- dirty: {who: all, kind: garbage, every: 5s, from: 0m, for: 1m}
- door: {who: plating, from: 0m, for: 1m}
- unit: {who: plating, code: SB1, from: 0m, for: 1m}
- parameter: {who: plating, factor: w20116, info: i13008, value: 0.62, from: 0m, for: 1m}
""")
    food, plating = scenario.fate(FOOD, 0, 1000.0), scenario.fate(PLATING, 1, 1000.0)
    assert food.overlays == (Exceedance("w01018", 2.5, 1300.0, 6700.0),)
    assert [type(overlay).__name__ for overlay in plating.overlays] == ["Frozen", "Marked"]
    assert food.outages == plating.outages == (Span(1010.0, 1030.0),)
    assert (food.drift_at(1000.0), plating.drift_at(1000.0)) == (0, -30.0)
    assert plating.drift_at(1000.0 + 3600) == 0
    assert food.outage_at(1009.9) is None
    assert food.outage_at(1010.0) == Span(1010.0, 1030.0)
    assert [deed.kind for deed in plating.deeds] == ["door", "unit", "parameter"]
    assert (food.deeds, plating.deeds[2].values["value"]) == ((), 0.62)
    assert (food.dirt[0].kind, food.dirt[0].every_s) == ("garbage", 5.0)


def test_a_share_always_draws_the_same_loggers() -> None:
    text = '- outage: {who: "30%", from: 0m, for: 1m}'
    drawn = [
        [
            bool(read_scenario(text).fate(s, p, 0.0).outages)
            for p, s in enumerate(district().specs())
        ]
        for _ in range(2)
    ]
    assert drawn[0] == drawn[1]
    assert 0.2 < sum(drawn[0]) / 120 < 0.4


def test_an_empty_file_is_a_quiet_day() -> None:
    assert read_scenario("# nothing").events == ()


def test_every_mistake_is_named_with_its_line() -> None:
    found = errors("""
- exceedance: {who: nobody!, factor: w01018, multiple: 2, from: 0m, for: 1h}
- exceedance: {who: all, factor: w99999, multiple: many, from: 0m, for: 0m}
- earthquake: {who: all}
- outage: {who: all, from: yesterday}
- fault: {who: all, factor: w01018, flag: X, from: 0m, for: 1h, colour: red}
- dirty: [all]
""")
    starts = [
        "bad.yaml:2: who: nobody is called 'nobody!'",
        "bad.yaml:3: factor: no simulated instrument measures 'w99999'",
        "bad.yaml:3: multiple: not a number: 'many'",
        "bad.yaml:3: for: must be longer than nothing, not '0m'",
        "bad.yaml:4: no event is called 'earthquake'",
        "bad.yaml:5: from: a duration is a number with s, m, h or d",
        "bad.yaml:5: outage needs for",
        "bad.yaml:6: flag: must be one of B, C, D, F, M, N, S, T, not 'X'",
        "bad.yaml:6: fault has no 'colour': who, from, for, factor, flag",
        "bad.yaml:7: dirty needs values in braces or indented beneath",
    ]
    assert len(found) == len(starts)
    for line, start in zip(found, starts, strict=True):
        assert line.startswith(start)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("all: 1", "bad.yaml:1: a scenario is a list of events, each beginning with -"),
        ("- outage", "bad.yaml:1: an event is one of"),
        ("\n- outage: {who: all", "bad.yaml:2: expected ',' or '}'"),
        ("- outage: {who: [all], from: 0m, for: 1m}", "bad.yaml:1: who is one word or number"),
        ('- outage: {who: "120%", from: 0m, for: 1m}', "bad.yaml:1: who: nobody is called"),
        ("- exceedance: {who: all, factor: w01018, multiple: 0, from: 0m, for: 1m}", "above 0"),
    ],
)
def test_a_broken_file_is_told_where(text: str, words: str) -> None:
    assert words in errors(text)[0]


def test_a_file_is_named_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "storm.yaml"
    path.write_text("- outage: {}", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"storm\.yaml:1: outage needs for, from, who"):
        load_scenario(path)
