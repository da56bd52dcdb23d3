"""Who may do what to which bulletin, meeting, pairing and letter."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from jiulong.bulletins import kinds
from jiulong.bulletins.lifecycle import FROZEN
from jiulong.bulletins.models import Bulletin, Pairing
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may, reach, require

SEE, DRAFT, APPROVE = "see_bulletins", "draft_bulletin", "approve_bulletin"
FORMS, MEET, PAIR, VISIT = "keep_forms", "hold_meeting", "edit_pairing", "record_visit"
ANSWER, SCORE = "answer_letter", "score_letter"
MAKERS: Final = (DRAFT, APPROVE)


def within_any(
    viewer: Viewer, verbs: tuple[str, ...], unit: str = "unit", owner: str | None = None
) -> Q:
    """The rows that any of the verbs reaches. An empty condition must not get lost in an `or`."""
    found = Q(pk__in=[])
    for verb in verbs:
        held = reach(viewer, verb)
        if held.everything:
            return Q()
        found |= held.within(unit, owner)
    return found


def visible(viewer: Viewer) -> Q:
    """What the viewer may read: issued papers as their kind says, others of their office."""
    made = within_any(viewer, MAKERS)
    if not made or not may(viewer, SEE):
        return made
    issued, reached = Q(state__in=sorted(FROZEN)), reach(viewer, SEE)
    if reached.everything:
        return made | issued
    # By the paper's own kind, not by today's: one that no pack has any more opens to nobody.
    return made | (issued & (Q(spec__see="all") | Q(to_units__overlap=sorted(reached.units))))


def may_sign(viewer: Viewer, bulletin: Bulletin) -> bool:
    """Whether the next signature may be this viewer's: right, reach, and nobody twice."""
    step = next_step(bulletin)
    return (
        step is not None
        and isinstance(viewer, User)
        and reach(viewer, step.verb).covers(bulletin.unit_id)
        and viewer.pk not in signers(bulletin)
    )


def next_step(bulletin: Bulletin) -> kinds.StepItem | None:
    """The step that a waiting bulletin waits for."""
    steps = kinds.of(bulletin).steps
    if bulletin.state != Bulletin.State.WAITING or bulletin.step >= len(steps):
        return None
    return steps[bulletin.step]


def signers(bulletin: Bulletin) -> set[int]:
    """Who wrote in it, or signed in this round: none of them signs (again)."""
    passed = {
        one.by_id
        for one in bulletin.steps.all()
        if one.round == bulletin.round and one.by_id is not None
    }
    return passed | set(bulletin.authors)


def sees_pairing(viewer: Viewer, pairing: Pairing) -> bool:
    """Whether the pairing is of a unit that the viewer reads, or their own."""
    held = within_any(viewer, (SEE, VISIT, PAIR), owner="leader")
    return Pairing.objects.filter(held, pk=pairing.pk).exists()


def require_office(actor: Viewer, verb: str, unit_id: int | None) -> User:
    """The acting user, if they hold the verb over the office.

    Raises:
        PermissionDenied: they do not.
    """
    user = require(actor, verb)
    if not reach(user, verb).covers(unit_id):
        raise PermissionDenied(verb)
    return user
