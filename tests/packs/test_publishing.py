"""The schema for editors, and the reference in the documents."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from jiulong.packs import publishing, sections
from jiulong.packs.publishing import HEAD_SCHEMA, SECTION_SCHEMA
from jiulong.packs.reading import read_file
from jiulong.packs.reference import reference

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "docs" / "schema"


def test_the_schema_in_the_repository_is_up_to_date() -> None:
    """If not: `jiulong pack schema --out docs/schema`."""
    found = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert found == publishing.files()


def test_it_describes_every_section() -> None:
    whole = json.loads(publishing.files()[HEAD_SCHEMA])
    keys = {section.key for section in sections.registered()}
    assert keys <= whole["properties"].keys()
    assert sorted(whole["required"]) == ["name", "summary", "title", "version"]
    assert json.loads(publishing.files()[SECTION_SCHEMA])["properties"].keys() == keys


def test_every_reference_in_it_leads_somewhere() -> None:
    for text in publishing.files().values():
        whole = json.loads(text)
        assert {ref.removeprefix("#/$defs/") for ref in _references(whole)} <= whole["$defs"].keys()


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for part in value.values() for ref in _references(part)]
    if isinstance(value, list):
        return [ref for part in value for ref in _references(part)]
    return []


def test_the_reference_tells_every_key() -> None:
    text = reference()
    for section in sections.registered():
        assert f"### `{section.key}`" in text
        for key in section.model.model_json_schema(by_alias=True).get("properties", {}):
            assert f"| `{key}` |" in text


def test_every_link_of_the_reference_leads_somewhere() -> None:
    text = reference()
    headings = {line.lstrip("# ").lower() for line in text.splitlines() if line.startswith("#")}
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) - headings == set()


FILES = sorted(ROOT.glob("packs/*/*.yaml"))


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    """The schemas, drawn once: that takes a tenth of a second."""
    return {name: json.loads(text) for name, text in publishing.files().items()}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_each_file_of_the_box_fits_the_schema_it_names(
    published: dict[str, Any], path: Path
) -> None:
    name = HEAD_SCHEMA if path.name == "pack.yaml" else SECTION_SCHEMA
    first = path.read_text(encoding="utf-8").splitlines()[0]
    if "$schema=" in first:
        assert first == f"# yaml-language-server: $schema=../../docs/schema/{name}"
    assert read_file(path, path.name).value.keys() <= published[name]["properties"].keys()
