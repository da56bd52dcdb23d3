"""Registers and their entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.fields import DecimalField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Reach, Viewer, may, reach
from jiulong.registers import searching, specs
from jiulong.registers.fields import LINKED_ENTERPRISE, ChoiceField, Field
from jiulong.registers.models import Entry, OwnView, Register
from jiulong.registers.schema import RegisterSpec

#: Suggestions for a link that somebody types.
OPTIONS: Final = 12
NUMBERS: Final = frozenset({"number", "money", "computed"})


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A register, what its pack says, and how many of its entries the viewer sees."""

    register: Register
    spec: RegisterSpec
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Which entries are asked for.

    Args:
        where: values by field key; several values: any of them.
        since, until: days by the key of a date field, both included.
        unit: code of a unit in charge; those below it count too.
        order: a field's key, `number` or `updated`; a leading "-" reverses.
    """

    text: str = ""
    where: Mapping[str, str | bool | list[str]] = field(default_factory=dict)
    since: Mapping[str, date] = field(default_factory=dict)
    until: Mapping[str, date] = field(default_factory=dict)
    unit: str = ""
    removed: bool = False
    order: str = "number"


def visible(viewer: Viewer) -> Q:
    """The entries that the viewer may see.

    Those of units within their reach, those about an enterprise within it, and their own.
    """
    return _within(viewer, reach(viewer, "see_entries"))


def _within(viewer: Viewer, where: Reach) -> Q:
    if isinstance(viewer, AnonymousUser) or not where:
        return Q(pk__in=[])
    if where.everything:
        return Q()
    found = Q(unit__in=where.units) | Q(enterprise__unit__in=where.units)
    if where.own is not None:
        found |= Q(created_by=where.own) | Q(holder=where.own)
    return found


def registers(viewer: Viewer) -> list[RegisterRow]:
    """Registers in use, and retired ones of which the viewer sees entries."""
    if not may(viewer, "see_entries"):
        return []
    seen = Entry.objects.filter(visible(viewer), removed_at=None).order_by()
    counts = dict(seen.values_list("register").annotate(Count("pk")))
    return [
        RegisterRow(row, specs.register(row), counts.get(row.pk, 0))
        for row in Register.objects.all()
        if row.retired_at is None or counts.get(row.pk)
    ]


def named(viewer: Viewer, code: str) -> Register:
    """The register. Register.DoesNotExist also where the viewer may not see any."""
    if not may(viewer, "see_entries"):
        raise Register.DoesNotExist(code)
    return Register.objects.get(code=code)


def entries(viewer: Viewer, register: Register, asking: Asking | None = None) -> QuerySet[Entry]:
    """The register's entries that the viewer may see and that were asked for, in order."""
    asking = asking or Asking()
    spec = specs.register(register)
    rows = Entry.objects.filter(visible(viewer), register=register)
    rows = rows.exclude(removed_at=None) if asking.removed else rows.filter(removed_at=None)
    if asking.text:
        rows = rows.filter(searching.matching(asking.text))
    if asking.unit:
        rows = rows.filter(_below(asking.unit))
    for key, wanted in asking.where.items():
        rows = rows.filter(value_is(specs.field_of(spec.fields, key), wanted))
    for key, day in asking.since.items():
        rows = rows.filter(**{f"data__{key}__gte": day.isoformat()})
    for key, day in asking.until.items():
        rows = rows.filter(**{f"data__{key}__lte": day.isoformat()})
    return rows.select_related("unit").order_by(*ordering(spec, [asking.order]))


def _below(code: str) -> Q:
    path = Unit.objects.filter(code=code).values_list("path", flat=True).first()
    return Q(unit__path__startswith=path) if path else Q(pk__in=[])


def value_is(one: Field, wanted: str | bool | list[str]) -> Q:
    several = isinstance(one, ChoiceField) and one.several
    found = Q()
    for value in wanted if isinstance(wanted, list) else [wanted]:
        found |= Q(data__contains={one.key: [value] if several else value})
    return found


def ordering(spec: RegisterSpec, keys: list[str]) -> list[OrderBy]:
    """The order by these keys, then by number; what has no value comes last either way."""
    ways = []
    for key in keys:
        by = _by(spec, key.removeprefix("-"))
        descending = key.startswith("-")
        ways.append(by.desc(nulls_last=True) if descending else by.asc(nulls_last=True))
    return [*ways, F("number").asc(), F("pk").asc()]


def _by(spec: RegisterSpec, key: str) -> Any:
    if key in {"number", "title"}:
        return F(key)
    if key == "updated":
        return F("updated_at")
    if key == "unit":
        return F("unit__name")
    one = specs.field_of(spec.fields, key)
    text = KeyTextTransform(key, "data")
    if one.type in NUMBERS:
        return Cast(text, DecimalField(max_digits=40, decimal_places=12))
    if isinstance(one, ChoiceField) and not one.several:
        cases = [
            When(**{f"data__{key}": option.key}, then=Value(place))
            for place, option in enumerate(one.choices)
        ]
        return Case(*cases, output_field=IntegerField())
    return text


def entry(viewer: Viewer, pk: int | str) -> Entry:
    """One entry, removed or not. Entry.DoesNotExist also where the viewer may not see it."""
    rows = Entry.objects.select_related("register", "unit", "enterprise", "created_by", "holder")
    return rows.filter(visible(viewer)).get(pk=pk)


def may_edit(viewer: Viewer, row: Entry) -> bool:
    """Whether the viewer may change this entry."""
    where = reach(viewer, "edit_entry")
    own = where.own is not None and where.own in {row.created_by_id, row.holder_id}
    return (own or where.covers(row.unit_id)) and row.register.retired_at is None


def may_remove(viewer: Viewer, row: Entry) -> bool:
    """Whether the viewer may remove and restore this entry."""
    return reach(viewer, "remove_entry").covers(row.unit_id)


def may_enter(viewer: Viewer, register: Register) -> bool:
    """Whether the viewer may enter things into the register."""
    return may(viewer, "edit_entry") and register.retired_at is None


def may_import(viewer: Viewer, register: Register) -> bool:
    """Whether the viewer may import a sheet into the register."""
    return may(viewer, "import_entries") and register.retired_at is None


def may_unmask(viewer: Viewer, row: Entry) -> bool:
    """Whether the viewer may ask to see persons of this entry whole."""
    return reach(viewer, "unmask").covers(row.unit_id)


def units_below(viewer: Viewer) -> list[tuple[str, str]]:
    """Units to filter by: those within the viewer's reach, but enterprises and grids."""
    where = reach(viewer, "see_entries")
    rows = Unit.objects.exclude(kind__in=[Unit.Kind.ENTERPRISE, Unit.Kind.GRID])
    if not where.everything:
        rows = rows.filter(pk__in=where.units)
    return list(rows.order_by("path", "code").values_list("code", "name"))


def own_views(viewer: Viewer, register: Register) -> list[OwnView]:
    """The lists that the viewer saved for themselves."""
    if not isinstance(viewer, User):
        return []
    return list(OwnView.objects.filter(user=viewer, register=register))


def options(viewer: Viewer, to: str, text: str) -> list[tuple[str, str]]:
    """Entries (number, title) of a register, or enterprises, that fit what is being typed."""
    from jiulong.registers.queries.enterprises import enterprises  # noqa: PLC0415 - they know us

    if to == LINKED_ENTERPRISE:
        firms = enterprises(viewer, text=text)
        return list(firms.values_list("credit_code", "name")[:OPTIONS])
    register = named(viewer, to)
    rows = entries(viewer, register, Asking(text=text))
    return list(rows.values_list("number", "title")[:OPTIONS])
