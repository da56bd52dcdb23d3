"""Columns and filters of a register's pages, and the official columns of its sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from jiulong.organisation.rules import Viewer
from jiulong.packs.text import Text
from jiulong.pages.columns import Column
from jiulong.pages.filters import Choice, Day, Filter, Options
from jiulong.registers import formulas, queries, showing, specs
from jiulong.registers.fields import BooleanField, ChoiceField, DateField, Field, UnitField
from jiulong.registers.formfields import unit_choices
from jiulong.registers.models import Entry
from jiulong.registers.queries.entries import NUMBERS
from jiulong.registers.schema import RegisterSpec

#: Filters are named by the key behind this, so that no key hides a parameter of the list.
PREFIX: Final = "f_"
SINCE, UNTIL = "_from", "_until"
YES_NO: Final = [("yes", _("yes")), ("no", _("no"))]
SORTED: Final = frozenset({"text", "choice", "date", "boolean", *NUMBERS})


@dataclass(frozen=True, kw_only=True)
class Several(Choice):
    """A choice of which an address may name several, with commas between: any of them."""

    def read(self, raw: str, options: Options) -> Any:
        found = [super(Several, self).read(one, options) for one in raw.split(",") if one]
        return found[0] if len(found) == 1 else found

    def word(self, raw: str, options: Options) -> Any:
        known = dict(options)
        return "、".join(str(known.get(one, one)) for one in raw.split(","))


class Row:
    """An entry as a list shows it: every value beside its name."""

    def __init__(self, entry: Entry, fields: Sequence[Field], names: showing.Names) -> None:
        self.entry = entry
        self.names = names
        self._fields = fields

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The values with the computed ones as of today."""
        return specs.completed(self._fields, self.entry.data)

    def html(self, field: Field) -> Any:
        return showing.html(field, self.values.get(field.key), self.names)

    def exported(self, field: Field) -> Any:
        return showing.exported(field, self.values.get(field.key), self.names)


def rows_of(spec: RegisterSpec, entries: Sequence[Entry]) -> list[Row]:
    """Rows of one page of entries."""
    names = showing.names_of(spec.fields, [entry.data for entry in entries])
    return [Row(entry, spec.fields, names) for entry in entries]


def list_columns(spec: RegisterSpec, *, pick: bool = False) -> tuple[Column, ...]:
    """The list: number, then the columns the pack names; with boxes to pick rows where asked."""
    title = spec.columns[0] if spec.title not in spec.columns else spec.title
    found = [
        Column(name="number", label=_("Number"), value="entry.number", sort=("number",),
               short=True),
        *(_column(specs.field_of(spec.fields, key), opens=key == title) for key in spec.columns),
        Column(name="unit", label=spec.unit.show() if spec.unit else _("Unit responsible"),
               value="entry.unit", sort=("unit",), on_phone=False),
    ]  # fmt: skip
    return (_pick_column(), *found) if pick else tuple(found)


def _pick_column() -> Column:
    return Column(name="pick", label=_("Pick"), value=lambda row: row.entry, show=_box, short=True,
                  export=lambda entry: entry.number)  # fmt: skip


def _box(entry: Entry) -> Any:
    return format_html(
        '<input type="checkbox" class="form-check-input pick" name="pick" value="{}" form="bulk"'
        ' aria-label="{}">',
        entry.pk,
        entry.number,
    )


def _column(field: Field, *, opens: bool) -> Column:
    return Column(
        name=field.key, label=str(field.label), value=_reading(field), opens=opens,
        sort=(field.key,) if sortable(field) else (), numeric=field.type in NUMBERS,
        short=field.type in {"date", "choice", "boolean"},
    )  # fmt: skip


def sortable(field: Field) -> bool:
    """Whether entries can be put in the order of the field."""
    several = isinstance(field, ChoiceField) and field.several
    return field.type in SORTED and not several and not formulas.moves(field)


def _reading(field: Field) -> Callable[[Row], Any]:
    return lambda row: row.html(field)


def list_filters(spec: RegisterSpec, *, removed: bool = False) -> tuple[Filter, ...]:
    """Choices, units, yes or no, days; the unit in charge besides."""
    found: list[Filter] = []
    for field in spec.fields:
        found += _filters(field)
    label = spec.unit.show() if spec.unit else _("Unit responsible")
    found.append(Choice(name="unit", label=label, choices=_units))
    if removed:
        found.append(Choice(name="removed", label=_("Removed ones"), choices=[("yes", _("yes"))]))
    return tuple(found)


