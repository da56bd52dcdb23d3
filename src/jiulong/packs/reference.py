"""The reference of docs/packs.md: every key of every section, from the models themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils import translation

from jiulong.packs import sections, vocabulary
from jiulong.packs.loading import Head
from jiulong.packs.shapes import schema_of

Shape = Mapping[str, Any]
WORDS: Final = (
    "What keys know beside what packs define; `jiulong pack codes WORDS` lists the same, "
    "e.g. `jiulong pack codes tell`."
)


def reference() -> str:
    """Markdown: the head, the sections in the order in which they are applied, then their parts."""
    shapes = [schema_of(section.model) for section in sections.registered()]
    parts = _parts([schema_of(Head), *shapes])
    lines = ["### The head: `pack.yaml`", "", *_table(schema_of(Head), parts)]
    for section, shape in zip(sections.registered(), shapes, strict=True):
        lines += ["", f"### `{section.key}`", "", *_told("Each item", shape, parts)]
    lines += ["", "### Parts", "", "What the tables above and below name."]
    families = {tuple(family): name for name, family in _families([*shapes, *parts.values()])}
    told = {member for family in families for member in family}
    for family, name in sorted(families.items(), key=lambda pair: pair[1]):
        lines += _family(name, [(member, parts[member]) for member in family], parts)
    for name in sorted(parts.keys() - told):
        lines += ["", f"#### {name}", "", *_told("It", parts[name], parts)]
    lines += [*_defaults(shapes), *_words()]
    return "\n".join(lines)


def _told(what: str, shape: Shape, parts: Mapping[str, Shape]) -> Iterator[str]:
    """Its words, and its keys; or what it is, where it has none."""
    whole = _long_form(shape)
    yield from (_sentence(whole), "")
    if whole is not shape:
        yield from ("A text alone is its short form.", "")
    if whole.get("properties"):
        yield from _table(whole, parts)
    else:
        yield f"{what} is {_kind(shape, parts)}."


def _long_form(shape: Shape) -> Shape:
    """Of what may be written as a text or with keys: the shape with keys."""
    members = (part for part in shape.get("anyOf", ()) if part.get("properties"))
    return shape if shape.get("properties") else next(members, shape)


def _defaults(shapes: Sequence[Shape]) -> Iterator[str]:
    """What is too long for a table, as it would be written."""
    yield from ("", "### Defaults", "", "What holds where these keys are left out.")
    for section, shape in zip(sections.registered(), shapes, strict=True):
        for key, slot in shape.get("properties", {}).items():
            if _is_long(slot):
                yield from ("", f"`{key}` of `{section.key}`:", "", "```yaml", f"{key}:")
                yield from (f"  - {_flow(part)}" for part in slot["default"])
                yield "```"


def _words() -> Iterator[str]:
    """The words that keys know, with what they mean."""
    yield from ("", "### Words", "", WORDS)
    with translation.override("en"):
        for words in vocabulary.offered():
            known = words.words()
            yield from ("", f"#### {words.key}", "", f"{words.about}.", "")
            if any(word.meaning for word in known):
                yield from ("| word | meaning |", "|---|---|")
                yield from (_word(word) for word in known)
            else:
                yield " · ".join(f"`{word.code}`" for word in known)
        yield from ("", "#### roles", "", "In the box, for accounts; a pack may define more.", "")
        yield from ("| role | called |", "|---|---|")
        for section in sections.registered():
            if section.key == "roles" and isinstance(section.built_in, Mapping):
                yield from (f"| `{code}` | {name} |" for code, name in section.built_in.items())


def _word(word: vocabulary.Word) -> str:
    source = f" (`source: {word.of}`)" if word.of else ""
    return f"| `{word.code}` | {word.meaning}{source} |"


def _is_long(slot: Shape) -> bool:
    default = slot.get("default")
    return isinstance(default, list) and any(isinstance(part, dict) for part in default)


def _flow(value: Any) -> str:
    """A value in one line of YAML, without what says nothing."""
    if isinstance(value, dict):
        told = {key: part for key, part in value.items() if part not in (None, [], {}, "")}
        pairs = sorted(told.items(), key=lambda pair: pair[0] == "en")  # Chinese first
        return "{" + ", ".join(f"{key}: {_flow(part)}" for key, part in pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(part) for part in value) + "]"
    return value if isinstance(value, str) and value != "0" else json.dumps(value)


def _parts(shapes: Sequence[Shape]) -> dict[str, Shape]:
    """Every definition by name. Two of one name are one thing: sections share their parts."""
    return {
        name: part
        for shape in shapes
        for name, part in shape.get("$defs", {}).items()
        if _long_form(part).get("properties") or "$ref" in json.dumps(part)
    }


def _families(value: Any) -> Iterator[tuple[str, list[str]]]:
    """Unions that a key tells apart: (“Field”, [TextField, ChoiceField …])."""
    if isinstance(value, list):
        for part in value:
            yield from _families(part)
    elif isinstance(value, Mapping):
        if "discriminator" in value:
            members = [_name(part) for part in value["oneOf"]]
            yield _family_name(members), members
        for part in value.values():
            yield from _families(part)


def _family_name(members: Sequence[str]) -> str:
    """What the members' names end with: TextField, DateField → Field."""
    ends = (members[0][place:] for place in range(len(members[0])))
    return next((end for end in ends if all(name.endswith(end) for name in members)), "")


