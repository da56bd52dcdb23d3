"""Correcting a value that stands: with a reason, by a new row; the old one stays."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.organisation.rules import Viewer, require_for, require_or_system
from jiulong.scorecards.actions.observing import Seen, observe
from jiulong.scorecards.models import Observation
from jiulong.scorecards.standing_rules import is_own

REASON_MIN = 4
REASON_MAX = 300


@transaction.atomic
def revise_observation(
    *, actor: Viewer | None, observation: Observation, value: Decimal, reason: str, now: datetime,
    status: str = Observation.Status.REVISED,
) -> Observation:  # fmt: skip
    """Put a corrected value in place of one that stands.

    Raises:
        PermissionDenied: the actor may not revise values of the subject's unit, or has a post in
            the very unit that is measured.
        ValidationError: no reason, the same value, out of bounds, or revised by others meanwhile.
    """
    subject = observation.subject
    user = require_or_system(actor, "revise_observation")
    if user is not None:
        require_for(user, "revise_observation", subject.unit_id)
        if is_own(user, subject):
            raise PermissionDenied("revise_observation")
    _check(observation, value, reason, status)
    if not Observation.objects.filter(pk=observation.pk, current=True).exists():
        raise ValidationError(_("Somebody revised this value meanwhile; look at it again."))
    seen = Seen(
        observation.indicator_id, observation.subject_id, observation.period, value,
        companion=observation.companion, status=status, note=observation.note,
        refs=(f"scorecards.observation/{observation.pk}",),
    )  # fmt: skip
    [row] = observe(actor=user, seen=[seen], now=now, reason=reason.strip())
    record_event(
        actor=user, verb="revise_observation", subject=row, at=now,
        data={"before": str(observation.value), "after": str(value), "period": row.period,
              "reason": reason.strip()},
    )  # fmt: skip
    return row


def _check(observation: Observation, value: Decimal, reason: str, status: str) -> None:
    words = reason.strip()
    if not REASON_MIN <= len(words) <= REASON_MAX:
        told = _("Say why, in %(least)d to %(most)d characters.")
        raise ValidationError({"reason": told % {"least": REASON_MIN, "most": REASON_MAX}})
    if value == observation.value and status == observation.status:
        raise ValidationError({"value": _("This is the value that stands already.")})
    indicator = observation.indicator
    if indicator.least is not None and value < indicator.least:
        raise ValidationError({"value": _("At least %(n)s.") % {"n": indicator.least.normalize()}})
    if indicator.most is not None and value > indicator.most:
        raise ValidationError({"value": _("At most %(n)s.") % {"n": indicator.most.normalize()}})
