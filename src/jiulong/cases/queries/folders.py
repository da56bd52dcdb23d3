"""The cases of an entry, an enterprise or a finding, for the panels on their pages."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet

from jiulong.cases.models import Case
from jiulong.cases.queries.scope import rows, visible
from jiulong.organisation.rules import Viewer
from jiulong.registers.models import Enterprise, Entry

MOST: Final = 20


def about_entry(viewer: Viewer, entry: Entry) -> QuerySet[Case]:
    """The newest cases about an entry."""
    return rows(visible(viewer).filter(entry=entry))[:MOST]


def about_enterprise(viewer: Viewer, enterprise: Enterprise) -> QuerySet[Case]:
    """The newest cases about an enterprise."""
    return rows(visible(viewer).filter(enterprise=enterprise))[:MOST]


def about_source(viewer: Viewer, source: str, reference: str) -> QuerySet[Case]:
    """The cases that what `source` found about `reference` opened or joined."""
    return rows(visible(viewer).filter(source=source, source_ref=reference))[:MOST]
