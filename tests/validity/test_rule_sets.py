"""Rule sets of packs: in place of the box's or beside them, taken by date."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from jiulong.packs.loading import load
from jiulong.upkeep.models import Provision
from jiulong.validity import rule_sets
from jiulong.validity.engine.rules import RULE_SETS

HEAD = """
name: local
title: Local
version: 1
summary: Rule sets
rule_sets:
"""
ITEM = """
- code: fujian-230
  based_on: fujian-230
  name: {zh: 福建, en: Fujian}
  effective_from: 2023-07-01
  default: true
  min_ratio: 0.8
  usable_flags: [N, S]
  places: {w01018: 1}
  arithmetic_factors: [w01001]
  laws: [{law: 省政府令第230号, clause: 第二十六条}]
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "local" / "pack.yaml"
    path.parent.mkdir()
    path.write_text(HEAD + ITEM, "utf-8")
    return path


def test_a_pack_says_only_what_differs(pack: Path) -> None:
    read = load(pack.parent)
    assert read.mistakes == []
    found = rule_sets.with_items(read.items("rule_sets"))
    assert list(found) == list(RULE_SETS)
    local, boxed = found["fujian-230"], RULE_SETS["fujian-230"]
    assert (local.default, local.min_ratio, local.month_min_ratio) == (
        True, Decimal("0.8"), Decimal("0.75")
    )  # fmt: skip
    assert local.usable_flags == {"", ".", "N", "S"}
    assert local.judgement == boxed.judgement
    assert local.shown_mean("w01018", Decimal("40.25")) == "40.2"
    assert local.shown_mean("w20111", Decimal("0.00025")) == "0.000250"


def test_it_is_applied_taken_by_date_and_retired(pack: Path, db: None) -> None:
    call_command("pack", "apply", str(pack.parent), verbosity=0)
    days = [date(2023, 6, 30), date(2023, 7, 1)]
    assert [rule_sets.rule_set_on(day).code for day in days] == ["hj356-2019", "fujian-230"]
    assert rule_sets.known()["fujian-230"].min_ratio == Decimal("0.8")
    pack.write_text(HEAD.replace("version: 1", "version: 2"), "utf-8")
    call_command("pack", "apply", str(pack.parent), verbosity=0)
    assert not Provision.objects.filter(section="rule_sets").exists()
    assert rule_sets.rule_set_on(days[1]).code == "hj356-2019"


@pytest.mark.parametrize(
    ("line", "instead", "told"),
    [
        ("min_ratio: 0.8", "min_ratio: 1.2", "“1.2”"),
        ("based_on: fujian-230", "based_on: hj356", "hj356-2019"),
        ("default: true", "effective_to: 2020-01-01", "2023-07-01"),
        ("usable_flags: [N, S]", "usable_flags: [NN]", "“NN”"),
        ("  laws: [{law: 省政府令第230号, clause: 第二十六条}]", "", "laws"),
    ],
)
def test_it_refuses_what_makes_no_sense(pack: Path, line: str, instead: str, told: str) -> None:
    text = pack.read_text("utf-8")
    assert line in text
    pack.write_text(text.replace(line, instead), "utf-8")
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("pack", "check", str(pack.parent), stdout=out)
    assert told in out.getvalue()
