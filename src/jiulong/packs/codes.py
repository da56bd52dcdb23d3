"""Every code that a pack may name: what packs define, what is built in, and words of keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from jiulong.packs import sections, vocabulary
from jiulong.packs.checking import Shelf
from jiulong.packs.sections import Section


@dataclass(frozen=True)
class Code:
    """A code, what it is called, what else tells it apart, and the pack that defines it."""

    code: str
    name: str = ""
    more: str = ""
    pack: str = ""  # empty: built in

    def says(self, words: str) -> bool:
        """Whether the words stand in it."""
        told = f"{self.code} {self.name} {self.more} {self.pack}"
        return all(word in told.casefold() for word in words.casefold().split())

    def as_json(self) -> dict[str, str]:
        """For `codes --json`."""
        return {"code": self.code, "name": self.name, "more": self.more, "pack": self.pack}


@dataclass(frozen=True)
class Group:
    """Codes of one kind. `key` is the section or the key whose words they are."""

    key: str
    about: str
    codes: Sequence[Code]


def keys() -> list[str]:
    """The kinds of codes that there are."""
    named = [section.key for section in sections.registered() if not section.demo]
    return [*named, *(words.key for words in vocabulary.offered())]


def groups(box: Path, paths: Iterable[Path | str] = (), find: str = "") -> list[Group]:
    """All codes of the packs in the box and at the paths; with `find`, those that say so.

    Read from the files: no database is needed, and a pack that has mistakes gives what it can.
    """
    packs = {pack.name: pack for pack in Shelf([box, *paths], box).given}
    found = [
        Group(section.key, sections.label(section.key), [*_built_in(section), *(
            _of_item(section, item, name)
            for name, pack in packs.items() for item in pack.items(section.key)
        )])
        for section in sections.registered() if not section.demo
    ]  # fmt: skip
    found += [
        Group(words.key, str(words.about), [
            Code(word.code, str(word.meaning), f"source: {word.of}" if word.of else "")
            for word in words.words()
        ])
        for words in vocabulary.offered()
    ]  # fmt: skip
    return [
        replace(group, codes=kept)
        for group in found
        if (kept := [code for code in group.codes if code.says(find)])
    ]


def _built_in(section: Section) -> Iterator[Code]:
    names = section.built_in if isinstance(section.built_in, Mapping) else {}
    for code in sorted(section.built_in):
        yield Code(code, str(names.get(code, "")), _("built in"))


def _of_item(section: Section, item: Any, pack: str) -> Code:
    item = getattr(item, "root", item)
    name = getattr(item, "name", None) or getattr(item, "title", None) or ""
    return Code(section.code(item), str(name), str(getattr(item, "kind", "")), pack)
