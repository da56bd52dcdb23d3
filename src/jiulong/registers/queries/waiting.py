"""Queues: an order that anybody can recompute from what is published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from jiulong.organisation.rules import Viewer
from jiulong.registers import showing, specs
from jiulong.registers.fields import Field
from jiulong.registers.models import Entry, Register
from jiulong.registers.queries.entries import ordering, value_is, visible
from jiulong.registers.schema import Queue, RegisterSpec


@dataclass(frozen=True, slots=True)
class Place:
    """An entry's place in the queue, and the values that put it there, in words."""

    position: int
    entry: Entry
    reasons: list[tuple[str, str]]
    public: list[tuple[str, str]]


def queue(viewer: Viewer, register: Register) -> list[Place]:
    """Everybody who waits, in order, those whom the viewer may not see left out.

    Positions are those of the whole queue. LookupError where the register has no queue.
    """
    spec, found = _spec(register)
    seen = set(
        Entry.objects.filter(visible(viewer), register=register).values_list("pk", flat=True)
    )
    return [place for place in _places(spec, found, register) if place.entry.pk in seen]


def published(register: Register) -> list[Place]:
    """The queue as everybody may read it: the fields named public, persons masked.

    Raises:
        LookupError: the register has no queue, or publishes nothing.
    """
    spec, found = _spec(register)
    if not found.public or register.retired_at is not None:
        raise LookupError(register.code)
    return _places(spec, found, register)


def _spec(register: Register) -> tuple[RegisterSpec, Queue]:
    spec = specs.register(register)
    if spec.queue is None:
        raise LookupError(register.code)
    return spec, spec.queue


def _rows(spec: RegisterSpec, wanted: Queue, register: Register) -> QuerySet[Entry]:
    rows = Entry.objects.filter(register=register, removed_at=None)
    for key, value in wanted.where.items():
        rows = rows.filter(value_is(specs.field_of(spec.fields, key), value))
    return rows.order_by(*ordering(spec, list(wanted.by)))


def _places(spec: RegisterSpec, wanted: Queue, register: Register) -> list[Place]:
    rows = list(_rows(spec, wanted, register))
    by = [_named(spec, key.removeprefix("-")) for key in wanted.by if key.strip("-") != "number"]
    public = [_named(spec, key) for key in wanted.public]
    data = [row.data for row in rows]
    names = showing.names_of([*by, *public], data)
    return [
        Place(position, row, _words(by, row.data, names), _words(public, row.data, names))
        for position, row in enumerate(rows, 1)
    ]


def _named(spec: RegisterSpec, key: str) -> Field:
    return specs.field_of(spec.fields, key)


def _words(
    fields: list[Field], data: dict[str, Any], names: showing.Names
) -> list[tuple[str, str]]:
    return [(str(field.label), showing.text(field, data.get(field.key), names)) for field in fields]