def _units(viewer: Viewer) -> Options:
    return queries.units_below(viewer)


def _filters(field: Field) -> list[Filter]:
    name, label = PREFIX + field.key, str(field.label)
    if isinstance(field, ChoiceField):
        options = [(option.key, str(option.label)) for option in field.choices]
        return [Several(name=name, label=label, choices=options)]
    if isinstance(field, BooleanField):
        return [Choice(name=name, label=label, choices=YES_NO)]
    if isinstance(field, UnitField):
        kinds = tuple(field.kinds)
        return [Several(name=name, label=label, choices=lambda _v: unit_choices(kinds)[1:])]
    if isinstance(field, DateField):
        return [Day(name=name + SINCE, label=_("%(field)s from") % {"field": label}),
                Day(name=name + UNTIL, label=_("%(field)s until") % {"field": label})]  # fmt: skip
    return []


def asking(spec: RegisterSpec, text: str, filters: Mapping[str, Any], order: str) -> queries.Asking:
    """What a list's address asks of `queries.entries`."""
    where, since, until = {}, {}, {}
    for field in spec.fields:
        name = PREFIX + field.key
        if (value := filters.get(name)) not in (None, ""):
            where[field.key] = value == "yes" if isinstance(field, BooleanField) else value
        if (day := filters.get(name + SINCE)) is not None:
            since[field.key] = day
        if (day := filters.get(name + UNTIL)) is not None:
            until[field.key] = day
    return queries.Asking(
        text=text, where=where, since=since, until=until, unit=filters.get("unit") or "",
        removed=filters.get("removed") == "yes", order=order,
    )  # fmt: skip


def view_query(where: Mapping[str, Any], sort: str | None) -> dict[str, str]:
    """The address's parameters of a saved view of the pack."""
    query = {}
    for key, value in where.items():
        if isinstance(value, bool):
            value = "yes" if value else "no"  # noqa: PLW2901 - as the address says it
        query[PREFIX + key] = ",".join(value) if isinstance(value, list) else str(value)
    if sort:
        query["sort"] = sort
    return query


# -- the sheet ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of the official sheet: `key` is a field's, or one of those behind a #."""

    key: str
    label: Text
    field: Field | None = None

    @property
    def heads(self) -> set[str]:
        """What may stand at the head of it."""
        return {self.key, self.label.zh, self.label.en} - {""}


NUMBER: Final = SheetColumn("#number", Text("编号", "Number"))


def sheet_columns(spec: RegisterSpec) -> list[SheetColumn]:
    """The official order: number, the fields, then unit, person in charge and place."""
    keys = spec.sheet or [field.key for field in spec.fields]
    fields = [specs.field_of(spec.fields, key) for key in keys]
    found = [NUMBER, *(SheetColumn(f.key, _head(f), f) for f in fields if f.type != "file")]
    found.append(SheetColumn("#unit", spec.unit or Text("责任单位", "Unit responsible")))
    if spec.holder is not None:
        found.append(SheetColumn("#holder", spec.holder))
    if spec.place != "none":
        found += [
            SheetColumn("#longitude", Text("经度", "Longitude")),
            SheetColumn("#latitude", Text("纬度", "Latitude")),
            SheetColumn("#address", Text("地址", "Address")),
        ]
    return found


def _head(field: Field) -> Text:
    unit = getattr(field, "unit", "")
    if not unit:
        return field.label
    english = f"{field.label.en} ({unit})" if field.label.en else ""
    return Text(f"{field.label.zh}({unit})", english)


def file_columns(spec: RegisterSpec) -> list[Column]:
    """The sheet's columns as an export writes them."""
    return [
        Column(name=column.key, label=column.label.show(), value=_cell(column))
        for column in sheet_columns(spec)
    ]


def _cell(column: SheetColumn) -> Callable[[Row], Any]:
    field = column.field
    if field is not None:
        return lambda row: row.exported(field)
    name = column.key.removeprefix("#")
    if name == "unit":
        return lambda row: row.entry.unit.name if row.entry.unit else None
    if name == "holder":
        return lambda row: row.entry.holder.username if row.entry.holder else None
    return lambda row: getattr(row.entry, name)
