"""Words for what packs do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiulong.packs.planning import Outcome
from jiulong.packs.sections import Change
from jiulong.packs.text import Text

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
#: A longer value is cut in a list of differences.
_LONGEST: Final = 120


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
            yield f"  {SIGNS[change.kind]} {section} {change.key}  {summary(change)}".rstrip()


def summary(change: Change) -> str:
    """What differs, in a line."""
    if change.kind == "change":
        return "; ".join(
            f"{key}: {value(change.before.get(key))} → {value(after)}"
            for key, after in change.after.items()
        )
    fields = change.after if change.kind == "add" else change.before
    return name_of(fields)


def name_of(fields: Mapping[str, Any]) -> str:
    """What people call the thing."""
    for key in ("name", "title", "names", "label"):
        if fields.get(key):
            return value(fields[key])
    return ""


def value(stored: Any) -> str:
    """A value of a change, short."""
    if stored is None or stored == "":
        return "—"
    if isinstance(stored, dict) and "zh" in stored and stored.keys() <= {"zh", "en"}:
        return Text.of(stored).show()
    text = str(stored)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
