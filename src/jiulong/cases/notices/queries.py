"""Everybody sees their own notices, and nobody another's."""

from __future__ import annotations

from django.db.models import QuerySet

from jiulong.cases.models import Notice, NoticeChoice
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer


def notices(viewer: Viewer, *, unread: bool | None = None, kind: str = "") -> QuerySet[Notice]:
    """The viewer's notices with their cases, newest first."""
    if not isinstance(viewer, User) or not viewer.is_active:
        return Notice.objects.none()
    rows = Notice.objects.filter(user=viewer).select_related("case")
    if unread is not None:
        rows = rows.filter(read_at__isnull=unread)
    return rows.filter(kind=kind) if kind else rows


def notice(viewer: Viewer, pk: int) -> Notice:
    """One of the viewer's notices. Notice.DoesNotExist also for another's."""
    return notices(viewer).get(pk=pk)


def unread(viewer: Viewer, most: int = 99) -> int:
    """How many the viewer has not read, counted up to `most` + 1."""
    return notices(viewer, unread=True).order_by()[: most + 1].count()


def choice(viewer: User) -> NoticeChoice | None:
    """How the viewer wants to be told outside; None: they never chose."""
    return NoticeChoice.objects.filter(pk=viewer.pk).first()
