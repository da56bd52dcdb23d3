"""Enterprises. One of them sees itself alone."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer, may, reach
from jiulong.registers.models import Enterprise
from jiulong.registers.searching import LETTERS, folded


def _visible(viewer: Viewer) -> Q:
    """Who they are is no secret among the staff; what is known of them, each panel guards."""
    if not isinstance(viewer, User) or not (may(viewer, "see_entries") or may(viewer, "see_all")):
        return Q(pk__in=[])
    outside = viewer.unit is not None and viewer.unit.kind == Unit.Kind.ENTERPRISE
    if outside or viewer.role == User.Role.ENTERPRISE:
        return Q(unit__in=reach(viewer, "see_entries").units | {viewer.unit_id})
    return Q()


def enterprises(
    viewer: Viewer, *, text: str = "", trade: str = "", street: str = ""
) -> QuerySet[Enterprise]:
    """Enterprises the viewer may see: by words of the name or code, or initials of the name."""
    rows = Enterprise.objects.filter(_visible(viewer)).select_related("street", "unit")
    if text:
        found = Q()
        for word in text.split():
            found &= Q(name__icontains=word) | Q(credit_code__icontains=word)
        letters = folded(text).replace(" ", "")
        if LETTERS.fullmatch(letters):
            found |= Q(initials__startswith=letters)
        rows = rows.filter(found)
    if trade:
        rows = rows.filter(trade=trade)
    if street:
        rows = rows.filter(street__code=street)
    return rows


def enterprise(viewer: Viewer, pk: int | str) -> Enterprise:
    """One enterprise. Enterprise.DoesNotExist also where the viewer may not see it."""
    return enterprises(viewer).get(pk=pk)


def may_enter_enterprises(viewer: Viewer) -> bool:
    """Whether the viewer may enter and change enterprises."""
    return may(viewer, "edit_enterprise")


def streets(_viewer: Viewer) -> list[tuple[str, str]]:
    """Streets, towns and zones in which enterprises lie: no secret."""
    rows = Unit.objects.filter(kind__in=[Unit.Kind.STREET, Unit.Kind.ZONE])
    return list(rows.order_by("code").values_list("code", "name"))
