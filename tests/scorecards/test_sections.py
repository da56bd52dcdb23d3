"""The sections of packs: what is checked without a database, and what applying makes."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from jiulong.packs.checking import Shelf
from jiulong.packs.sections import Context, registered
from jiulong.scorecards.actions import revise_observation
from jiulong.scorecards.models import Indicator, Observation, SheetPlan, Subject, Target
from jiulong.scorecards.queries import engine_rows
from tests.factories import make_unit

NOW = datetime(2026, 4, 9, 2, tzinfo=UTC)
OURS = ("indicators", "subjects", "targets", "observations", "sheets", "demo_observations")

PACK = """
name: probe
title: 试验
version: 1
summary: 试验
units:
  - {code: D, name: 区, kind: district}
  - {code: S1, name: 一街, kind: street, parent: D}
  - {code: S2, name: 二街, kind: street, parent: D}
indicators:
  - {code: retail, name: 社零, measure: 亿元, january_with_february: true, owner: D}
  - {code: gdp, name: 地区生产总值, measure: "%", kind: growth, every: quarter}
  - {code: people, name: 人口, measure: 人, every: year, cumulative: false}
  - {code: retail.each, name: 人均, measure: 元, formula: 'retail / people * 10'}
subjects:
  - {code: D, unit: D}
  - {code: streets, parent: D, each: {unit_kinds: [street]}, tags: [towns]}
targets:
  - {indicator: retail, period: 2026, of: {D: {value: 120, words: 120亿元}, S1: 70, S2: 50}}
observations:
  - {key: census, source: 普查, rows: [[S1, people, 2025, 1000]]}
demo_observations:
  - {key: months, file: months.csv}
sheets:
  - {key: monthly, name: 月报, indicators: [retail], subjects: [streets], levels: [{name: 负责人}]}
