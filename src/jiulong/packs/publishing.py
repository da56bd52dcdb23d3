"""What is published about packs: JSON Schema for editors, the reference of docs/packs.md."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
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


def reference() -> str:
    """Every key of every section, as tables of Markdown."""
    parts = ["### The head: `pack.yaml`", "", *_table(schema_of(Head), schema_of(Head))]
    for section in sections.registered():
        whole = schema_of(section.model)
        parts += ["", f"### `{section.key}`", "", _sentence(whole.get("description", "")), ""]
        parts += _table(whole, whole)
        for name, shape in whole.get("$defs", {}).items():
            if shape.get("properties"):
                about = _sentence(shape.get("description", ""))
                parts += ["", f"#### `{section.key}` › {name}", "", about, ""]
                parts += _table(shape, whole)
    return "\n".join(parts)


def _sentence(text: str) -> str:
    return " ".join(text.split())


def _table(shape: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[str]:
    yield "| key | value | must | meaning |"
    yield "|---|---|---|---|"
    required = set(shape.get("required", ()))
    for key, slot in shape["properties"].items():
        must = "yes" if key in required else _default(slot)
        text = _sentence(slot.get("description", "")).replace("|", "\\|")
        yield f"| `{key}` | {_kind(slot, whole).replace('|', chr(92) + '|')} | {must} | {text} |"


def _default(slot: Mapping[str, Any]) -> str:
    default = slot.get("default")
    if default is None or default in ([], {}, ""):
        return ""
    return f"else `{json.dumps(default, ensure_ascii=False)}`"


def _kind(slot: Mapping[str, Any], whole: Mapping[str, Any]) -> str:
    """What may be written there, in words."""
    if "$ref" in slot:
        name = slot["$ref"].rpartition("/")[2]
        target = whole["$defs"][name]
        return name if target.get("properties") else _kind(target, whole)
    if "enum" in slot:
        return " · ".join(f"`{value}`" for value in slot["enum"])
    if "const" in slot:
        return f"`{slot['const']}`"
    for word in ("anyOf", "oneOf"):
        if word in slot:
            members = [part for part in slot[word] if part.get("type") != "null"]
            if any(part.get("properties", {}).keys() == {"zh", "en"} for part in members):
                return "text, or `{zh: …, en: …}`"
            return " or ".join(dict.fromkeys(_kind(part, whole) for part in members))
    return _simple(slot, whole)


def _simple(slot: Mapping[str, Any], whole: Mapping[str, Any]) -> str:
    kind = slot.get("type")
    if kind == "array":
        if "prefixItems" in slot:
            return "list of " + ", ".join(_kind(part, whole) for part in slot["prefixItems"])
        return f"list of {_kind(slot.get('items', {}), whole)}"
    if kind == "object":
        inner = slot.get("additionalProperties")
        return (
            f"keys and values ({_kind(inner, whole)})"
            if isinstance(inner, dict)
            else "keys and values"
        )
    if kind == "string":
        return {"date": "date", "date-time": "time", "time": "time of day"}.get(
            slot.get("format", ""), "text"
        )
    words = {"integer": "whole number", "number": "number", "boolean": "`true` · `false`"}
    return words.get(str(kind), "anything")
