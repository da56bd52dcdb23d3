"""Leads from a case back to the visit on which it was seen, or the meeting that decided it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from jiulong.bulletins.actions.problems import SOURCE
from jiulong.bulletins.models import Decision, VisitCase
from jiulong.bulletins.queries import meetings, pairings
from jiulong.cases import backlinks
from jiulong.cases.backlinks import Backlink
from jiulong.cases.models import Case
from jiulong.organisation.rules import Viewer


def links_of(viewer: Viewer, case: Case) -> Iterator[Backlink]:
    """The visit or the meeting; with its page where the viewer may read it."""
    link = VisitCase.objects.filter(case=case).select_related("visit__pairing").first()
    if link is not None:
        pairing = link.visit.pairing
        sees = pairings(viewer).filter(pk=pairing.pk).exists()
        address = reverse("bulletins:pairing", args=[pairing.pk]) if sees else ""
        told = f"{link.visit.on:%Y-%m-%d} {pairing.leader_post} – {pairing.title}"
        yield Backlink(_("Seen on a visit"), told, address)
    decision = Decision.objects.filter(case=case).select_related("meeting").first()
    if decision is not None:
        meeting = decision.meeting
        sees = meetings(viewer).filter(pk=meeting.pk).exists()
        address = reverse("bulletins:meeting", args=[meeting.pk]) if sees else ""
        yield Backlink(_("Decided at"), meeting.title, address)


def register_links() -> None:
    """Called once when the apps are ready."""
    backlinks.register(SOURCE, links_of)