"""
CSV = """subject,indicator,lastyear-03,lastyear-12,thisyear-02,thisyear-03,thisyear-12
S1,retail,14,60,10.5,16,70
S2,retail,9,40,,10,
"""


def pack(tmp_path: Path, text: str = PACK, table: str = CSV) -> tuple[Shelf, Path]:
    folder = tmp_path / "probe"
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    (folder / "months.csv").write_text(table, encoding="utf-8")
    return Shelf([folder], tmp_path), folder


def apply(tmp_path: Path, text: str = PACK, held: frozenset[str] = frozenset()) -> dict[str, str]:
    """Section → kinds of the changes that applying our sections made."""
    shelf, _folder = pack(tmp_path, text)
    context: Context = shelf.context(
        shelf.given[0], now=NOW, held=dict.fromkeys(OURS, held)
    )  # fmt: skip
    told = {}
    for section in registered():
        if section.key in OURS:
            changes = list(section.plan(shelf.given[0].items(section.key), context))
            section.apply(changes, context)
            told[section.key] = " ".join(change.kind for change in changes)
    return told


def units() -> None:
    district = make_unit("district", code="D", name="区")
    for code, name in (("S1", "一街"), ("S2", "二街")):
        make_unit("street", code=code, name=name, parent=district)


@pytest.mark.django_db
def test_a_pack_makes_indicators_subjects_targets_values_and_sheets(tmp_path: Path) -> None:
    units()
    assert apply(tmp_path) == {
        "indicators": "add add add add", "subjects": "add add", "targets": "add",
        "observations": "add", "sheets": "add", "demo_observations": "add",
    }  # fmt: skip
    assert set(apply(tmp_path).values()) == {"same", "same same", "same same same same"}
    each = Indicator.objects.get(code="retail.each")
    assert (each.source, each.formula) == ("formula", "retail / people * 10")
    street = Subject.objects.get(code="S1")
    assert (street.name, street.tags) == ("一街", ["streets", "towns"])
    assert street.parent is not None
    assert street.parent.code == "D"
    assert Target.objects.get(subject__code="D").words == "120亿元"
    # Months that are not over are left out, and so are empty cells.
    assert sorted(
        Observation.objects.filter(indicator__code="retail", subject__code__in=["S1", "S2"])
        .values_list("subject__code", "period")
    ) == [("S1", "2025-03"), ("S1", "2025-12"), ("S1", "2026-02"), ("S1", "2026-03"),
          ("S2", "2025-03"), ("S2", "2025-12"), ("S2", "2026-03")]  # fmt: skip
    assert SheetPlan.objects.get().spec["jump"] == "50"
    changed = PACK.replace("S1: 70, S2: 50", "S1: 65, S2: 55").replace("人均", "人均社零")
    told = apply(tmp_path, changed, frozenset({"monthly", "streets"}))
    assert (told["targets"], told["indicators"]) == ("change", "same same same change")
    held = Target.objects.filter(subject__code="S1").values_list("value", flat=True)
    assert list(held) == [Decimal(65), Decimal(70)]
    gone = PACK[: PACK.index("  - {code: streets")] + "\n"
    told = apply(tmp_path, gone, frozenset({"monthly", "streets", "D"}))
    assert (told["subjects"], told["sheets"]) == ("same retire", "retire")
    assert Subject.objects.get(code="S1").tags == ["towns"]


@pytest.mark.django_db
def test_rows_of_the_engine_carry_targets_and_what_is_expected_to_date(tmp_path: Path) -> None:
    units()
    apply(tmp_path)
    subjects = {row.pk: (row.code, "towns") for row in Subject.objects.filter(code__startswith="S")}
    rows = engine_rows(
        subjects=subjects, indicators={"retail", "retail@target", "retail@expected"},
        periods={"2026-03", "2025-03"},
    )  # fmt: skip
    told = sorted((row.subject, row.indicator, row.period, f"{row.value.normalize():f}")
                  for row in rows)  # fmt: skip
    assert told == [
        ("S1", "retail", "2025-03", "14"),
        ("S1", "retail", "2026-03", "16"),
        ("S1", "retail@expected", "2026-03", "16.333333"),  # 70 * 14 / 60
        ("S1", "retail@target", "2026", "70"),
        ("S2", "retail", "2025-03", "9"),
        ("S2", "retail", "2026-03", "10"),
        ("S2", "retail@expected", "2026-03", "11.25"),  # 50 * 9 / 40
        ("S2", "retail@target", "2026", "50"),
    ]
    assert {row.ref.partition("/")[0] for row in rows} == {
        "scorecards.observation", "scorecards.target",
    }  # fmt: skip


@pytest.mark.django_db
def test_a_value_is_never_changed_in_place(tmp_path: Path) -> None:
    units()
    apply(tmp_path)
    row = Observation.objects.get(subject__code="S1", period="2026-03")
    new = revise_observation(
        actor=None, observation=row, value=Decimal("15.8"), reason="统计核实", now=NOW
    )
    assert (new.revision, new.status, new.reason) == (2, "revised", "统计核实")
    assert not Observation.objects.get(pk=row.pk).current
    for change in (
        lambda: Observation.objects.filter(pk=new.pk).update(value=1),
        lambda: Observation.objects.filter(pk=row.pk).update(current=True),
        lambda: Observation.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("retail / people * 10", "retail.each / people", "formula"),
        ("retail / people * 10", 'v("retail.each") / people', "a circle"),
        ("retail / people * 10", 'v("retale")', "did you mean “retail”"),
        ("retail / people * 10", "retail /", "formula"),
        ("indicators: [retail]", "indicators: [retial]", "did you mean “retail”"),
        ("period: 2026,", "period: 2026-13,", "is no period"),
        ("S1, people, 2025", "S1, people, lastyear", "relative ones are for a demo"),
        ("file: months.csv", "file: other.csv", "no readable file “other.csv”"),
        ("of: {D:", "of: {X1: {value: x}, D:", "expected a number"),
        ("unit_kinds: [street]", "unit_kinds: [streat]", "did you mean “street”"),
        ("owner: D", "owner: E", "units"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in PACK
    shelf, _folder = pack(tmp_path, PACK.replace(old, new, 1))
    [first, *_more] = [str(mistake) for mistake in shelf.mistakes(shelf.given[0])]
    assert told in first
    assert "pack.yaml:" in first


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("subject,indicator,2025-03\nS1,retail,x\n", "months.csv:2: “x” in “2025-03” is no number"),
        ("subject,indicator,colour\nS1,retail,3\n", "“colour” is neither"),
        ("subject,indicator,companion,2025-03\nS1,retail,bass,3\n", "did you mean “base”"),
        ("subject,indicator,2025-03\nS1,retial,3\n", "months.csv:2: there is no “retial”"),
    ],
)
def test_a_table_beside_the_pack_is_checked_too(tmp_path: Path, table: str, told: str) -> None:
    shelf, _folder = pack(tmp_path, table=table)
    assert [told in str(mistake) for mistake in shelf.mistakes(shelf.given[0])] == [True]
