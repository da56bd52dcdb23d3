"""How many, how much and on average: entries by any two of their fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import orjson
from django.db.models import Count, F, QuerySet, Sum
from django.db.models.fields import DecimalField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Left
from django.utils.translation import gettext as _

from jiulong.organisation.models import Unit
from jiulong.registers import formulas, specs
from jiulong.registers.fields import ChoiceField, Field
from jiulong.registers.models import Entry
from jiulong.registers.queries.entries import NUMBERS
from jiulong.registers.schema import RegisterSpec

#: What entries can be counted by; the unit in charge besides.
GROUPED: Final = frozenset({"choice", "boolean", "unit", "date"})
UNIT: Final = "unit"
#: Rows and columns of a table that a person can read; the totals count the rest too.
LINES: Final = 40


@dataclass(frozen=True, slots=True)
class Measure:
    """What each cell says: `count`, or `sum` or `average` of a number field."""

    how: str = "count"
    key: str = ""


@dataclass(frozen=True, slots=True)
class Cross:
    """A table: heads of the rows and columns, cells, and sums of each where they make sense."""

    rows: list[str]
    columns: list[str]
    cells: list[list[Decimal | None]]
    row_totals: list[Decimal | None]
    column_totals: list[Decimal | None]
    total: Decimal | None


def cross(
    rows: QuerySet[Entry], spec: RegisterSpec, by: str, across: str, measure: Measure
) -> Cross:
    """Of `entries(viewer, …)`, by one field and, unless empty, across another.

    `by` and `across` are keys of choice, boolean, unit or date fields (by month), or `unit`.
    """
    keys = [by, *([across] if across else [])]
    groups = rows.order_by().select_related(None)
    groups = groups.annotate(**{f"by_{i}": _by(spec, key) for i, key in enumerate(keys)})
    names = [f"by_{i}" for i in range(len(keys))]
    tally: dict[tuple[Any, ...], list[Decimal]] = {}
    wanted = groups.values_list(*names).annotate(n=Count("pk"), **_amount(measure))
    for *heads, count, amount, known in _triples(wanted, measure):
        for pair in _spread(heads):
            sums = tally.setdefault(pair, [Decimal(0), Decimal(0), Decimal(0)])
            for place, value in enumerate((count, amount, known)):
                sums[place] += Decimal(value or 0)
    return _table(spec, keys, tally, measure)


def _amount(measure: Measure) -> dict[str, Any]:
    if measure.how == "count":
        return {}
    text = KeyTextTransform(measure.key, "data")
    return {
        "amount": Sum(Cast(text, DecimalField(max_digits=40, decimal_places=6))),
        "known": Count(text),
    }


def _triples(rows: Iterable[tuple[Any, ...]], measure: Measure) -> Iterable[tuple[Any, ...]]:
    return ((*row, None, None) for row in rows) if measure.how == "count" else rows


def _by(spec: RegisterSpec, key: str) -> Any:
    if key == UNIT:
        return F("unit__code")
    one = specs.field_of(spec.fields, key)
    text = KeyTextTransform(key, "data")
    return Left(text, 7) if one.type == "date" else text


def _spread(heads: list[Any]) -> list[tuple[Any, ...]]:
    """An entry with several values of a choice counts once under each of them."""
    found: list[tuple[Any, ...]] = [()]
    for head in heads:
        several = isinstance(head, str) and head.startswith("[")
        values = orjson.loads(head) or [None] if several else [head]
        found = [(*one, value) for one in found for value in values]
    return found


def _table(
    spec: RegisterSpec, keys: list[str], tally: dict[tuple[Any, ...], list[Decimal]],
    measure: Measure,
) -> Cross:  # fmt: skip
    down = _heads(spec, keys[0], {pair[0] for pair in tally})
    over = _heads(spec, keys[1], {pair[1] for pair in tally}) if len(keys) > 1 else []
    sums: dict[tuple[Any, ...], list[Decimal]] = {}
    for pair, found in tally.items():
        for place in {pair, (pair[0], ...), (..., pair[-1]), (..., ...)}:
            total = sums.setdefault(place, [Decimal(0), Decimal(0), Decimal(0)])
            sums[place] = [one + other for one, other in zip(total, found, strict=True)]

    def cell(row: Any, column: Any) -> Decimal | None:
        return _said(measure, sums[row, column]) if (row, column) in sums else None

    return Cross(
        rows=[word for _value, word in down],
        columns=[word for _value, word in over],
        cells=[[cell(head, other) for other, _word in over] for head, _w in down],
        row_totals=[cell(head, ...) for head, _word in down],
        column_totals=[cell(..., other) for other, _word in over],
        total=cell(..., ...),
    )


def _said(measure: Measure, sums: list[Decimal]) -> Decimal | None:
    count, amount, known = sums
    if measure.how == "count":
        return count
    if not known:
        return None
    return amount if measure.how == "sum" else amount / known


def _heads(spec: RegisterSpec, key: str, values: set[Any]) -> list[tuple[Any, str]]:
    """The values with their words, in the order of the field; nothing known comes last."""
    known = {value for value in values if value is not None}
    ordered = _words(spec, key, known)
    return [*ordered[:LINES], *([(None, _("not known"))] if None in values else [])]


def _words(spec: RegisterSpec, key: str, known: set[Any]) -> list[tuple[Any, str]]:
    one: Field | None = None if key == UNIT else specs.field_of(spec.fields, key)
    if isinstance(one, ChoiceField):
        listed = [(option.key, str(option.label)) for option in one.choices if option.key in known]
        gone = known - {option.key for option in one.choices}
        return listed + [(value, value) for value in sorted(gone)]
    if one is not None and one.type == "boolean":
        return [(v, _("yes") if v == "true" else _("no")) for v in ("true", "false") if v in known]
    if one is not None and one.type == "date":
        return [(value, value) for value in sorted(known)]
    names = dict(Unit.objects.filter(code__in=known).values_list("code", "name"))
    return [(code, names.get(code, code)) for code in sorted(known)]


def dimensions(spec: RegisterSpec) -> list[tuple[str, str]]:
    """What entries can be counted by: key and label."""
    found = [(one.key, str(one.label)) for one in spec.fields if one.type in GROUPED]
    return [*found, (UNIT, str(spec.unit or _("Unit responsible")))]


def amounts(spec: RegisterSpec) -> list[tuple[str, str]]:
    """Number fields that can be summed up and averaged: key and label."""
    return [
        (one.key, str(one.label))
        for one in spec.fields
        if one.type in NUMBERS and not formulas.moves(one)
    ]