def _family(
    name: str, members: Sequence[tuple[str, Shape]], parts: Mapping[str, Shape]
) -> Iterator[str]:
    """What all have in common once, then what each has of its own."""
    first, *others = (shape["properties"] for _name, shape in members)
    shared = [key for key in first if all(other.get(key) == first[key] for other in others)]
    yield from ("", f"#### {name}", "", f"Common to every {name.lower()}:", "")
    yield from _table(members[0][1], parts, only=shared)
    for member, shape in members:
        own = [key for key in shape["properties"] if key not in shared]
        yield from ("", f"#### {member}", "", _sentence(shape), "")
        yield from _table(shape, parts, only=own)


def _table(
    shape: Shape, parts: Mapping[str, Shape], only: Sequence[str] | None = None
) -> Iterator[str]:
    yield "| key | value | must | meaning |"
    yield "|---|---|---|---|"
    required = set(shape.get("required", ()))
    for key, slot in shape["properties"].items():
        if only is None or key in only:
            must = "yes" if key in required else _default(slot)
            cells = (f"`{key}`", _kind(slot, parts), must, _sentence(slot))
            yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _sentence(shape: Shape) -> str:
    """A docstring's or slot's words, in a line."""
    return " ".join(str(shape.get("description", "")).split())


def _default(slot: Shape) -> str:
    default = slot.get("default")
    if default is None or default in ([], {}, ""):
        return ""
    if _is_long(slot):
        return "see [Defaults](#defaults)"
    if isinstance(default, (list, dict)):
        told = _flow(default)
        return "" if told == "{}" else f"else `{told}`"
    return f"else `{json.dumps(default, ensure_ascii=False)}`"


def _name(slot: Shape) -> str:
    return str(slot["$ref"].rpartition("/")[2])


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def _kind(slot: Shape, parts: Mapping[str, Shape]) -> str:
    """What may be written there, in words."""
    if "examples" in slot:
        return " or ".join(f"such as `{example}`" for example in slot["examples"])
    if "$ref" in slot:
        return _link(_name(slot))
    if fixed := slot.get("enum") or [slot[word] for word in ("const",) if word in slot]:
        return " · ".join(f"`{value}`" for value in fixed if value != "")
    if "discriminator" in slot:
        return _link(_family_name([_name(part) for part in slot["oneOf"]]))
    for word in ("anyOf", "oneOf"):
        if word in slot:
            return _either([part for part in slot[word] if part.get("type") != "null"], parts)
    return _simple(slot, parts)


def _either(members: Sequence[Shape], parts: Mapping[str, Shape]) -> str:
    if any(part.get("properties", {}).keys() == {"zh", "en"} for part in members):
        return "words, or `{zh: …, en: …}`"
    return " or ".join(dict.fromkeys(_kind(part, parts) for part in members))


def _simple(slot: Shape, parts: Mapping[str, Shape]) -> str:
    match slot.get("type"):
        case "array":
            each = slot.get("prefixItems", [slot.get("items", {})])
            return "list of " + ", ".join(_kind(part, parts) for part in each)
        case "object":
            return f"keys and values{_values(slot, parts)}"
        case "string":
            return _text(slot)
        case "integer" | "number" as kind:
            return {"integer": "whole number", "number": "number"}[kind] + _bounds(slot)
        case "boolean":
            return "`true` · `false`"
    return "anything"


def _values(slot: Shape, parts: Mapping[str, Shape]) -> str:
    inner = slot.get("additionalProperties")
    if isinstance(slot.get("patternProperties"), Mapping):
        inner = next(iter(slot["patternProperties"].values()))
    return f", each {_kind(inner, parts)}" if isinstance(inner, Mapping) and inner else ""


def _text(slot: Shape) -> str:
    formats = {"date": "date", "date-time": "time", "time": "time of day"}
    word = formats.get(slot.get("format", ""), "text")
    return f"{word} like `{slot['pattern']}`" if "pattern" in slot else word


def _bounds(slot: Shape) -> str:
    least, most = slot.get("minimum"), slot.get("maximum")
    if least is None and most is None:
        return ""
    return f" {'' if least is None else f'{least:g}'}…{'' if most is None else f'{most:g}'}"
