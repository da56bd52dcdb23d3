"""The chain of custody: each step signed by one person, or by two where the matter says so."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions.events import record_event
from jiulong.evidence.actions.files import label_of
from jiulong.evidence.locks import Lock
from jiulong.evidence.models import CustodyStep
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, require


class NeedsAnotherPersonError(ValueError):
    """The second signature must be another person's."""


def sign_custody(
    *,
    actor: Viewer,
    subject: models.Model,
    step: str,
    note: str = "",
    needs_second: bool = False,
    now: datetime | None = None,
) -> CustodyStep:
    """Sign a step. Where it needs two people and waits for the second, this is the second.

    Args:
        step: what was done, as the subject's floor names it: taken, sealed, handed_over, …
        needs_second: the step is pending until another person signs.

    Raises:
        PermissionDenied: the actor may not `sign_custody`.
        NeedsAnotherPersonError: the step waits for another person than the actor.
    """
    user = require(actor, "sign_custody")
    now = now or timezone.now()
    label, subject_id = label_of(subject), str(subject.pk)
    with transaction.atomic():
        # In turn: two who sign first at once are the first and the second.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, hashtext(%s))",
                [Lock.CUSTODY, f"{label} {subject_id} {step}"],
            )
        pending = CustodyStep.objects.filter(
            subject=label, subject_id=subject_id, step=step, needs_second=True, second_at=None
        ).first()
        if pending is None:
            signed = CustodyStep.objects.create(
                subject=label, subject_id=subject_id, step=step, note=note[:400], first_by=user,
                first_name=str(user), first_at=now, needs_second=needs_second,
            )  # fmt: skip
        else:
            signed = _second(pending, user, now)
        data = {
            "custody": signed.pk,
            "step": step,
            "note": note,
            "signature": "first" if pending is None else "second",
            "complete": signed.complete,
        }
        record_event(actor=user, verb="sign_custody", subject=subject, data=data, at=now)
    return signed


def _second(pending: CustodyStep, user: User, now: datetime) -> CustodyStep:
    if pending.first_by_id == user.pk:
        raise NeedsAnotherPersonError(_("You signed this step; another person must sign it too."))
    pending.second_by, pending.second_name, pending.second_at = user, str(user), now
    pending.save(update_fields=["second_by", "second_name", "second_at"])
    return pending
