"""Entries in lanes: one for each value of the field that the pack names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Count, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from jiulong.registers import showing, specs
from jiulong.registers.fields import ChoiceField
from jiulong.registers.models import Entry
from jiulong.registers.schema import RegisterSpec

#: Cards of a lane; the list has the rest.
CARDS: Final = 50


@dataclass(frozen=True, slots=True)
class Lane:
    """A value of the board's field, how many have it, and the first of them."""

    key: str
    label: str
    light: str
    count: int
    entries: list[Entry]

    @property
    def more(self) -> int:
        """Entries that are not among the cards."""
        return self.count - len(self.entries)


def board(rows: QuerySet[Entry], spec: RegisterSpec) -> list[Lane]:
    """Lanes of `entries(viewer, …)` in the order of the field's values; none: without a value.

    Raises:
        LookupError: the register has no board.
    """
    field = specs.field_of(spec.fields, spec.board or "")
    if not isinstance(field, ChoiceField):
        raise LookupError(spec.board)  # noqa: TRY004 - there is no such board
    value = KeyTextTransform(field.key, "data")
    plain = rows.order_by().select_related(None).annotate(lane=value)
    counts = dict(plain.values_list("lane").annotate(Count("pk")))
    found = []
    rows = rows.select_related("unit", "register")
    for option in field.choices:
        there = rows.filter(data__contains={field.key: option.key})[:CARDS]
        light = showing.STATES.get(option.light, "")
        count = counts.get(option.key, 0)
        found.append(
            Lane(option.key, str(option.label), light, count, list(there) if count else [])
        )
    if none := counts.get(None, 0):
        there = rows.exclude(data__has_key=field.key)[:CARDS]
        found.append(Lane("", _("not known"), "", none, list(there)))
    return found
