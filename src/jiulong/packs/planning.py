"""What applying a pack would do, and doing it: section by section, inside one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from jiulong.organisation.models import User
from jiulong.packs import sections
from jiulong.packs.checking import Shelf
from jiulong.packs.loading import Pack, as_json
from jiulong.packs.models import AppliedPack
from jiulong.packs.reading import Mistake
from jiulong.packs.sections import Change, Context, Fault, RefusedError, Section


class MistakenError(Exception):
    """Packs cannot be applied; nothing was changed. `mistakes` say why, with their places."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = list(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in mistakes))


@dataclass(frozen=True)
class Outcome:
    """What was, or would be, done for a pack."""

    pack: Pack
    changes: Mapping[str, Sequence[Change]]  # by section; without what stays the same
    same: int = 0  # how much stays the same
    before: str = ""  # version that was applied before
    record: AppliedPack | None = field(default=None, compare=False)  # None: nothing new to record

    @property
    def changed(self) -> bool:
        """Whether anything differs."""
        return any(self.changes.values())

    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        return dict(Counter(change.kind for some in self.changes.values() for change in some))

    def as_json(self) -> dict[str, Any]:
        """Section → its changes, for the record and for `--json`."""
        return {
            key: [
                {"kind": c.kind, "key": c.key, "before": dict(c.before), "after": dict(c.after)}
                for c in changes
            ]
            for key, changes in self.changes.items()
            if changes
        }


def carry_out(
    shelf: Shelf, pack: Pack, *, actor: User | None, demo: bool, now: datetime
) -> Outcome:
    """Apply one checked pack, inside the caller's transaction.

    Raises:
        MistakenError: a section refuses, or live work would be stranded.
    """
    last = latest(pack.name)
    context = shelf.context(pack, actor=actor, now=now, held=last.codes() if last else {})
    _refuse_taken(pack)
    changes: dict[str, Sequence[Change]] = {}
    same = 0
    for section in sections.registered():
        if section.demo and not demo:
            continue
        if pack.placed.get(section.key) or context.held.get(section.key):
            planned = _apply(section, pack, context)
            changes[section.key] = [change for change in planned if change.kind != "same"]
            same += len(planned) - len(changes[section.key])
    outcome = Outcome(pack, changes, same, last.version if last else "")
    outside = pack.directory.absolute().parent != shelf.box.absolute()
    return _recorded(outcome, last, context, demo=demo, outside=outside)


def _apply(section: Section, pack: Pack, context: Context) -> Sequence[Change]:
    try:
        changes = section.plan(pack.items(section.key), context)
        _refuse_stranding(section, changes, context)
        if different := [change for change in changes if change.kind != "same"]:
            section.apply(different, context)
    except RefusedError as error:
        raise MistakenError([pack.locate(section.key, one) for one in error.faults]) from error
    except ValidationError as error:
        faults = [Fault((), message) for message in error.messages]
        raise MistakenError([pack.locate(section.key, one) for one in faults]) from error
    return changes


def _refuse_stranding(section: Section, changes: Sequence[Change], context: Context) -> None:
    if stranded := [*section.strands(changes, context)]:
        raise RefusedError(stranded)


def _recorded(
    outcome: Outcome, last: AppliedPack | None, context: Context, *, demo: bool, outside: bool
) -> Outcome:
    """The outcome with its row, unless there is nothing new to tell."""
    pack, digest = outcome.pack, outcome.pack.digest()
    if last is not None and last.digest == digest and not outcome.changed:
        return outcome
    if pack.head is None:  # a pack with mistakes never comes here
        raise MistakenError(pack.mistakes)
    record = AppliedPack.objects.create(
        name=pack.name,
        version=pack.head.version,
        digest=digest,
        applied_at=context.now,
        actor=context.actor,
        actor_name=str(context.actor) if context.actor else "Jiulong",
        demo=demo,
        source=str(pack.directory.absolute()) if outside else "",
        head=as_json(pack.head),
        contents=pack.contents(),
        plan=outcome.as_json(),
    )
    return Outcome(pack, outcome.changes, outcome.same, outcome.before, record)


def latest(name: str) -> AppliedPack | None:
    """The application of a pack that holds."""
    return AppliedPack.objects.filter(name=name).order_by("-id").first()


def all_latest() -> models.QuerySet[AppliedPack]:
    """The applications that hold, by name."""
    newest = AppliedPack.objects.order_by("name", "-id").distinct("name").values("pk")
    return AppliedPack.objects.filter(pk__in=newest).order_by("name")


def _refuse_taken(pack: Pack) -> None:
    """Two packs may not both define a thing: the second would change it for the first."""
    mistakes = []
    for other in all_latest().exclude(name=pack.name):
        theirs = other.codes()
        for section in sections.registered():
            for placed in pack.placed.get(section.key, []) if not section.demo else []:
                code = section.code(placed.item)
                if code in theirs.get(section.key, ()):
                    told = _("“%(code)s” is defined by the pack “%(pack)s” already")
                    data = {"code": code, "pack": other.name}
                    mistakes.append(Mistake(placed.position(), told % data))
    if mistakes:
        raise MistakenError(mistakes)
