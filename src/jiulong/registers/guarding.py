"""Whose the files and the timeline of an entry are: evidence asks here."""

from __future__ import annotations

from jiulong.organisation.rules import Viewer
from jiulong.registers import queries
from jiulong.registers.models import Entry


def sees_entry(viewer: Viewer, pk: str) -> bool:
    """Whether the viewer sees the entry, and so its files."""
    return Entry.objects.filter(queries.visible(viewer), pk=pk).exists()


def edits_entry(viewer: Viewer, pk: str) -> bool:
    """Whether the viewer may change the entry, and so add files."""
    try:
        return queries.may_edit(viewer, queries.entry(viewer, pk))
    except Entry.DoesNotExist:
        return False
