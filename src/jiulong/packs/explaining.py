"""What pydantic found, in words for the writer of a pack, at the line where it stands."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from yaml.nodes import MappingNode, Node, SequenceNode

from jiulong.packs.reading import Document, Mistake, child, is_plain, value_of
from jiulong.packs.shapes import example_at, keys_at

#: Kinds of errors that a plain number or word in a text field makes: the words are meant.
_WORDS_MEANT: Final = frozenset({"string_type", "text", "literal_error", "enum"})
#: How often a value is mended and looked at again; unions need a second look.
_LOOKS: Final = 4
_SHOWN: Final = 40


@dataclass(frozen=True)
class _Found:
    """One error at the node that it is about."""

    path: tuple[str | int, ...]
    node: Node
    message: str
    expected: str = ""  # set for a wrong type alone


def validated(
    model: type[BaseModel], node: Node, document: Document
) -> tuple[BaseModel | None, list[Mistake]]:
    """The node as a model, or what is wrong with it.

    A number or `true` without quotes where text is expected is taken as it was written, so that
    codes and years need no quotes.
    """
    value = value_of(node)
    for _look in range(_LOOKS):
        try:
            return model.model_validate(value), []
        except ValidationError as error:
            errors = error.errors(include_url=False)
            if not _take_words(value, node, errors):
                break
    return None, _mistakes(model, node, document, errors)


def _take_words(value: Any, node: Node, errors: Sequence[ErrorDetails]) -> bool:
    """Put back the words of plain scalars that were read as something else."""
    mended = False
    for error in errors:
        if error["type"] not in _WORDS_MEANT or error["input"] is None:
            continue
        path, at, _whole = _walk(node, error["loc"])
        if path and is_plain(at) and not isinstance(value_of(at), str):
            holder = value
            for step in path[:-1]:
                holder = holder[step]
            if not isinstance(holder[path[-1]], str):
                holder[path[-1]] = at.value
                mended = True
    return mended


def _walk(node: Node, steps: Sequence[str | int]) -> tuple[tuple[str | int, ...], Node, bool]:
    """Follow what exists; pydantic's names of union members lead nowhere and are passed over."""
    path: list[str | int] = []
    whole = True
    for step in steps:
        under = child(node, step)
        if under is None:
            whole = False
            continue
        path.append(step)
        node, whole = under, True
    return tuple(path), node, whole


def place(node: Node, steps: Sequence[str | int]) -> Node:
    """The node that a path leads to, or the last one on the way."""
    return _walk(node, steps)[1]


def _mistakes(
    model: type[BaseModel], node: Node, document: Document, errors: Sequence[ErrorDetails]
) -> list[Mistake]:
    found = _merge([_found(model, node, error) for error in errors])
    told = {Mistake(document.position(one.node), one.message) for one in found}
    return sorted(told)


def _found(model: type[BaseModel], node: Node, error: ErrorDetails) -> _Found:
    kind, loc = error["type"], error["loc"]
    if kind == "extra_forbidden":
        path, at, _whole = _walk(node, loc[:-1])
        key = str(loc[-1])
        return _Found((*path, key), child(at, key, key=True) or at, _unknown_key(model, loc, key))
    if kind == "missing":
        path, at, _whole = _walk(node, loc[:-1])
        return _Found(path, at, missing(str(loc[-1])))
    if loc and loc[-1] == "[key]":
        path, at, _whole = _walk(node, loc[:-2])
        message, expected = _told(error)
        key_node = child(at, loc[-2], key=True) or at
        return _Found((*path, str(loc[-2])), key_node, message, expected)
    path, at, _whole = _walk(node, loc)
    message, expected = _told(error)
    if kind == "string_pattern_mismatch" and (example := example_at(model, loc)):
        expected = _("something like %(example)s") % {"example": example}
    return _Found(path, at, message, expected)


def _merge(found: list[_Found]) -> Iterator[_Found]:
    """One mistake a place: members of a union that were not meant are passed over."""
    wrong_types: dict[tuple[str | int, ...], list[_Found]] = {}
    for one in found:
        if not one.expected:
            yield one
            continue
        wrong_types.setdefault(one.path, []).append(one)
    for path, several in wrong_types.items():
        inside = (other for other in found if other.path[: len(path)] == path)
        deeper = any(not other.expected or other.path != path for other in inside)
        if deeper and isinstance(several[0].node, (MappingNode, SequenceNode)):
            continue
        expected = dict.fromkeys(one.expected for one in several)
        given = several[0].message
        yield _Found(path, several[0].node, _wrong(given, _(" or ").join(expected)))


