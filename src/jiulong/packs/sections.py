"""Sections of a pack: what a floor above offers to be set up by YAML, and how it does it.

A floor registers its sections in `apps.py`:

    from jiulong.packs import sections
    sections.register(Section(key="registers", model=RegisterItem, order=50, plan=…, apply=…))

Then `registers:` may stand at the head of any YAML file of a pack, with a list of items under it.
"""

from __future__ import annotations

import difflib
import pathlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict

from jiulong.organisation.models import User
from jiulong.packs.text import Text

#: Where in a section's list something is: (2, "fields", 0, "label").
Path = tuple[str | int, ...]


#: Codes that a wrong one is compared with: comparing is slow, a district has hundreds.
MOST_COMPARED: Final = 1000


class Item(BaseModel):
    """What an item of a section inherits, or does likewise: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Fault:
    """A mistake in an item. The loader turns the path into file, line and column."""

    path: Path
    message: str


class RefusedError(Exception):
    """A plan or an application cannot be; raised by `plan` or `apply` of a section too."""

    def __init__(self, faults: Iterable[Fault | str]) -> None:
        self.faults = [Fault((), fault) if isinstance(fault, str) else fault for fault in faults]
        super().__init__("; ".join(fault.message for fault in self.faults))


@dataclass(frozen=True)
class Change:
    """What applying would do to one thing. `before` and `after` are JSON: fields that differ."""

    kind: Literal["add", "change", "retire", "same"]
    key: str  # the item's code
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    item: Any = None  # the validated item; None when retired


class Known(Protocol):
    """What this pack and those it requires define, and what is built in. No database."""

    def get(self, section: str, code: str) -> Any:
        """The item with the code in the section; None when unknown or built in."""

    def has(self, section: str, code: str) -> bool: ...

    def codes(self, section: str) -> Sequence[str]: ...

    def items(self, section: str) -> Sequence[Any]: ...


@dataclass(frozen=True)
class Context:
    """Who applies which pack when, and what it may refer to."""

    pack: str
    known: Known
    now: datetime
    actor: User | None = None  # None: the machine's command line
    #: Codes by section that this pack held when last applied; what is missing now is retired.
    held: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: The pack's folder, for files that lie beside its YAML.
    directory: pathlib.Path | None = None

    def unknown(self, path: Path, section: str, code: str) -> Iterable[Fault]:
        """A fault when the section has no such code: `yield from ctx.unknown(…)`."""
        if self.known.has(section, code):
            return []
        what = _("%(section)s of this pack and those it requires") % {"section": section}
        return [Fault(path, no_such(what, code, self.known.codes(section)))]


def no_such(what: str, code: str, known: Iterable[str]) -> str:
    """The code is not there, with the nearest that is."""
    near = difflib.get_close_matches(str(code), list(known)[:MOST_COMPARED], n=1)
    told = _("there is no “%(code)s” among %(what)s")
    if near:
        told = _("there is no “%(code)s” among %(what)s; did you mean “%(near)s”?")
    return told % {"code": code, "what": what, "near": near[0] if near else ""}


def _by_code(item: Any) -> str:
    """An item's own name: its `code`, else its `key`."""
    return str(item.code if hasattr(item, "code") else item.key)


def _no_faults(_items: Sequence[Any], _context: Context) -> Iterable[Fault]:
    return []


def _no_strands(_changes: Sequence[Change], _context: Context) -> Iterable[str]:
    return []


@dataclass(frozen=True)
class Section:
    """One key of a pack.

    - `model`: pydantic model of ONE item of the list under `key`. Its docstring and the
      descriptions of its fields are the reference in docs/packs.md and in editors.
    - `order`: sections of all packs are applied in this order: what others refer to comes first
      (units 10, roles 20, calendar 30, registers 50, matters 60, triggers 70, demo 90).
    - `plan`: compares the items with the database; writes nothing; `differences` helps.
    - `apply`: does the changes (those that are not `same`), inside the loader's transaction.
    - `check`: references and whatever the model cannot see; no database.
    - `strands`: what live work the changes would leave without its rules, in words; refuses.
    - `export`: the items that pack NAME defined, as JSON that `model` accepts.
    - `code`: an item's name, unique in the section over all packs (default: its `code` or `key`).
    - `built_in`: codes that exist without any pack; a mapping gives them names.
    - `demo`: only applied with `--demo`, and never counted among the pack's contents.
    - `label`: what people call it on pages (lazy translation); default: its key.
    """

    key: str
    model: type[BaseModel]
    order: int
    plan: Callable[[Sequence[Any], Context], Sequence[Change]]
    apply: Callable[[Sequence[Change], Context], None]
    check: Callable[[Sequence[Any], Context], Iterable[Fault]] = _no_faults
    strands: Callable[[Sequence[Change], Context], Iterable[str]] = _no_strands
    export: Callable[[str], Sequence[dict[str, Any]]] | None = None
    code: Callable[[Any], str] = _by_code
    built_in: Mapping[str, str | Promise | Text] | frozenset[str] = frozenset()
    demo: bool = False
    label: str | Promise = ""


_registered: dict[str, Section] = {}


def register(section: Section) -> None:
    """Offer a section; the same key again replaces it."""
    _registered[section.key] = section


def label(key: str) -> str:
    """What people call a section; its key where nobody registered it."""
    section = _registered.get(key)
    return str((section and section.label) or key)


def registered() -> list[Section]:
    """All sections, in the order in which they are applied."""
    return sorted(_registered.values(), key=lambda section: (section.order, section.key))


def differences(
    items: Sequence[Any],
    stored: Mapping[str, Mapping[str, Any]],
    *,
    held: Iterable[str] = (),
    code: Callable[[Any], str] = _by_code,
    wanted: Callable[[Any], Mapping[str, Any]] | None = None,
) -> list[Change]:
    """The changes that make `stored` (code → JSON fields) what the items say.

    `wanted` gives an item's JSON fields, by default all of them. What is `held`, stored and no
    longer among the items is retired; leave retired things out of `stored`.
    """
    wanted = wanted or (lambda item: item.model_dump(mode="json", by_alias=True))
    changes = []
    for item in items:
        key, after = code(item), dict(wanted(item))
        before = stored.get(key)
        if before is None:
            changes.append(Change("add", key, {}, after, item))
            continue
        other = [name for name in {**after, **before} if before.get(name) != after.get(name)]
        changes.append(
            Change(
                "change" if other else "same",
                key,
                {name: before.get(name) for name in other},
                {name: after.get(name) for name in other},
                item,
            )
        )
    gone = set(held) & stored.keys() - {change.key for change in changes}
    changes += [Change("retire", key, dict(stored[key])) for key in sorted(gone)]
    return changes
