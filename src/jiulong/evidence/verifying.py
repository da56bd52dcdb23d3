"""Records that must be as their sealed events tell: each floor above registers a check of its own.

Seals cover events; an event tells what was written. What stands in a table and differs from it was
altered by somebody who may drop triggers. `jiulong verify` runs every check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from jiulong.evidence.models import Event

Record = TypeVar("Record", bound=Model)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found.

    Args:
        count: records that are as they were told.
        altered: the first that is not, by the words people know it by; empty: none.
    """

    count: int
    altered: str = ""


Check = Callable[[], Checked]
_registered: Final[dict[str, tuple[str | Promise, Check]]] = {}


def register(name: str, label: str | Promise, check: Check) -> None:
    """Have `jiulong verify` run a check; the same name again replaces it.

    Args:
        name: for machines.
        label: of what it speaks, for people: "Month proofs".
    """
    _registered[name] = (label, check)


def registered() -> Mapping[str, tuple[str | Promise, Check]]:
    """Label and check of each name."""
    return dict(_registered)


def as_told(
    verb: str, records: Iterable[Record], matches: Callable[[Record, Mapping[str, Any]], bool],
    *, subject: str, say: Callable[[Record], str] = str,
) -> Checked:  # fmt: skip
    """Hold records against the last event of a verb about each; none may be missing or too much.

    Args:
        matches: whether a record is what the event's data say.
        subject: label of the records' model, as events have it.
    """
    events = Event.objects.filter(verb=verb, subject=subject).order_by("id")
    told = dict(events.values_list("subject_id", "data"))
    count = 0
    for record in records:
        data = told.pop(str(record.pk), None)
        if data is None:
            return Checked(count, _("%(record)s: no event tells of it") % {"record": say(record)})
        if not matches(record, data):
            return Checked(count, _("%(record)s: not as its event tells") % {"record": say(record)})
        count += 1
    for pk in told:
        return Checked(count, _("%(record)s: it is gone") % {"record": f"{subject} {pk}"})
    return Checked(count)
