"""Letters that are struck, or fail: what one person gave counts once another has looked."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.bulletins import rules
from jiulong.bulletins.actions.letters import require_scorer
from jiulong.bulletins.actions.papers import ChangedError
from jiulong.bulletins.models import Letter
from jiulong.evidence.actions import record_event
from jiulong.organisation.rules import Viewer


def confirm_score(*, actor: Viewer, letter: Letter, now: datetime | None = None) -> Letter:
    """Let the points that another person gave count.

    Raises:
        PermissionDenied: the actor does not score letters of that office, gave the points
            themselves, or it is of their own unit.
        ChangedError: it does not wait any more.
    """
    now = now or timezone.now()
    user = require_scorer(actor, letter)
    if user.pk == letter.scored_by_id:
        raise PermissionDenied(rules.SCORE)
    struck = letter.scores.filter(veto=True).exists()
    given = letter.scores.values_list("points", flat=True)
    total = Decimal(0) if struck else sum(given, Decimal(0))
    with transaction.atomic():
        _move(
            letter, state=Letter.State.SCORED, points=total, struck=struck, confirmed_by=user,
            confirmed_at=now,
        )  # fmt: skip
        data = {"points": str(total), "struck": struck}
        record_event(actor=user, verb="confirm_score", subject=letter, data=data, at=now)
    return letter


def refuse_score(
    *, actor: Viewer, letter: Letter, reason: str, now: datetime | None = None
) -> Letter:
    """Give the points back: the letter is to be scored anew. Who gave them may, too.

    Raises:
        PermissionDenied: the actor does not score letters of that office, or of their own unit.
        ValidationError: no reason.
        ChangedError: it does not wait any more.
    """
    now = now or timezone.now()
    user = require_scorer(actor, letter)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why, in a sentence.")})
    with transaction.atomic():
        given = {one.indicator: str(one.points) for one in letter.scores.all()}
        _move(letter, state=Letter.State.SIGNED, scored_by=None, scored_at=None, proof="")
        letter.scores.all().delete()
        data = {"reason": reason.strip()[:300], "given": given}
        record_event(actor=user, verb="refuse_score", subject=letter, data=data, at=now)
    return letter


def _move(letter: Letter, **changes: object) -> None:
    waits = Letter.objects.filter(
        pk=letter.pk, state=Letter.State.WAITS, scored_at=letter.scored_at
    )
    if not waits.update(**changes):
        raise ChangedError(str(letter))
    letter.refresh_from_db()
