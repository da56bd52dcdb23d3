"""YAML of a pack, read so that every mistake has a line and a column.

A small and safe YAML 1.2: plain `true` and `false`, whole numbers, decimals and nothing else get a
meaning of their own (`no`, `012` and `2026-01-01` stay text); no tags, no anchors, no aliases, so
that a file is never larger than it looks; a key stands once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.utils.translation import gettext as _
from yaml.composer import Composer
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

#: Larger files are no policy: a register's entries come in by .xlsx.
MOST_BYTES: Final = 4 * 1024 * 1024
#: Files whose reading is remembered: a box, for the page that lists it.
REMEMBERED: Final = 256
#: Deeper nesting is a mistake, and would exhaust the stack.
DEEPEST: Final = 30

_INT: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,29})")
_DECIMAL: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,29})?\.[0-9]{1,30}|[-+]?(0|[1-9][0-9]{0,29})\.")
_WORDS: Final = {"": None, "~": None, "null": None, "true": True, "false": False}
_TEXT_TAG: Final = BaseResolver.DEFAULT_SCALAR_TAG
_INT_TAG: Final = "tag:yaml.org,2002:int"
_FLOAT_TAG: Final = "tag:yaml.org,2002:float"


@dataclass(frozen=True, order=True)
class Position:
    """A place in a file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Mistake:
    """What is wrong where, and what was expected."""

    position: Position
    message: str

    def __str__(self) -> str:
        return f"{self.position}: {self.message}"


class UnreadableError(Exception):
    """The file is no YAML of ours."""

    def __init__(self, mistake: Mistake) -> None:
        self.mistake = mistake
        super().__init__(str(mistake))


class _Composer(Composer):
    """Nodes with marks; refuses what could make much out of little."""

    depth = 0

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        event = self.peek_event()  # type: ignore[attr-defined]  # of the parser beside us
        if isinstance(event, yaml.AliasEvent):
            raise _refused(event, _("an alias; expected the words themselves, written out"))
        if getattr(event, "anchor", None):
            raise _refused(event, _("an anchor (&); expected the words without it"))
        if getattr(event, "tag", None):
            raise _refused(event, _("a tag (!); expected plain YAML"))
        if self.depth >= DEEPEST:
            raise _refused(event, _("nested too deeply; expected a list of items with keys"))
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


class _Loader(Reader, Scanner, Parser, _Composer, BaseResolver):
    def __init__(self, stream: str) -> None:
        Reader.__init__(self, stream)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        BaseResolver.__init__(self)


def _refused(event: Any, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)


@dataclass(frozen=True)
class Document:
    """One file: what it says, and where it says it."""

    file: str
    root: MappingNode
    value: dict[str, Any]

    def position(self, node: Node) -> Position:
        return Position(self.file, node.start_mark.line + 1, node.start_mark.column + 1)


def read_file(path: Path, shown: str) -> Document:
    """Read a file of a pack; `shown` is its name in mistakes.

    Raises:
        UnreadableError: it is no YAML mapping, too large, not UTF-8 …; it says where.
    """
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            told = _("%(size)d bytes; expected at most %(most)d")
            raise _unreadable(shown, told % {"size": size, "most": MOST_BYTES})
        body = path.read_bytes()
    except OSError as error:
        raise _unreadable(shown, error.strerror or str(error)) from error
    return read(body, shown)


@lru_cache(maxsize=REMEMBERED)
def read(body: bytes, shown: str) -> Document:
    """Read the bytes of a file; the same again costs nothing, so leave the nodes as they are.

    Raises:
        UnreadableError: as `read_file`.
    """
    text = _decode(body, shown)
    try:
        root = _Loader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        raise _from_yaml(error, shown) from error
    if root is None:
        raise _unreadable(shown, _("nothing in it; expected keys such as “registers:”"))
    if not isinstance(root, MappingNode):
        told = _("expected keys such as “registers:” at the left margin")
        raise UnreadableError(Mistake(_position(root.start_mark, shown), told))
    mistakes = list(_twice(root, shown))
    if mistakes:
        raise UnreadableError(mistakes[0])
    return Document(shown, root, value_of(root))


