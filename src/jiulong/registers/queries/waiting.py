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


@dataclass(frozen=True, slots=True)
class Order:
    """The whole order as ids and numbers; `seen` are positions (from 1) the reader may see."""

    spec: RegisterSpec
    rows: list[tuple[int, str]]
    seen: list[int]

    def places(self, start: int, stop: int) -> list[Place]:
        """Those that may be seen, from the one at index `start` to that before `stop`."""
        positions = self.seen[start:stop]
        ids = [self.rows[position - 1][0] for position in positions]
        entries = Entry.objects.in_bulk(ids)
        found = [(position, entries[pk]) for position, pk in zip(positions, ids, strict=True)]
        return _places(self.spec, found)


def queue(viewer: Viewer, register: Register) -> Order:
    """Everybody who waits, in order; those whom the viewer may not see are not shown to them.

    Positions are those of the whole queue. LookupError where the register has no queue.
    """
    spec, wanted = _spec(register)
    rows = list(_rows(spec, wanted, register).values_list("pk", "number"))
    seen = set(
        Entry.objects.filter(visible(viewer), register=register).values_list("pk", flat=True)
    )
    return Order(spec, rows, [at for at, (pk, _number) in enumerate(rows, 1) if pk in seen])


def published(register: Register) -> Order:
    """The queue as everybody may read it: the fields named public, persons masked.

    Raises:
        LookupError: the register has no queue, or publishes nothing.
    """
    spec, wanted = _spec(register)
    if not wanted.public or register.retired_at is not None:
        raise LookupError(register.code)
    rows = list(_rows(spec, wanted, register).values_list("pk", "number"))
    return Order(spec, rows, list(range(1, len(rows) + 1)))


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


def _places(spec: RegisterSpec, found: list[tuple[int, Entry]]) -> list[Place]:
    wanted = spec.queue
    if wanted is None:
        return []
    by = [_named(spec, key.removeprefix("-")) for key in wanted.by if key.strip("-") != "number"]
    public = [_named(spec, key) for key in wanted.public]
    names = showing.names_of([*by, *public], [row.data for _position, row in found])
    return [
        Place(position, row, _words(by, row.data, names), _words(public, row.data, names))
        for position, row in found
    ]


def _named(spec: RegisterSpec, key: str) -> Field:
    return specs.field_of(spec.fields, key)


def _words(
    fields: list[Field], data: dict[str, Any], names: showing.Names
) -> list[tuple[str, str]]:
    return [(str(field.label), showing.text(field, data.get(field.key), names)) for field in fields]
