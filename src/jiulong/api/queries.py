"""What may be seen of tokens: one's own; all by those who manage accounts."""

from __future__ import annotations

from django.db.models import QuerySet

from jiulong.api.models import ApiToken
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may


def tokens(viewer: Viewer) -> QuerySet[ApiToken]:
    """Tokens, newest first."""
    rows = ApiToken.objects.select_related("owner")
    if may(viewer, "manage_accounts"):
        return rows
    if isinstance(viewer, User) and viewer.is_active:
        return rows.filter(owner=viewer)
    return rows.none()
