"""docs/packs.md, followed as a newcomer would: what it says to write is right, and works."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from jiulong.packs import queries
from jiulong.packs.actions import apply_packs
from jiulong.packs.checking import check
from jiulong.packs.planning import MistakenError

ROOT = Path(__file__).parent.parent.parent
TUTORIAL = (ROOT / "docs" / "packs.md").read_text(encoding="utf-8")
TABLE = TUTORIAL.split("## 8.")[1].split("## 9.")[0].splitlines()
FILE = re.compile(r"^`packs/(tingche/[a-z]+\.yaml)`\n\n```yaml\n(.*?)```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def written(tmp_path: Path, settings: Any) -> Path:
    """The files of the tutorial, where somebody wrote them."""
    settings.PACKS = ROOT / "packs"
    for name, text in FILE.findall(TUTORIAL):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "tingche"


def test_it_shows_every_kind_of_file(written: Path) -> None:
    assert sorted(path.stem for path in written.iterdir()) == [
        "demo", "matters", "pack", "registers", "triggers"]  # fmt: skip


def test_what_it_says_to_write_has_no_mistakes(written: Path) -> None:
    assert check([written], ROOT / "packs")[1] == []


@pytest.mark.django_db
def test_what_it_says_to_write_works(written: Path) -> None:
    counts = {one.pack.name: one.counts() for one in apply_packs(actor=None, paths=[written])}
    assert counts["tingche"] == {"add": 4}
    assert [one.changed for one in queries.plan(None, [written])] == [False, False]


@pytest.mark.django_db
def test_its_demo_comes_in_once_and_open_cases_keep_their_matter(written: Path) -> None:
    pack = apply_packs(actor=None, paths=[written], demo=True)[-1]
    assert {key: len(some) for key, some in pack.changes.items()} == {
        "registers": 1,
        "matters": 2,
        "triggers": 1,
        "demo_entries": 2,
        "demo_cases": 2,
    }
    assert [one.changed for one in apply_packs(actor=None, paths=[written], demo=True)] == [
        False, False]  # fmt: skip
    matters = written / "matters.yaml"
    text = matters.read_text(encoding="utf-8")
    second = text.index("  - key: tingche.inspection")
    matters.write_text("matters:\n" + text[second:], encoding="utf-8")
    (written / "demo.yaml").unlink()
    with translation.override("en"), pytest.raises(MistakenError, match="still open"):
        apply_packs(actor=None, paths=[written])


#: What is changed in which file → what the table of mistakes says, between its dots.
MISTAKES = {
    "fileds": ("registers", "    fields:", "    fileds:"),
    "dispatch": ("matters", "    dispatch: 350602-urban\n", ""),
    "workdays": ("matters", "handle: 3 working_days", "handle: 3 workdays"),
    "chioce": ("registers", "type: choice", "type: chioce"),
    "urbn": ("matters", "dispatch: 350602-urban", "dispatch: 350602-urbn"),
    "tab": ("registers", "  - key: tingche", "\t- key: tingche"),
    "道闸: ": ("matters", "about: {zh: 道闸、计费、照明、标线等故障的报修", "about: 道闸: 计费 {"),
    "twice": ("registers", "    one:", "    name: 车\n    one:"),
    "to the left": ("matters", "  - key: tingche.inspection", " - key: tingche.inspection"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_its_table_of_mistakes_is_true(written: Path, mistake: str) -> None:
    file, before, after = MISTAKES[mistake]
    path = written / f"{file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with translation.override("en"):
        found = "\n".join(str(one) for one in check([written], ROOT / "packs")[1])
    told = next(row.split("|")[2] for row in TABLE if mistake in row)
    for part in told.split("…"):
        assert part.strip(" ,;") in found
