"""Rows: what is refused, and who takes part where."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from jiulong.scorecards.engine.observations import Observations, ObservationsError, Row
from jiulong.scorecards.engine.scoring import score
from tests.scorecards.engine.making import criterion, one, scheme

GOOD = Row("甲", "g", "x", "2024-03", Decimal(1), line=2)


def refused(*rows: Row) -> list[tuple[int, str]]:
    with pytest.raises(ObservationsError) as caught:
        Observations.of(rows)
    return [(fault.line, str(fault.refusal)) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"subject": " "}, "no subject is given"),
        ({"group": ""}, "no group is given for 甲"),
        ({"subject": "a\nb"}, "“a\\nb” is no name: too long, or with signs that cannot be seen"),
        ({"group": "g\x00"}, "“g\\x00” is no name: too long, or with signs that cannot be seen"),
        ({"subject": "x" * 201}, f"“{'x' * 20}” is no name"),
        ({"indicator": "a b"}, "“a b” is no code of an indicator"),
        (
            {"period": "2024-3"},
            "“2024-3” is no period; expected as 2024, 2024H1, 2024Q1 or 2024-03",
        ),
        ({"value": Decimal("NaN")}, "“NaN” is no number that can be used"),
        ({"value": Decimal("Infinity")}, "“Infinity” is no number that can be used"),
        ({"value": Decimal("1e18")}, "“1E+18” is no number that can be used"),
        ({"value": Decimal("1e-13")}, "“1E-13” is no number that can be used"),
    ],
)
def test_it_refuses_rows_that_say_nothing(keys: dict[str, Any], said: str) -> None:
    [(line, told)] = refused(GOOD._replace(**keys))
    assert line == 2
    assert told.startswith(said)


def test_the_same_twice_is_an_error_even_if_it_says_the_same() -> None:
    assert refused(GOOD, GOOD._replace(line=9)) == [
        (9, "x of 甲 for 2024-03 stands in line 2 already")
    ]


def test_a_subject_is_in_one_group_in_a_period() -> None:
    other = GOOD._replace(indicator="y", group="h", line=3)
    assert refused(GOOD, other) == [(3, "甲 is in “h” for 2024-03, and in “g” in line 2")]
    Observations.of([GOOD, other._replace(period="2024-04")])


def test_the_group_is_that_of_the_period_else_of_one_within_else_around() -> None:
    rows = [
        GOOD._replace(period=period, group=group)
        for period, group in (("2024", "year"), ("2024-02", "feb"), ("2024-03", "mar"))
    ]
    observations = Observations.of(rows)
    assert [observations.members(one_) for one_ in ("2024-03", "2024Q1", "2024-07", "2024")] == [
        {"甲": "mar"}, {"甲": "mar"}, {"甲": "year"}, {"甲": "year"},
    ]  # fmt: skip
    assert observations.members("2023") == {}


def test_scoring_refuses_a_group_that_the_scheme_does_not_have() -> None:
    rules = scheme(
        criterion("c", {"kind": "share", "value": "x"}), groups=[{"key": "towns", "name": "镇"}]
    )
    with pytest.raises(ObservationsError) as caught:
        score(rules, Observations.of([GOOD]), "2024-03")
    assert [(fault.line, str(fault.refusal)) for fault in caught.value.faults] == [
        (2, "甲 is in group “g”, which the scheme does not have; it has towns")
    ]
    with pytest.raises(ValueError, match="march"):
        score(rules, Observations.of([GOOD]), "march")


def test_scoring_refuses_a_fact_that_is_less_than_nothing() -> None:
    bonus = criterion("b", {"kind": "bonus", "facts": ["bonus@a"]})
    rules = scheme(criterion("c", {"kind": "share", "value": "x"}), adjustments=[bonus])
    row = Row("甲", "g", "bonus@a", "2024-03", Decimal(-1), line=7)
    with pytest.raises(ObservationsError) as caught:
        score(rules, Observations.of([GOOD, row]), "2024-03")
    assert [(fault.line, str(fault.refusal)) for fault in caught.value.faults] == [
        (7, "bonus@a of 甲 is -1; it cannot be less than 0")
    ]


def test_every_point_opens_to_its_rows_and_their_evidence() -> None:
    rows = [
        GOOD._replace(ref="observation/1"),
        Row("甲", "g", "x@target", "2024", Decimal(4), "target/1 target/2"),
    ]
    [standing] = score(one("completion", value="x"), Observations.of(rows), "2024-03").standings
    explain = standing.criteria[0].explain
    assert list(explain.all_rows()) == rows
    assert explain.refs == ("observation/1", "target/1", "target/2")
    assert standing.criteria[0].text("zh").splitlines() == [
        "c：25 分（满分 100 分）",
        "  25 % × 100 分 = 25 分",
        "    完成率 = 1 ÷ 4 = 25 %",
        "      x（2024-03）：1",
        "      x目标（2024）：4",
    ]
