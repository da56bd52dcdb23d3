"""Sampling rules and hold times of packs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import ValidationError

from jiulong.packs.checking import Library
from jiulong.packs.sections import Context, registered
from jiulong.sampling.models import HoldTime, SamplingRule
from jiulong.sampling.sections import HOLDS, RULES, HoldItem, RuleItem
from jiulong.sampling.tables import hold_table
from tests.factories import NOW

SECTIONS = {section.key: section for section in registered() if section.key in {RULES, HOLDS}}
GOOD: dict[str, Any] = {"key": "a.b", "on": "finding", "reason": "x", "kinds": ["offline"]}


def context(**held: frozenset[str]) -> Context:
    return Context(pack="t", known=Library([]), now=NOW, held=held)


def apply(key: str, items: Sequence[Any], *, held: frozenset[str] = frozenset()) -> list[str]:
    told = context(**{key: held})
    changes = list(SECTIONS[key].plan(items, told))
    SECTIONS[key].apply(changes, told)
    return [change.kind for change in changes]


@pytest.mark.django_db
def test_rules_come_change_go_and_come_back() -> None:
    held = frozenset({"a.b"})
    assert apply(RULES, [RuleItem(**GOOD)]) == ["add"]
    assert apply(RULES, [RuleItem(**GOOD)], held=held) == ["same"]
    assert apply(RULES, [RuleItem(**GOOD, multiple="1.0")], held=held) == ["change"]
    assert SamplingRule.objects.get().spec["multiple"] == "1.0"
    assert SECTIONS[RULES].export is not None
    assert RuleItem(**SECTIONS[RULES].export("t")[0]).multiple == "1.0"
    assert apply(RULES, [], held=held) == ["retire"]
    assert SamplingRule.objects.get().retired_at == NOW
    assert apply(RULES, [RuleItem(**GOOD)]) == ["add"]
    assert SamplingRule.objects.get().retired_at is None


@pytest.mark.django_db
def test_hold_times_take_the_place_of_those_in_the_box() -> None:
    item = HoldItem(factor="w20117", hours=336, source="HJ 908-2017")
    assert hold_table()["w20117"].hours == 24
    assert apply(HOLDS, [item]) == ["add"]
    assert (hold_table()["w20117"].hours, hold_table()["w01018"].hours) == (336, 48)
    assert apply(HOLDS, [item], held=frozenset({"w20117"})) == ["same"]
    assert apply(HOLDS, [], held=frozenset({"w20117"})) == ["retire"]
    assert not HoldTime.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kinds": []},
        {"multiple": "much"},
        {"multiple": "NaN"},
        {"on": "monday"},
        {"window": "night"},
        {"count": 0},
        {"every_days": 0},
        {"fresh_minutes": 0},
        {"purpose": "fun"},
        {"surprise": 1},
    ],
)
def test_what_cannot_be_is_a_fault(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RuleItem(**{**GOOD, **wrong})


def test_an_unknown_kind_is_told_with_the_nearest() -> None:
    (fault,) = SECTIONS[RULES].check([RuleItem(**{**GOOD, "kinds": ["ofline"]})], context())
    assert fault.path == (0, "kinds", 0)
    assert "offline" in fault.message
