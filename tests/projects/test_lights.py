"""The light of a project: worked by hand, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from jiulong.projects.lights.gathering import in_force, months_back
from jiulong.projects.lights.judging import Facts, judge, months_between, whole_months
from jiulong.projects.lights.spec import LightSpec

PACK = Path(__file__).parents[2] / "packs" / "zhongdian-xiangmu" / "lights.yaml"
SETS = {
    item["code"]: LightSpec.model_validate(item)
    for item in yaml.safe_load(PACK.read_text())["project_lights"]
}
YINCHUAN, XINHUANG, TIANJIN = SETS["yinchuan-2025"], SETS["xinhuang"], SETS["tianjin-2022"]

#: On schedule at the end of June: half of the year's 1,200 is planned and done.
FACTS = Facts(
    month=date(2026, 6, 1), as_of=date(2026, 6, 30), year_plan=Decimal(1200), planned=Decimal(600),
    done=Decimal(600), planned_before=Decimal(500), done_before=Decimal(500),
    planned_start_on=date(2025, 9, 1), started_on=date(2025, 9, 5),
    in_statistics_on=date(2025, 10, 1), total=Decimal(5000),
)  # fmt: skip


def colour(spec: LightSpec, **known: object) -> str:
    return judge(spec, replace(FACTS, **known)).colour  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ("700", "green"),  # ahead of plan: −8.33 points
        ("600", "green"),
        ("480", "green"),  # (600 − 480) × 100 ÷ 1200 = 10.00: not more than 10
        ("479.94", "green"),  # 10.005 is rounded to 10.00, half to even, and 10.00 is judged
        ("479.90", "yellow"),  # 10.008 → 10.01
        ("240", "yellow"),  # 30.00: not more than 30
        ("239", "red"),  # 30.08
        ("0", "red"),  # 50.00
    ],
)
def test_it_lights_by_points_behind_the_plan(done: str, expected: str) -> None:
    assert colour(YINCHUAN, done=Decimal(done)) == expected


@pytest.mark.parametrize(
    ("due", "reason", "expected"),
    [
        (date(2026, 7, 1), "", "green"),  # not due yet
        (date(2026, 6, 15), "", "yellow"),  # in the month it is due
        (date(2026, 4, 30), "", "yellow"),  # two months after it
        (date(2026, 3, 31), "", "red"),  # three months after it
        (date(2026, 3, 31), "land is waited for", "yellow"),  # an accepted reason
    ],
)
def test_it_lights_by_a_late_start(due: date, reason: str, expected: str) -> None:
    late = {"planned_start_on": due, "started_on": None, "late_reason": reason}
    assert colour(YINCHUAN, in_statistics_on=None, **late) == expected


def test_it_says_that_a_reason_was_accepted() -> None:
    facts = replace(
        FACTS, planned_start_on=date(2026, 3, 1), started_on=None, late_reason="land",
        in_statistics_on=None,
    )  # fmt: skip
    verdict = judge(YINCHUAN, facts)
    step = next(one for one in verdict.steps if one.measure == "start_late")
    assert (verdict.measure, step.excused, step.edge) == ("start_late", True, "≥ 0")


@pytest.mark.parametrize(
    ("started", "expected"),
    [
        (date(2026, 6, 1), "green"),  # 29 days
        (date(2026, 5, 31), "green"),  # a month is over on the 31st, and June has none
        (date(2026, 5, 30), "yellow"),
        (date(2026, 4, 30), "red"),
    ],
)
def test_it_lights_what_is_not_in_the_statistics(started: date, expected: str) -> None:
    assert colour(YINCHUAN, started_on=started, in_statistics_on=None) == expected


def test_it_leaves_out_of_the_statistics_what_is_too_small_for_them() -> None:
    small = {"started_on": date(2026, 1, 1), "in_statistics_on": None}
    assert colour(YINCHUAN, total=Decimal(499), **small) == "green"
    assert colour(YINCHUAN, total=Decimal(500), **small) == "red"


def test_it_entered_the_statistics_only_later() -> None:
    known = {"started_on": date(2026, 1, 5), "in_statistics_on": date(2026, 7, 2)}
    assert colour(YINCHUAN, **known) == "red"  # at the end of June it was not there


@pytest.mark.parametrize(
    ("done", "expected", "word"),
    [
        ("580", "green", None),  # 80 of the month's task of 100: not under 80 %
        ("579", "yellow", {"zh": "专项跟踪", "en": "Special tracking"}),
        ("560", "yellow", {"zh": "专项跟踪", "en": "Special tracking"}),
        ("559", "red", {"zh": "黄牌", "en": "Yellow card"}),
    ],
)
def test_it_lights_by_the_months_own_task(done: str, expected: str, word: object) -> None:
    verdict = judge(XINHUANG, replace(FACTS, done=Decimal(done)))
    assert (verdict.colour, verdict.steps[0].word) == (expected, word)


def test_it_has_no_light_without_a_task() -> None:
    assert colour(XINHUANG, planned_before=Decimal(600)) == "none"
    assert colour(XINHUANG, planned=None) == "none"


@pytest.mark.parametrize(
    ("used", "expected"),
    [("500", "green"), ("499", "yellow"), ("350", "yellow"), ("349", "red")],
)  # 1,000 approved, half a year: 500 to be used; 350 is a gap of 30.00 %
def test_it_lights_by_special_bonds(used: str, expected: str) -> None:
    assert colour(TIANJIN, bond_approved=Decimal(1000), bond_used=Decimal(used)) == expected


def test_it_takes_the_heaviest_and_names_the_first_of_them() -> None:
    facts = replace(
        FACTS, done=Decimal(400), started_on=None, in_statistics_on=None,
        planned_start_on=date(2026, 2, 1),
    )  # fmt: skip
    verdict = judge(YINCHUAN, facts)
    found = {step.measure: step.colour for step in verdict.steps}
    assert (verdict.colour, verdict.measure) == ("red", "start_late")
    assert found == {"points_behind": "yellow", "start_late": "red"}


def test_it_explains_with_the_figures_it_used() -> None:
    step = judge(YINCHUAN, replace(FACTS, done=Decimal(400), reported_to=date(2026, 5, 1))).steps[0]
    assert step.as_json() == {
        "measure": "points_behind", "value": "16.67", "colour": "yellow", "edge": "> 10",
        "figures": {
            "year_plan": "1200", "planned": "600", "done": "400", "reported_to": "2026-05",
        },
        "word": None, "excused": False, "note": YINCHUAN.rules[0].note,
    }  # fmt: skip


def test_it_says_nothing_of_a_project_in_reserve() -> None:
    verdict = judge(YINCHUAN, Facts(month=date(2026, 6, 1), as_of=date(2026, 6, 30)))
    assert (verdict.colour, verdict.measure, verdict.steps) == ("none", "", ())


def test_months_are_counted_by_calendar_and_by_day() -> None:
    assert months_between(date(2025, 12, 31), date(2026, 1, 1)) == 1
    assert whole_months(date(2025, 12, 31), date(2026, 1, 30)) == 0
    assert months_back(date(2026, 2, 15), 3) == [
        date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1),
    ]  # fmt: skip


def test_the_set_in_force_is_the_newest_that_has_begun() -> None:
    newer = YINCHUAN.model_copy(update={"code": "newer", "since": date(2026, 7, 1)})
    sets = [YINCHUAN, newer, XINHUANG]
    assert in_force(sets, date(2026, 6, 30)) == YINCHUAN
    assert in_force(sets, date(2026, 7, 1)) == newer
    assert in_force(sets, date(2024, 1, 1)) is None
    assert in_force([XINHUANG], date(2026, 7, 1)) is None


def test_a_band_has_one_edge() -> None:
    item = YINCHUAN.model_dump(mode="json", by_alias=True)
    item["rules"][0]["bands"][0] |= {"under": 3}
    with pytest.raises(ValidationError, match=r"over.*under.*from"):
        LightSpec.model_validate(item)
