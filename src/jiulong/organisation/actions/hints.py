"""What a person no longer wants to be told."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import F, Func, Value

from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer


def close_hint(*, actor: Viewer, page: str) -> bool:
    """Never show a page's hint to this person again; True if it was still shown.

    No act of office: it leaves no event.

    Raises:
        PermissionDenied: nobody is signed in.
    """
    if not isinstance(actor, User):
        raise PermissionDenied
    shown = User.objects.filter(pk=actor.pk).exclude(hints_closed__contains=[page])
    added = Func(F("hints_closed"), Value(page), function="array_append")
    return bool(shown.update(hints_closed=added))
