"""`jiulong pack codes`: what a writer of packs may name, without reading code."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.utils import translation

from jiulong.cases import triggers, vocabulary
from jiulong.cases.schema import Needs, Recipient
from jiulong.cases.views.ledger import OWN
from jiulong.organisation.roles import BUILT_IN
from jiulong.organisation.verbs import VERBS
from jiulong.packs import codes
from jiulong.packs.vocabulary import known, offered
from tests.packs.conftest import UNITS, Write
from tests.packs.test_commands import refused, run


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def test_it_lists_units_with_their_names_kinds_and_packs(write: Write) -> None:
    write("xc", UNITS)
    assert run("codes", "units").splitlines() == [
        "Units",
        "  350602                     芗城区  district  xc",
        "  350602001                  东铺头街道  street  xc",
    ]


def test_it_finds_what_says_so(write: Write) -> None:
    write("xc", UNITS)
    assert run("codes", "units", "--find", "铺头 street").splitlines()[1:] == [
        "  350602001                  东铺头街道  street  xc"
    ]
    assert refused("codes", "--find", "nothing of the kind") == ("", "No code says so.")


def test_packs_outside_the_box_are_listed_with_it(write: Write, tmp_path: Any) -> None:
    folder = write("xc", UNITS)
    away = folder.rename(tmp_path / "xc")
    with pytest.raises(CommandError):
        run("codes", "units")
    told = json.loads(run("codes", "units", "--json", "--with", away))
    assert [code["code"] for code in told["units"]] == ["350602", "350602001"]


def test_a_pack_with_mistakes_gives_what_it_can(write: Write) -> None:
    write("xc", UNITS + "  - {code: x}\n")
    assert len(run("codes", "units").splitlines()) == 3


def test_it_knows_every_kind_of_word() -> None:
    found = {
        group.key: [code.code for code in group.codes] for group in codes.groups(settings.PACKS)
    }
    # What the code has in the box already, no pack of the box has to bring.
    assert set(codes.keys()) - set(found) == {
        "calendar", "mark_kinds", "qc_limits", "upkeep_forms", "upkeep_clocks",
        "sample_hold_times",
    }  # fmt: skip
    assert found["verbs"] == list(VERBS)
    assert found["columns"] == list(OWN)
    assert set(BUILT_IN) < set(found["roles"])
    assert "hour_exceedance" in found["findings"]
    assert {"flag", "table"} < set(found["icons"])
    assert "duban.case" in found["matters"] or found["matters"]


def test_every_word_of_the_models_is_explained() -> None:
    assert {*get_args(Needs)} == {*vocabulary.NEEDS}
    assert {*get_args(Recipient)} == {*vocabulary.TELL}
    silent = [
        (words.key, word.code)
        for words in offered()
        if words.key != "icons"
        for word in words.words()
        if not word.meaning
    ]
    assert silent == []


def test_findings_are_listed_by_who_finds() -> None:
    assert [name for name in triggers.sources() if not known("findings", name)] == []
    assert known("findings", "nobody") == []
