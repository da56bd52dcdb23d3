"""Words for what packs do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiulong.packs.differing import Difference, differences, name_of
from jiulong.packs.planning import Outcome
from jiulong.packs.sections import Change

STATES: Final[dict[str, str | Promise]] = {
    "new": gettext_lazy("Not applied"),
    "applied": gettext_lazy("Applied"),
    "changed": gettext_lazy("Newer files"),
    "mistaken": gettext_lazy("Mistakes"),
    "gone": gettext_lazy("Files gone"),
    "outside": gettext_lazy("Applied from outside the box"),
}
KINDS: Final[dict[str, str | Promise]] = {
    "add": gettext_lazy("New"),
    "change": gettext_lazy("Changed"),
    "retire": gettext_lazy("Retired"),
}
SIGNS: Final = {"add": "+", "change": "~", "retire": "-"}


def state_word(state: str) -> str:
    """How a pack of the box stands to what was applied."""
    return str(STATES[state])


def told(outcome: Outcome) -> Iterator[str]:
    """An outcome as lines: a heading, then each change."""
    name = outcome.pack.name
    counts = {kind: outcome.counts().get(kind, 0) for kind in KINDS}
    text = _("%(name)s: %(add)d new, %(change)d changed, %(retire)d retired, %(same)d the same.")
    if not outcome.changed:
        text = _("%(name)s: nothing to change; %(same)d the same.")
    yield text % {"name": name, "same": outcome.same, **counts}
    for section, changes in outcome.changes.items():
        for change in changes:
            yield from _lines(section, change)


def _lines(section: str, change: Change) -> Iterator[str]:
    """A change: one difference stands beside its thing, several below it."""
    head = f"  {SIGNS[change.kind]} {section} {change.key}"
    parts = differing(change)
    if len(parts) < 2:
        yield f"{head}  {parts[0] if parts else summary(change)}".rstrip()
        return
    yield head
    yield from (f"      {part}" for part in parts)


def differing(change: Change) -> list[Difference]:
    """The parts of a thing that differ; none of what is new or retired."""
    return differences(change.before, change.after) if change.kind == "change" else []


def summary(change: Change) -> str:
    """What a thing is called; of one that changes, which of its fields do."""
    if change.kind == "change":
        return ", ".join(change.after)
    return name_of(change.after if change.kind == "add" else change.before)
