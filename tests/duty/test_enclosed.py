"""What a dossier holds beside the case, and what lies over a curve."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import translation

from jiulong.cases import enclosures
from jiulong.cases.models import Case
from jiulong.duty import overlays
from jiulong.duty.enclosed import alarm_of, enclosed
from jiulong.monitoring.models import Factor
from jiulong.monitoring.overlays import Drawn, drawn
from jiulong.upkeep.models import Mark, QcTest
from jiulong.validity.models import DayStatistic, Revision
from tests.duty.scene import Scene
from tests.factories import NOW, make_factor

HOUR = timedelta(hours=1)


def mark(scene: Scene, **fields: Any) -> Mark:
    given = {
        "by_name": "甲", "entered_at": NOW, "kind": "fault", "group": "device", "letter": "D",
        "invalidates": True, "started_at": scene.alarm.started_at - HOUR,
        "ended_at": scene.alarm.started_at + HOUR, "explanation": "试剂耗尽", "due_at": NOW,
        "late": False,
    }  # fmt: skip
    return Mark.objects.create(point=scene.point, **{**given, **fields})


def check(scene: Scene, **fields: Any) -> QcTest:
    given = {
        "by_name": "甲", "entered_at": NOW, "kind": "standard", "at": scene.alarm.started_at,
        "reference": 100, "measured": 120, "measure": "relative", "error": "0.2",
        "tolerance": "0.1", "rule": "x", "rule_source": "HJ 355-2019", "passed": False,
    }  # fmt: skip
    factor = make_factor("w01018")
    return QcTest.objects.create(point=scene.point, factor=factor, **{**given, **fields})


def test_a_supervision_encloses_what_it_stands_on(scene: Scene) -> None:
    made, failed = mark(scene), check(scene)
    mark(scene, started_at=NOW - timedelta(days=9), ended_at=NOW - timedelta(days=8))
    found = enclosures.of(scene.keeper, scene.case)
    assert set(found.subjects) >= {
        ("monitoring.alarm", scene.alarm.pk),
        ("monitoring.finding", scene.finding.pk),
        ("upkeep.mark", made.pk),
        ("upkeep.qctest", failed.pk),
    }
    assert len([pk for label, pk in found.subjects if label == "upkeep.mark"]) == 1


def test_it_tells_how_the_days_were_reckoned_and_reckoned_anew(scene: Scene) -> None:
    factor, on = make_factor("w01018"), date(2026, 3, 10)
    DayStatistic.objects.create(
        point=scene.point, factor=factor, on=on, over=True, valid=True, n_expected=24, n_valid=20,
        ratio=Decimal("0.8333"), mean=Decimal("61.25"), method="weighted", rule="hj356",
        revision=1, computed_at=NOW,
    )  # fmt: skip
    Revision.objects.create(
        point=scene.point, factor=factor, on=on, number=1, before={}, after={}, causes=["mark/1"],
        at=NOW,
    )  # fmt: skip
    with translation.override("en"):
        facts = enclosed(scene.keeper, scene.case).facts
    assert ("Day mean", "2026-03-10 · COD · 61.25 · 20/24 · hj356 · #1") in facts
    assert ("Day reckoned anew", "2026-03-10 · COD · 2026-03-10 12:00") in facts
    assert [value for label, value in facts if label == "Finding"] == [
        "hour_exceedance · COD · 2026-03-10 10:00 · 75 / 50 · ×0.50"
    ]


def test_what_follows_a_supervision_encloses_it_and_its_alarm(scene: Scene) -> None:
    following = Case.objects.create(
        number="罚1", matter=scene.case.matter, title="处罚", stage="filed", filed_at=NOW,
        dispatch=scene.case.dispatch, parent=scene.case,
    )  # fmt: skip
    assert alarm_of(following) is None
    assert alarm_of(scene.case) == scene.alarm
    subjects = enclosed(scene.keeper, following).subjects
    assert ("monitoring.alarm", scene.alarm.pk) in subjects


def test_a_stranger_to_the_outfall_gets_nothing(scene: Scene) -> None:
    mark(scene)
    found = enclosed(scene.sibling, scene.case)
    assert (found.subjects, found.facts) == ((), ())


def test_marks_checks_and_samples_lie_over_the_curve(scene: Scene) -> None:
    mark(scene)
    mark(scene, factors=[make_factor("w21003").pk])
    check(scene)
    check(scene, passed=True, at=NOW + timedelta(days=1))
    factor = Factor.objects.get(code="w01018")
    start, end = NOW - timedelta(days=1), NOW
    (band,) = overlays.marks(scene.keeper, scene.point, factor, start, end)
    assert (band.shape, band.letter, band.tone) == ("band", "D", "near")
    (tick,) = overlays.checks(scene.keeper, scene.point, factor, start, end)
    assert (tick.shape, tick.tone) == ("tick", "over")
    found = drawn(scene.keeper, scene.point, factor, start, end)
    assert {one["shape"] for one in found} == {"band", "tick"}


def test_what_is_drawn_is_told_in_milliseconds() -> None:
    told = Drawn("tick", NOW, "核查", tone="met").as_json()
    assert told == {
        "shape": "tick", "start": 1_773_115_200_000, "end": None, "words": "核查", "letter": "",
        "tone": "met", "address": "",
    }  # fmt: skip
