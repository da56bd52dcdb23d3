"""Packs checked against each other: what they refer to, in what order they are applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.organisation.models import User
from jiulong.packs import sections
from jiulong.packs.loading import HEAD, Pack, find, folders, load, shown
from jiulong.packs.reading import Mistake, Position
from jiulong.packs.sections import Context, Section

_NOTHING: Final[Mapping[str, frozenset[str]]] = {}


class Library:
    """What some packs define, and what is built in: `sections.Known`."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        self._built_in = {section.key: section.built_in for section in sections.registered()}
        self._items: dict[str, dict[str, Any]] = {}
        for pack in packs:
            for section in sections.registered():
                shelf = self._items.setdefault(section.key, {})
                shelf.update({section.code(item): item for item in pack.items(section.key)})

    def get(self, section: str, code: str) -> Any:
        """The item with the code; None when unknown or built in."""
        return self._items.get(section, {}).get(code)

    def has(self, section: str, code: str) -> bool:
        """Whether there is such an item, built in or of these packs."""
        return code in self._items.get(section, {}) or code in self._built_in.get(section, ())

    def codes(self, section: str) -> Sequence[str]:
        """All codes of a section."""
        return [*self._items.get(section, {}), *sorted(self._built_in.get(section, ()))]

    def items(self, section: str) -> Sequence[Any]:
        """All items of a section; built-in ones have none."""
        return list(self._items.get(section, {}).values())


class Shelf:
    """The packs given, and those of the box that they require."""

    def __init__(self, paths: Iterable[Path | str], box: Path) -> None:
        self.box = box
        self.given: list[Pack] = []
        self._packs: dict[str, Pack | None] = {}
        for path in paths:
            for directory in self._folders(Path(path)):
                self._give(load(directory))

    def _folders(self, path: Path) -> list[Path]:
        """A path, or a name of the box where there is no such path."""
        named = None if path.exists() else find(self.box, str(path))
        return [named] if named else folders(path)

    def _give(self, pack: Pack) -> None:
        first = self._packs.setdefault(pack.name, pack)
        if first is not None and first.directory.absolute() == pack.directory.absolute():
            if first is pack:
                self.given.append(pack)
            return
        told = _("there is another pack “%(name)s” in %(folder)s; expected one of a name")
        data = {"name": pack.name, "folder": shown(first.directory) if first else ""}
        pack.mistakes.append(Mistake(pack.position("name"), told % data))
        self.given.append(pack)

    def pack(self, name: str) -> Pack | None:
        """The pack of that name, given or from the box."""
        if name not in self._packs:
            directory = find(self.box, name)
            self._packs[name] = load(directory) if directory else None
        return self._packs[name]

    def names(self) -> list[str]:
        """Every name that could be required."""
        box = {head.parent.name for head in self.box.glob(f"*/{HEAD}")}
        return sorted(box | {name for name, pack in self._packs.items() if pack})

    def needed(self, pack: Pack) -> list[Pack]:
        """What a pack stands on, the deepest first, the pack itself last. Missing ones are out."""
        found: dict[str, Pack] = {}

        def visit(current: Pack, above: tuple[str, ...]) -> None:
            for name in current.head.requires if current.head else ():
                under = self.pack(name)
                if under is not None and name not in above and name not in found:
                    visit(under, (*above, name))
            found[current.name] = current

        visit(pack, (pack.name,))
        return list(found.values())

    def in_order(self) -> list[Pack]:
        """The packs given and all they need, each after what it stands on."""
        ordered: dict[str, Pack] = {}
        for pack in self.given:
            ordered |= {one.name: one for one in self.needed(pack) if one.name not in ordered}
        return list(ordered.values())

    def context(
        self,
        pack: Pack,
        *,
        actor: User | None = None,
        now: datetime | None = None,
        held: Mapping[str, frozenset[str]] = _NOTHING,
    ) -> Context:
        """What the sections are told about a pack."""
        known = Library(self.needed(pack))
        return Context(pack.name, known, now or timezone.now(), actor, held, pack.directory)

    def mistakes(self, pack: Pack) -> list[Mistake]:
        """Everything wrong with a pack, in the order of its files."""
        if pack.mistakes:  # what cannot be read would be missed everywhere
            return sorted({*pack.mistakes, *self._requirements(pack)})
        wrong = [*self._requirements(pack)]
        if not wrong:
            context = self.context(pack)
            wrong = [*self._taken(pack)]
            for section in sections.registered():
                wrong += self._references(pack, section, context)
        return sorted(set(wrong))

    def _references(self, pack: Pack, section: Section, context: Context) -> Iterator[Mistake]:
        items = pack.items(section.key)
        if items:
            for fault in section.check(items, context):
                yield pack.locate(section.key, fault)

    def _requirements(self, pack: Pack) -> Iterator[Mistake]:
        for index, name in enumerate(pack.head.requires if pack.head else ()):
            under, place = self.pack(name), pack.position("requires", index)
            if name == pack.name or (
                under and pack.name in {p.name for p in self.needed(under)[:-1]}
            ):
                told = _("“%(name)s” requires this pack itself; expected no circle")
                yield Mistake(place, told % {"name": name})
            elif under is None:
                known = [other for other in self.names() if other != pack.name]
                told = sections.no_such(_("packs"), name, known)
                yield Mistake(place, told)
            elif under.mistakes:
                told = _("“%(name)s” has mistakes itself, the first: %(mistake)s")
                data = {"name": name, "mistake": under.mistakes[0]}
                yield Mistake(place, told % data)

    def _taken(self, pack: Pack) -> Iterator[Mistake]:
        """Items that another pack defines already."""
        others = [p for p in self.in_order() if p is not pack and p.name != pack.name]
        others += [p for p in self.needed(pack)[:-1] if p not in others]
        for section in sections.registered():
            theirs = {section.code(item): other for other in others
                      for item in other.items(section.key)}  # fmt: skip
            for placed in pack.placed.get(section.key, []):
                if other := theirs.get(section.code(placed.item)):
                    told = _("“%(code)s” is defined by the pack “%(pack)s” already")
                    data = {"code": section.code(placed.item), "pack": other.name}
                    yield Mistake(placed.position(), told % data)


def check(paths: Iterable[Path | str], box: Path) -> tuple[Shelf, list[Mistake]]:
    """The packs at the paths, and everything wrong with them."""
    shelf = Shelf(paths, box)
    wrong = [mistake for pack in shelf.given for mistake in shelf.mistakes(pack)]
    if not shelf.given:
        wrong.append(Mistake(Position(str(box)), _("no pack here; expected one")))
    return shelf, wrong
