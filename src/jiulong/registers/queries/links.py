"""Entries that belong together, looked at from either end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jiulong.organisation.rules import Viewer
from jiulong.registers import specs
from jiulong.registers.fields import LINKED_ENTERPRISE, LinkField
from jiulong.registers.models import Enterprise, Entry, Register
from jiulong.registers.queries.entries import visible

#: Of one field of one register; the list has the rest.
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Linked:
    """The entries of a register that name something in one of their fields."""

    register: Register
    name: str
    label: str
    entries: list[Entry]
    more: bool


def linked_entries(viewer: Viewer, subject: Entry | Enterprise) -> list[Linked]:
    """Entries the viewer may see that link to this entry or enterprise, by register and field."""
    to = LINKED_ENTERPRISE if isinstance(subject, Enterprise) else subject.register.code
    number = subject.credit_code if isinstance(subject, Enterprise) else subject.number
    found = []
    for register in Register.objects.all():
        spec = specs.register(register)
        for field in spec.fields:
            if not isinstance(field, LinkField) or field.to != to:
                continue
            rows = Entry.objects.filter(
                visible(viewer), register=register, removed_at=None,
                data__contains={field.key: number},
            ).order_by("-updated_at")  # fmt: skip
            entries = list(rows[: SHOWN + 1])
            for one in entries:
                one.register = register
            if entries:
                label = str(field.label)
                found.append(
                    Linked(register, str(spec.name), label, entries[:SHOWN], len(entries) > SHOWN)
                )
    return found
