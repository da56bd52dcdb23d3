"""What bulletins offer to floors below: the papers about a standing, a row, a case."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q
from django.urls import reverse

from jiulong.bulletins import queries
from jiulong.organisation.rules import Viewer
from jiulong.scorecards import standing_papers
from jiulong.scorecards.standing_papers import Paper


def papers_about(viewer: Viewer, refs: Collection[str]) -> list[Paper]:
    """The papers about any of these things that the viewer may read, the newest first; a query."""
    wanted = Q(pk__in=[])
    for ref in refs:
        label, _slash, pk = ref.partition("/")
        wanted |= Q(about_label=label, about_pk=pk)
    found = queries.bulletins(viewer).filter(wanted).order_by("-drafted_at", "-pk")
    return [
        Paper(str(one), reverse("bulletins:bulletin", args=[one.pk]), one.get_state_display())
        for one in found
    ]


def offer_papers() -> None:
    """Called once when the apps are ready."""
    standing_papers.register(papers_about)
