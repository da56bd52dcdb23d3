"""Entries and enterprises as points of the map."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet

from jiulong.registers.fields import ChoiceField
from jiulong.registers.models import Enterprise, Entry
from jiulong.registers.schema import RegisterSpec

#: More marks than this hide each other and the map.
MARKS: Final = 2000


def light_field(spec: RegisterSpec) -> ChoiceField | None:
    """The field whose lights an entry's mark bears: the board's, else the first that has some."""
    choices = [one for one in spec.fields if isinstance(one, ChoiceField) and not one.several]
    lit = [one for one in choices if any(option.light for option in one.choices)]
    return next((one for one in lit if one.key == spec.board), lit[0] if lit else None)


def map_rows(rows: QuerySet[Entry], spec: RegisterSpec) -> list[dict[str, Any]]:
    """Of `entries(viewer, …)`, those with a place: at most MARKS of them.

    Each `{"id", "number", "name", "longitude", "latitude", "light", "word"}`; the light is jade,
    amber, cinnabar, indigo or empty.
    """
    field = light_field(spec)
    known = {option.key: option for option in field.choices} if field else {}
    placed = rows.exclude(longitude=None).order_by("number").select_related(None)
    found = []
    for pk, number, title, longitude, latitude, data in placed.values_list(
        "pk", "number", "title", "longitude", "latitude", "data"
    )[:MARKS]:
        option = known.get(data.get(field.key)) if field else None
        found.append({
            "id": pk, "number": number, "name": title, "longitude": longitude,
            "latitude": latitude, "light": option.light if option else "",
            "word": str(option.label) if option else "",
        })  # fmt: skip
    return found


def enterprise_rows(rows: QuerySet[Enterprise]) -> list[dict[str, Any]]:
    """The same of enterprises."""
    placed = rows.exclude(longitude=None).order_by("name")
    return [
        {
            "id": row.pk, "number": row.credit_code, "name": row.name, "light": "",
            "longitude": row.longitude, "latitude": row.latitude,
            "word": row.get_trade_display(),
        }
        for row in placed[:MARKS]
    ]  # fmt: skip
