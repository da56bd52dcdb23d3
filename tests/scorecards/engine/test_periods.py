"""Periods as text."""

from __future__ import annotations

from datetime import date

import pytest

from jiulong.scorecards.engine import periods


@pytest.mark.parametrize("text", ["2024", "2024H2", "2024Q3", "2024-09"])
def test_it_reads_and_writes_the_same(text: str) -> None:
    assert str(periods.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "24", "2024-13", "2024-3", "2024Q5", "2024H0", "2024q1", "２０２４", "2024-03-01", "1800"],
)
def test_it_refuses_what_is_no_period(text: str) -> None:
    assert not periods.is_period(text)
    with pytest.raises(ValueError):
        periods.parse(text)


def test_it_sorts_by_end_and_the_longer_one_later() -> None:
    texts = ["2024", "2024Q4", "2024-12", "2024-11", "2023", "2024H2"]
    assert sorted(texts, key=periods.order) == [
        "2023", "2024-11", "2024-12", "2024Q4", "2024H2", "2024",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "joint", "before"),
    [
        ("2024-03", False, "2024-02"), ("2024-01", False, "2023-12"), ("2024Q1", False, "2023Q4"),
        ("2024H2", False, "2024H1"), ("2024", False, "2023"),
        ("2024-03", True, "2024-02"), ("2024-02", True, "2023-12"), ("2024-04", True, "2024-03"),
    ],
)  # fmt: skip
def test_it_knows_the_one_before(text: str, joint: bool, before: str) -> None:
    assert periods.previous(text, joint=joint) == before
    if not joint:
        assert periods.following(before) == text


def test_it_knows_what_lies_in_what() -> None:
    assert periods.enclosing("2024-05") == ("2024Q2", "2024H1", "2024")
    assert periods.ending_with("2024H1") == ("2024Q2", "2024-06")
    assert periods.contains("2024Q2", "2024-05")
    assert not periods.contains("2024Q2", "2024H1")
    assert not periods.contains("2024Q2", "2023-05")
    assert periods.year_before("2024Q2") == "2023Q2"
    assert periods.last_month("2024H1") == "2024-06"
    assert periods.first_day("2024H2") == date(2024, 7, 1)
    assert periods.of(date(2024, 8, 3), "quarter") == "2024Q3"
    assert periods.to_date("2024Q2", ["2024-01", "2024", "2024H1", "2023", "2024-07"]) == [
        "2024-01", "2024H1",
    ]  # fmt: skip
