"""The JSON Schema of packs, for editors that check a file while it is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from jiulong.packs import sections
from jiulong.packs.loading import Head
from jiulong.packs.shapes import schema_of

#: What a file says at its head so that an editor checks it while it is written.
HEAD_SCHEMA: Final = "pack.schema.json"
SECTION_SCHEMA: Final = "section.schema.json"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def files() -> dict[str, str]:
    """File name → its JSON: one schema for pack.yaml, one for the files beside it."""
    defs, lists = _sections()
    head = schema_of(Head)
    defs |= head.get("$defs", {})
    shared = {"$schema": _DIALECT, "type": "object", "additionalProperties": False}
    whole = {
        **shared,
        "title": "pack.yaml of a Jiulong pack",
        "description": head["description"],
        "properties": {**head["properties"], **lists},
        "required": head["required"],
        "$defs": defs,
    }
    part = {
        **shared,
        "title": "A file beside pack.yaml in a Jiulong pack",
        "properties": lists,
        "$defs": defs,
    }
    return {HEAD_SCHEMA: _text(whole), SECTION_SCHEMA: _text(part)}


def _text(value: dict[str, Any]) -> str:
    return json.dumps(_plain_text(value), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _plain_text(value: Any) -> Any:
    """Where a text is written, editors accept what the checker takes as text: numbers too."""
    if isinstance(value, list):
        return [_plain_text(part) for part in value]
    if not isinstance(value, dict):
        return value
    told = {key: _plain_text(part) for key, part in value.items()}
    if told.get("type") == "string" and "enum" not in told and "const" not in told:
        told["type"] = ["string", "number"]
    return told


def _sections() -> tuple[dict[str, Any], dict[str, Any]]:
    """All definitions under names of their own, and the property of each section."""
    defs: dict[str, Any] = {}
    lists: dict[str, Any] = {}
    for section in sections.registered():
        whole = schema_of(section.model)
        own = {name: f"{section.key}.{name}" for name in whole.get("$defs", {})}
        item = f"{section.key}.{section.model.__name__}"
        body = {key: value for key, value in whole.items() if key != "$defs"}
        defs[item] = _renamed(body, own)
        defs |= {own[name]: _renamed(value, own) for name, value in whole.get("$defs", {}).items()}
        lists[section.key] = {
            "type": ["array", "null"],
            "items": {"$ref": f"#/$defs/{item}"},
            "description": body.get("description", ""),
        }
    return defs, lists


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(part, names) for part in value]
    if isinstance(value, str) and value.startswith("#/$defs/"):
        return f"#/$defs/{names[value.rpartition('/')[2]]}"
    if isinstance(value, dict):
        return {key: _renamed(part, names) for key, part in value.items()}
    return value
