"""The documents stay true: nothing of the code is missing, nothing drawn is stale."""

from __future__ import annotations

from pathlib import Path

from django.core.management import get_commands

from scripts import docs, translations

ROOT = Path(__file__).parent.parent


def test_it_names_every_setting_and_redraws_nothing() -> None:
    assert list(docs.faults()) == []


def test_it_explains_every_address() -> None:
    lines = [*docs.addresses().splitlines(), *docs.api().splitlines()]
    assert [line for line in lines if line.endswith("|  |")] == []


def test_it_tells_every_command() -> None:
    ours = {name for name, app in get_commands().items() if app.startswith("jiulong.")}
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert {name for name in ours if f"| `jiulong {name}` |" not in operations} == set()


def test_it_has_chinese_for_every_text() -> None:
    assert list(translations.faults()) == []


def test_it_finds_texts_in_templates_whatever_their_indentation() -> None:
    found = {message for _file, _line, message, _context in translations.texts()}
    assert {"Points", "Findings", "Check it now"} <= found
