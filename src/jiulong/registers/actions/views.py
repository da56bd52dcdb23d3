"""What a person keeps for themselves, and what they ask to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from jiulong.organisation.rules import Viewer, reach, require
from jiulong.organisation.unmasking import unmask
from jiulong.registers import specs
from jiulong.registers.models import Entry, OwnView, Register

#: Nobody finds anything among more tabs.
VIEWS_MAX: Final = 20
QUERY_MAX: Final = 60
VALUE_MAX: Final = 200


def save_view(*, actor: Viewer, register: Register, name: str, query: Mapping[str, str]) -> OwnView:
    """Keep a list for oneself: the same name again replaces it.

    Raises:
        PermissionDenied: the actor may not see entries.
        ValidationError: without a name, or too many.
    """
    user = require(actor, "see_entries")
    name = " ".join(name.split())[:40]
    if not name:
        raise ValidationError({"name": _("Give it a name.")})
    mine = OwnView.objects.filter(user=user, register=register)
    if mine.exclude(name=name).count() >= VIEWS_MAX:
        raise ValidationError({"name": _("At most %(most)d views.") % {"most": VIEWS_MAX}})
    kept = {str(k)[:QUERY_MAX]: str(v)[:VALUE_MAX] for k, v in list(query.items())[:QUERY_MAX]}
    view, _made = OwnView.objects.update_or_create(
        user=user, register=register, name=name, defaults={"query": kept}
    )
    return view


def delete_view(*, actor: Viewer, pk: int) -> None:
    """Forget a list of one's own.

    Raises:
        PermissionDenied: the actor may not see entries.
        OwnView.DoesNotExist: it is not theirs.
    """
    user = require(actor, "see_entries")
    OwnView.objects.get(user=user, pk=pk).delete()


def show_person(*, actor: Viewer, entry: Entry, key: str, reason: str) -> str:
    """The whole value of a masked field; who reads it, and why, is written down first.

    Raises:
        PermissionDenied: the actor may not unmask persons of the entry's unit.
        ValidationError: without a reason.
        LookupError: the register has no such person field.
    """
    field = specs.field_of(specs.register(entry.register).fields, key)
    if field.type != "person":
        raise LookupError(key)
    if not reach(actor, "unmask").covers(entry.unit_id):
        raise PermissionDenied("unmask")
    unmask(actor, "registers.entry", entry.pk, key, reason)
    return str(entry.data.get(key, ""))
