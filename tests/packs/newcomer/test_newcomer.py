"""A system that was added by following docs/packs.md alone: lifts. Kept as it was written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from jiulong.cases import triggers
from jiulong.cases.models import Case, MatterType
from jiulong.packs.actions import apply_packs
from jiulong.registers.models import Entry
from tests.factories import NOW
from tests.packs.box.walk import Walk, hire, ways
from tests.packs.standing import standing

LIFTS = Path(__file__).parent / "dianti"


@pytest.fixture(scope="module")
def _standing_lifts(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    def prepare() -> None:
        apply_packs(actor=None, paths=[LIFTS], now=NOW)

    with standing(django_db_blocker, prepare):
        yield


@pytest.fixture
def lifts(_standing_lifts: None, db: None) -> None:
    """The pack is applied."""


def test_it_is_made_of_text_alone() -> None:
    assert {path.suffix for path in LIFTS.iterdir()} == {".yaml"}


def test_it_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("pack", "check", str(LIFTS))

    assert capsys.readouterr().out.startswith("dianti")


@pytest.mark.usefixtures("lifts")
def test_its_matters_lead_to_closing() -> None:
    hire()

    stages = {
        (matter.code, severity, result): Walk(matter, NOW).to_close(severity, result).stage
        for matter in MatterType.objects.order_by("code")
        for severity, result in ways(Walk(matter, NOW).spec)
    }

    assert ("dianti.rescue", "trapped", "stopped") in stages
    assert set(stages.values()) == {"closed"}


@pytest.mark.usefixtures("lifts")
def test_its_demo_comes_in_and_closing_has_changed_the_lift() -> None:
    hire()
    apply_packs(actor=None, paths=[LIFTS], demo=True, now=NOW)

    assert list(Case.objects.order_by("filed_at").values_list("stage", flat=True)) == [
        "closed", "assigned",
    ]  # fmt: skip
    lift = Entry.objects.get(number="DT-002")
    assert lift.data["state"] == "stopped"


@pytest.mark.usefixtures("lifts")
def test_upkeep_and_tests_open_by_themselves() -> None:
    apply_packs(actor=None, paths=[LIFTS], demo=True, now=NOW)
    for days in (1, 20):
        triggers.rounds_step(NOW + timedelta(days=days))

    found = Case.objects.exclude(matter__code="dianti.rescue")
    assert sorted(found.values_list("matter__code", "entry__number")) == [
        ("dianti.test", "DT-001"), ("dianti.upkeep", "DT-001"),
    ]  # fmt: skip
