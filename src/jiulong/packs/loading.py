"""A pack's folder, read: its head, and the items of every section with where they stand."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, StringConstraints
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from jiulong.packs import sections
from jiulong.packs.explaining import place, unknown_key, validated
from jiulong.packs.reading import (
    Document,
    Mistake,
    Position,
    UnreadableError,
    read_file,
)
from jiulong.packs.sections import Fault, Item, Section
from jiulong.packs.text import Text

HEAD: Final = "pack.yaml"
#: A folder with more files than this is no pack.
MOST_FILES: Final = 200
NAME: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"

Name = Annotated[str, StringConstraints(pattern=NAME, max_length=40)]


class Head(Item):
    """What stands at the head of `pack.yaml`: which pack this is."""

    name: Name = Field(description="as the folder is called: small letters, digits and hyphens")
    title: Text = Field(description="what people call the system")
    version: str = Field(max_length=40, description="any word or number; a date is good")
    summary: Text = Field(description="what the pack sets up, in a sentence")
    requires: list[Name] = Field(
        default=[], description="packs whose units, roles, registers … this one refers to"
    )


@dataclass(frozen=True)
class Placed:
    """An item and where it stands."""

    item: Any
    node: Node
    document: Document

    def position(self, path: Sequence[str | int] = ()) -> Position:
        return self.document.position(place(self.node, path))


@dataclass
class Pack:
    """A pack as its files say. With `mistakes`, the rest is what could be read."""

    directory: Path
    head: Head | None = None
    head_document: Document | None = None
    placed: dict[str, list[Placed]] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.head.name if self.head else self.directory.name

    def items(self, section: str) -> list[Any]:
        """The items of a section, in the order in which they stand."""
        return [placed.item for placed in self.placed.get(section, [])]

    def position(self, *steps: str | int) -> Position:
        """Where something of the head stands."""
        if self.head_document is None:
            return Position(shown(self.directory / HEAD))
        return self.head_document.position(place(self.head_document.root, steps))

    def locate(self, section: str, fault: Fault) -> Mistake:
        """A section's fault, with its place."""
        placed = self.placed.get(section, [])
        first = fault.path[0] if fault.path else None
        if isinstance(first, int) and 0 <= first < len(placed):
            return Mistake(placed[first].position(fault.path[1:]), fault.message)
        at = placed[0].position() if placed else self.position()
        return Mistake(at, fault.message)

    def contents(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Section → code → item as JSON; without the demo's."""
        return {
            section.key: {section.code(item): as_json(item) for item in self.items(section.key)}
            for section in sections.registered()
            if not section.demo and self.placed.get(section.key)
        }

    def digest(self) -> str:
        """SHA-256 of what the pack says, in hex; comments and order do not matter."""
        told = {"head": as_json(self.head) if self.head else None, "contents": self.contents()}
        body = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
        return hashlib.sha256(body).hexdigest()


def as_json(item: BaseModel) -> dict[str, Any]:
    """An item as it could be written: without what is as it is anyway."""
    return item.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def shown(path: Path) -> str:
    """A file's name in mistakes: from here, if it lies under here."""
    path = path.absolute()
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def load(directory: Path) -> Pack:
    """Read a pack's folder. Whatever is wrong stands in `mistakes`; nothing is raised."""
    pack = Pack(directory)
    head = directory / HEAD
    if not head.is_file():
        told = _("there is no such file; expected it at the head of a pack")
        pack.mistakes.append(Mistake(Position(shown(head)), told))
        return pack
    for path in _files(pack):
        try:
            document = read_file(path, shown(path))
        except UnreadableError as error:
            pack.mistakes.append(error.mistake)
            continue
        if path == head:
            _read_head(pack, document)
        _read_sections(pack, document)
    pack.mistakes += _doubles(pack)
    pack.mistakes.sort()
    return pack


def _files(pack: Pack) -> Iterator[Path]:
    """pack.yaml first, then what lies beside it."""
    yield pack.directory / HEAD
    others = sorted(path for path in pack.directory.iterdir() if path.name != HEAD)
    for count, path in enumerate(others, 1):
        if count > MOST_FILES:
            told = _("more than %(most)d files; expected a pack") % {"most": MOST_FILES}
            pack.mistakes.append(Mistake(Position(shown(pack.directory)), told))
            return
        if path.suffix == ".yml" or path.suffix.lower() in {".yaml", ".yml"} - {path.suffix}:
            told = _("would not be read; expected the ending .yaml")
            pack.mistakes.append(Mistake(Position(shown(path)), told))
        elif path.suffix == ".yaml" and path.is_file():
            yield path


def _read_head(pack: Pack, document: Document) -> None:
    pack.head_document = document
    keys = {section.key for section in sections.registered()}
    head = _without(document.root, keys)
    item, mistakes = validated(Head, head, document)
    pack.mistakes += mistakes
    if not isinstance(item, Head):
        return
    pack.head = item
    if item.name != pack.directory.absolute().name:
        told = _("the pack is called “%(name)s”, its folder “%(folder)s”; expected the same")
        data = {"name": item.name, "folder": pack.directory.absolute().name}
        pack.mistakes.append(Mistake(pack.position("name"), told % data))


def _without(node: MappingNode, keys: set[str]) -> MappingNode:
    """The mapping without the sections that stand in the same file."""
    rest = [(key, value) for key, value in node.value if key.value not in keys]
    return MappingNode(node.tag, rest, node.start_mark, node.end_mark)


def _read_sections(pack: Pack, document: Document) -> None:
    known = {section.key: section for section in sections.registered()}
    is_head = document is pack.head_document
    for key, node in document.root.value:
        section = known.get(key.value)
        if section is not None:
            _read_section(pack, section, node, document)
        elif not is_head:  # in the head's file, the head tells of unknown keys
            told = unknown_key(key.value, known)
            pack.mistakes.append(Mistake(document.position(key), told))


def _read_section(pack: Pack, section: Section, node: Node, document: Document) -> None:
    if isinstance(node, ScalarNode) and not node.value:
        return  # `units:` with nothing under it
    if not isinstance(node, SequenceNode):
        told = _("expected a list under “%(key)s”: lines that begin with “- ”")
        pack.mistakes.append(Mistake(document.position(node), told % {"key": section.key}))
        return
    for part in node.value:
        item, mistakes = validated(section.model, part, document)
        pack.mistakes += mistakes
        if item is not None:
            pack.placed.setdefault(section.key, []).append(Placed(item, part, document))


def _doubles(pack: Pack) -> Iterator[Mistake]:
    """Items of a section that have the same code."""
    for section in sections.registered():
        first: dict[str, Placed] = {}
        for placed in pack.placed.get(section.key, []):
            code = section.code(placed.item)
            if code in first:
                told = _("“%(code)s” is there twice, first at %(place)s; expected once")
                data = {"code": code, "place": first[code].position()}
                yield Mistake(placed.position(), told % data)
            first.setdefault(code, placed)


def folders(path: Path) -> list[Path]:
    """The packs that a path names: a pack's folder, its pack.yaml, or a folder of packs."""
    if path.name == HEAD:
        return [path.parent]
    if (path / HEAD).exists() or not path.is_dir():
        return [path]
    return sorted(head.parent for head in path.glob(f"*/{HEAD}")) or [path]


def is_name(word: str) -> bool:
    """Whether a word could be a pack's name."""
    return re.match(NAME, word) is not None


def find(box: Path, name: str) -> Path | None:
    """The pack of that name in the box."""
    directory = box / name
    return directory if is_name(name) and (directory / HEAD).is_file() else None
