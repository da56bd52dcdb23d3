"""What was done to an entry: before and after, from its events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from jiulong.evidence.models import Event
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer
from jiulong.registers import showing, specs
from jiulong.registers.models import Entry
from jiulong.registers.queries.entries import visible
from jiulong.registers.schema import RegisterSpec

#: Shown at most; the evidence pages have all of them.
EVENTS: Final = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One event, with (label, before, after) in words for each field that changed."""

    at: datetime
    actor: str
    verb: str
    reason: str
    bulk: int
    changes: list[tuple[str, str, str]]


def history(viewer: Viewer, entry: Entry) -> list[Change]:
    """The entry's events, the newest first; nothing where the viewer may not see it."""
    if not Entry.objects.filter(visible(viewer), pk=entry.pk).exists():
        return []
    rows = Event.objects.filter(subject="registers.entry", subject_id=str(entry.pk))
    events = list(rows.order_by("-id")[:EVENTS])
    spec = specs.register(entry.register)
    pairs = [event.data.get("changes", {}) for event in events]
    states = [{key: pair[side] for key, pair in one.items()} for one in pairs for side in (0, 1)]
    names = showing.names_of(spec.fields, states)
    codes = {state["#unit"] for state in states if state.get("#unit")}
    names.units |= dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    return [
        Change(
            at=event.at,
            actor=event.actor_name,
            verb=event.verb,
            reason=event.data.get("reason", ""),
            bulk=event.data.get("bulk", 0),
            changes=[
                (_label(spec, key), _word(spec, key, old, names), _word(spec, key, new, names))
                for key, (old, new) in changes.items()
            ],
        )
        for event, changes in zip(events, pairs, strict=True)
    ]


def _label(spec: RegisterSpec, key: str) -> str:
    known = {
        "#number": _("Number"),
        "#unit": str(spec.unit or _("Unit responsible")),
        "#holder": str(spec.holder or _("Person in charge")),
        "#place": _("Place"),
        "#address": _("Address"),
    }
    if key in known:
        return known[key]
    return next((str(field.label) for field in spec.fields if field.key == key), key)


def _word(spec: RegisterSpec, key: str, value: Any, names: showing.Names) -> str:
    if value in (None, "", []):
        return ""
    if key == "#unit":
        return names.units.get(value) or str(value)
    field = next((field for field in spec.fields if field.key == key), None)
    if field is None or field.type == "person":  # events hold persons masked
        return str(value)
    return showing.text(field, value, names)
