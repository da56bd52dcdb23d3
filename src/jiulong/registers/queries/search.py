"""Entries of all registers, and enterprises, for the search box."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import reverse

from jiulong.organisation.rules import Viewer, may
from jiulong.registers import searching, specs
from jiulong.registers.models import Entry
from jiulong.registers.providers import Hit
from jiulong.registers.queries.enterprises import enterprises
from jiulong.registers.queries.entries import visible


def find_entries(viewer: Viewer, text: str, most: int) -> list[Hit]:
    """Entries by number, title, searchable fields or initials; whose number it is comes first."""
    if not may(viewer, "see_entries"):
        return []
    rows = Entry.objects.filter(visible(viewer), searching.matching(text), removed_at=None)
    first = Case(
        When(Q(number__iexact=text) | Q(title=text), then=Value(0)),
        When(title__startswith=text, then=Value(1)),
        default=Value(2), output_field=IntegerField(),
    )  # fmt: skip
    found = rows.select_related("register").order_by(first, "register", "number")[:most]
    return [
        Hit(
            title=row.title, number=row.number, about=str(specs.register(row.register).name),
            address=reverse("registers:entry", args=[row.pk]),
        )
        for row in found
    ]  # fmt: skip


def find_enterprises(viewer: Viewer, text: str, most: int) -> list[Hit]:
    """Enterprises by name, credit code or initials."""
    return [
        Hit(
            title=row.name, number=row.credit_code, about=row.get_trade_display(),
            address=reverse("registers:enterprise", args=[row.pk]),
        )
        for row in enterprises(viewer, text=text)[:most]
    ]  # fmt: skip
