"""Who may see the files of bulletins, visits and letters. Actions add them, no form does."""

from __future__ import annotations

from jiulong.bulletins import queries, rules
from jiulong.bulletins.models import Bulletin, PairVisit
from jiulong.evidence import guards
from jiulong.organisation.rules import Viewer


def _bulletin(viewer: Viewer, pk: str) -> bool:
    return pk.isdecimal() and Bulletin.objects.filter(rules.visible(viewer), pk=pk).exists()


def _visit(viewer: Viewer, pk: str) -> bool:
    seen = queries.pairings(viewer)
    return pk.isdecimal() and PairVisit.objects.filter(pk=pk, pairing__in=seen).exists()


def _letter(viewer: Viewer, pk: str) -> bool:
    return pk.isdecimal() and queries.letters(viewer).filter(pk=pk).exists()


def _nobody(_viewer: Viewer, _pk: str) -> bool:
    return False


def register_guards() -> None:
    """Called once when the apps are ready."""
    guards.register("bulletins.bulletin", _bulletin, _nobody)
    guards.register("bulletins.pairvisit", _visit, _nobody)
    guards.register("bulletins.letter", _letter, _nobody)