def value_of(node: Node) -> Any:
    """What a node says: str, int, Decimal, bool, None, list or dict with str keys."""
    if isinstance(node, MappingNode):
        return {str(key.value): value_of(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [value_of(part) for part in node.value]
    return meaning(node.value) if is_plain(node) else node.value


def is_plain(node: Node) -> bool:
    """Whether a scalar stands without quotes."""
    return isinstance(node, ScalarNode) and node.style is None


def meaning(text: str) -> Any:
    """What a plain scalar means."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    return text


def child(node: Node, step: str | int, *, key: bool = False) -> Node | None:
    """The node under a key or number; with `key`, the node of the key itself."""
    if isinstance(node, MappingNode):
        for name, value in node.value:
            if name.value == str(step):
                return name if key else value  # type: ignore[no-any-return]
    if isinstance(node, SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
        return node.value[step]  # type: ignore[no-any-return]
    return None


def _twice(node: Node, shown: str) -> Iterator[Mistake]:
    if isinstance(node, MappingNode):
        first: dict[str, int] = {}
        for key, value in node.value:
            place = _position(key.start_mark, shown)
            if not isinstance(key, ScalarNode):
                yield Mistake(place, _("expected a word before the colon"))
                continue
            if key.value in first:
                told = _("“%(key)s” stands twice, first in line %(line)d; expected once")
                yield Mistake(place, told % {"key": key.value, "line": first[key.value]})
            first.setdefault(key.value, place.line)
            yield from _twice(value, shown)
    elif isinstance(node, SequenceNode):
        for part in node.value:
            yield from _twice(part, shown)


def _decode(body: bytes, shown: str) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = body[: error.start].decode("utf-8-sig")
        told = _("not UTF-8; expected the file saved as UTF-8")
        raise UnreadableError(Mistake(_after(before, shown), told)) from error
    if bad := Reader.NON_PRINTABLE.search(text):
        sign = bad.group()
        told = _("a character that cannot be written (U+%(code)04X%(name)s); expected text")
        name = unicodedata.name(sign, "")
        data = {"code": ord(sign), "name": f" {name}" if name else ""}
        raise UnreadableError(Mistake(_after(text[: bad.start()], shown), told % data))
    return text


def _after(text: str, shown: str) -> Position:
    lines = re.split(r"\r\n|[\r\n\x85\u2028\u2029]", text)  # as YAML counts them
    return Position(shown, len(lines), len(lines[-1]) + 1)


def _position(mark: Any, shown: str) -> Position:
    return Position(shown, mark.line + 1, mark.column + 1) if mark else Position(shown)


def _unreadable(shown: str, message: str) -> UnreadableError:
    return UnreadableError(Mistake(Position(shown), message))


def _from_yaml(error: yaml.MarkedYAMLError, shown: str) -> UnreadableError:
    mark = error.problem_mark or error.context_mark
    problem = error.problem or error.context or ""
    for pattern, told in _syntax().items():
        if pattern in problem:
            problem = told
            break
    return UnreadableError(Mistake(_position(mark, shown), problem))


def _syntax() -> dict[str, str]:
    """What PyYAML says, in words that help somebody who does not know YAML."""
    return {
        "'\\t'": _("a tab; expected spaces at the beginning of the line"),
        "mapping values are not allowed": _(
            "a colon that does not belong here; expected the words in quotes, or an indentation "
            "like the line above"
        ),
        "could not find expected ':'": _("a word without a colon; expected “key: value”"),
        "expected <block end>": _(
            "this line does not stand under the one before; expected the same indentation"
        ),
        "expected the node content": _("a sign that does not belong here; expected a value"),
        "unexpected end of stream": _("the file ends within quotes; expected the closing quote"),
        "expected ',' or": _("expected a comma or the closing bracket"),
        "sequence entries are not": _(
            "a “- ” that does not belong here; expected it on its own line"
        ),
        "cannot start any token": _("a sign no word can begin with; expected the words in quotes"),
        "expected a single document": _("a second document (---); expected one in a file"),
        "but found another document": _("a second document (---); expected one in a file"),
        "unknown escape": _("a backslash that means nothing; expected 'single quotes' around it"),
    }


class _Dumper(yaml.SafeDumper):
    """Writes what `read` reads back as it was."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, indentless=False)


def _written(dumper: yaml.SafeDumper, text: str) -> ScalarNode:
    lines = "\n" in text
    quoted = not isinstance(meaning(text), str) and not lines
    style = '"' if quoted else "|" if lines else None
    return dumper.represent_scalar(_TEXT_TAG, text, style=style)


_Dumper.add_representer(str, _written)


def _number(dumper: yaml.SafeDumper, number: Decimal) -> ScalarNode:
    """Plain digits; without a point it is a whole number, and bears no tag."""
    told = f"{number:f}"
    return dumper.represent_scalar(_FLOAT_TAG if "." in told else _INT_TAG, told)


_Dumper.add_representer(Decimal, _number)


def write(value: dict[str, Any]) -> str:
    """YAML of a value made of what `read` gives."""
    return yaml.dump(
        value,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=100,
        default_flow_style=False,
    )
