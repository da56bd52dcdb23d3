"""Every read of packs that pages and commands need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiulong.organisation.rules import Viewer, require
from jiulong.packs import sections
from jiulong.packs.actions import checked, in_turn
from jiulong.packs.checking import Shelf, check
from jiulong.packs.loading import folders
from jiulong.packs.models import AppliedPack
from jiulong.packs.planning import Outcome, all_latest, latest
from jiulong.packs.text import Text


@dataclass(frozen=True)
class Listed:
    """A pack of the box, or one that was applied once."""

    name: str
    title: Text
    summary: Text
    version: str  # of the files; of the application where the files are gone
    requires: tuple[str, ...]
    holds: Mapping[str, int]  # section → number of items
    state: str  # new · applied · changed · mistaken · gone · outside
    applied: AppliedPack | None
    source: str = ""  # its folder, where it was applied from outside the box

    def as_json(self) -> dict[str, Any]:
        """For `list --json`."""
        applied = self.applied
        return {
            "name": self.name,
            "title": self.title.stored(),
            "version": self.version,
            "requires": list(self.requires),
            "holds": dict(self.holds),
            "state": self.state,
            "applied": applied and {
                "version": applied.version,
                "digest": applied.digest,
                "at": applied.applied_at.isoformat(),
                "by": applied.actor_name,
                "from": applied.source,
            },
        }  # fmt: skip


def packs(viewer: Viewer | None, box: Path | None = None) -> list[Listed]:
    """The packs of the box and those applied, by name; `viewer` None is the command line.

    Raises:
        PermissionDenied: the viewer may not `see_packs`.
    """
    if viewer is not None:
        require(viewer, "see_packs")
    box = box or settings.PACKS
    applied = {row.name: row for row in all_latest().select_related("actor")}
    there = [path for path in folders(box) if path != box]
    shelf = Shelf(there, box)
    found = {pack.name: _listed(shelf, pack, applied.get(pack.name)) for pack in shelf.given}
    found |= {name: _gone(row) for name, row in applied.items() if name not in found}
    return [found[name] for name in sorted(found)]


def _listed(shelf: Shelf, pack: Any, applied: AppliedPack | None) -> Listed:
    head = pack.head
    contents = {} if pack.mistakes else pack.contents()
    state = "new"
    if shelf.mistakes(pack):
        state = "mistaken"
    elif applied is not None:
        state = "applied" if applied.digest == pack.digest() else "changed"
    return Listed(
        name=pack.name,
        title=head.title if head else Text(pack.name),
        summary=head.summary if head else Text("—"),
        version=head.version if head else "",
        requires=tuple(head.requires) if head else (),
        holds={key: len(items) for key, items in contents.items()},
        state=state,
        applied=applied,
    )


def _gone(row: AppliedPack) -> Listed:
    return Listed(
        name=row.name,
        title=row.title,
        summary=row.summary,
        version=row.version,
        requires=tuple(row.head.get("requires", ())),
        holds={
            section.key: len(row.contents[section.key])
            for section in sections.registered()
            if section.key in row.contents
        },
        state="outside" if row.source else "gone",
        applied=row,
        source=row.source,
    )


def history(viewer: Viewer, name: str) -> list[AppliedPack]:
    """Applications of a pack, newest first.

    Raises:
        PermissionDenied: the viewer may not `see_packs`.
    """
    require(viewer, "see_packs")
    return list(AppliedPack.objects.filter(name=name).select_related("actor")[:50])


def plan(
    viewer: Viewer | None,
    paths: Iterable[Path | str],
    *,
    demo: bool = False,
    box: Path | None = None,
) -> list[Outcome]:
    """What applying would do: it is done and undone, so that it is what will happen.

    Raises:
        PermissionDenied: the viewer may not `see_packs`.
        MistakenError: as `apply_packs`.
    """
    if viewer is not None:
        require(viewer, "see_packs")
    shelf = checked(paths, box)
    with transaction.atomic():
        outcomes = in_turn(shelf, actor=None, demo=demo, now=timezone.now())
        transaction.set_rollback(True)
    return outcomes


def mistakes(viewer: Viewer, name: str, box: Path | None = None) -> list[str]:
    """What is wrong with a pack of the box.

    Raises:
        PermissionDenied: the viewer may not `see_packs`.
    """
    require(viewer, "see_packs")
    return [str(mistake) for mistake in check([name], box or settings.PACKS)[1]]


def export(name: str) -> dict[str, Any] | None:
    """An applied pack as its YAML would say it now; None when it was never applied."""
    row = latest(name)
    if row is None:
        return None
    told: dict[str, Any] = dict(row.head)
    for section in sections.registered():
        if section.demo:
            continue
        items = section.export(name) if section.export else row.items(section.key)
        if items:
            told[section.key] = list(items)
    return told