def _wrong(given: str, expected: str) -> str:
    return _("%(given)s; expected %(expected)s") % {"given": given, "expected": expected}


def _told(error: ErrorDetails) -> tuple[str, str]:
    """The message, or what was given and what was expected."""
    kind, context = error["type"], error.get("ctx", {})
    match kind:
        case "literal_error" | "enum":
            told = _not_among(error["input"], _quoted(context["expected"]))
        case "union_tag_invalid":
            told = _not_among(context["tag"], _quoted(context["expected_tags"]))
        case "union_tag_not_found":
            told = missing(str(context["discriminator"]).strip("'"))
        case "value_error":
            told = str(context.get("error", error["msg"]))
        case "text":
            told = str(context["told"])
        case _:
            return _wrong_type(error)
    return told, ""


def _wrong_type(error: ErrorDetails) -> tuple[str, str]:
    for beginning, expected in _expected(error.get("ctx", {})).items():
        if error["type"].startswith(beginning):
            return _given(error["input"]), expected
    return error["msg"], ""


def _quoted(words: Any) -> list[str]:
    """What stands in quotes in a list of pydantic's: 'a', 'b' or 'c'."""
    return re.findall(r"'([^']*)'", str(words))


def missing(key: str) -> str:
    """A key that must be there is not."""
    return _("“%(key)s” is missing; expected it among the keys here") % {"key": key}


def _expected(context: Mapping[str, Any]) -> dict[str, str]:
    """What was expected, by how the kind of error begins; longer beginnings first."""
    return {
        "string_too_short": _("at least %(n)s characters") % {"n": context.get("min_length")},
        "string_too_long": _("at most %(n)s characters") % {"n": context.get("max_length")},
        "string_pattern": _("the form %(pattern)s") % {"pattern": context.get("pattern")},
        "too_short": _("at least %(n)s of them") % {"n": context.get("min_length")},
        "too_long": _("at most %(n)s of them") % {"n": context.get("max_length")},
        "greater_than_equal": _("%(n)s or more") % {"n": _short(context.get("ge"))},
        "greater_than": _("more than %(n)s") % {"n": _short(context.get("gt"))},
        "less_than_equal": _("%(n)s or less") % {"n": _short(context.get("le"))},
        "less_than": _("less than %(n)s") % {"n": _short(context.get("lt"))},
        "string": _("text"),
        "int": _("a whole number"),
        "decimal": _("a number"),
        "float": _("a number"),
        "finite_number": _("a number"),
        "bool": _("true or false"),
        "list": _("a list: lines that begin with “- ”"),
        "tuple": _("a list: lines that begin with “- ”"),
        "set": _("a list: lines that begin with “- ”"),
        "frozen_set": _("a list: lines that begin with “- ”"),
        "dict": _("keys and values: “key: value”"),
        "model": _("keys and values: “key: value”"),
        "dataclass": _("keys and values: “key: value”"),
        "datetime": _("a time such as 2026-03-01T08:00:00+08:00"),
        "date": _("a date such as 2026-03-01"),
        "time": _("a time of day such as 08:30"),
        "none_required": _("nothing"),
    }


def _short(number: Any) -> Any:
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _given(value: Any) -> str:
    if value is None:
        return _("nothing here")
    if isinstance(value, Mapping):
        return _("keys and values here")
    if isinstance(value, (list, tuple)):
        return _("a list here")
    text = str(value).replace("\n", " ")
    return "“" + (text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…") + "”"


def _not_among(given: Any, known: Sequence[str]) -> str:
    return _wrong(_given(given), one_of(str(given), known))


def one_of(given: str, known: Iterable[str]) -> str:
    """“a”, “b” or “c” – with the one that was probably meant."""
    known = list(known)
    told = ", ".join(known)
    if near := difflib.get_close_matches(given, known, n=1):
        return _("one of %(known)s; did you mean “%(near)s”?") % {"known": told, "near": near[0]}
    return _("one of %(known)s") % {"known": told}


def _unknown_key(model: type[BaseModel], loc: Sequence[str | int], key: str) -> str:
    return unknown_key(key, keys_at(model, loc[:-1]))


def unknown_key(key: str, known: Iterable[str]) -> str:
    """Nobody reads this key."""
    told = _("there is no key “%(key)s” here; expected %(expected)s")
    return told % {"key": key, "expected": one_of(key, known)}
