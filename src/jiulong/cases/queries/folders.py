"""The cases of an entry, an enterprise or a finding, for the panels on their pages."""

from __future__ import annotations

from typing import Final

from django.db.models import Q

from jiulong.cases.models import Case, Opened, TriggerRule
from jiulong.cases.queries.scope import furnished, rows, visible
from jiulong.organisation.rules import Viewer
from jiulong.registers.models import Enterprise, Entry

MOST: Final = 20


def about_entry(viewer: Viewer, entry: Entry) -> list[Case]:
    """The newest cases about an entry."""
    return furnished(rows(visible(viewer).filter(entry=entry))[:MOST])


def about_enterprise(viewer: Viewer, enterprise: Enterprise) -> list[Case]:
    """The newest cases about an enterprise."""
    return furnished(rows(visible(viewer).filter(enterprise=enterprise))[:MOST])


def about_finding(viewer: Viewer, source: str, finding_id: int) -> list[Case]:
    """The cases that a finding opened or joined."""
    codes = TriggerRule.objects.values("code")
    again = Q(reference__startswith=f"{finding_id}/")  # it was withdrawn and stood again
    opened = Opened.objects.filter(Q(reference=str(finding_id)) | again, trigger__in=codes)
    found = visible(viewer).filter(pk__in=opened.values("case"), source=source)
    return furnished(rows(found)[:MOST])
