"""Freezing and publishing: what was computed does not change any more, and has consequences."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.organisation.rules import Viewer, require_or_system
from jiulong.scorecards import standing_digests, standing_inputs
from jiulong.scorecards.actions.standings.adjusting import NotNowError
from jiulong.scorecards.actions.standings.consequences import draw_consequences
from jiulong.scorecards.models import Adjustment, Dispute, Panel, Standing
from jiulong.scorecards.standing_rules import RUN


def freeze_standing(
    *, actor: Viewer | None, standing: Standing, now: datetime | None = None
) -> Standing:
    """Freeze a standing whose window is over and whose objections are answered.

    The event has the digests of rules, inputs and result, so that the hourly seal covers them;
    from here on the database itself refuses any change.

    Raises:
        PermissionDenied: the actor does not run the contest.
        NotNowError: the window is open, an objection or an adjustment waits, something that counts
            came after it was computed, or it was frozen.
    """
    user, moment = require_or_system(actor, RUN), now or timezone.now()
    with transaction.atomic():
        # Locked: an objection must not come in between looking and freezing.
        fresh = Standing.objects.select_for_update(of=("self",)).get(pk=standing.pk)
        _may_freeze(fresh, moment)
        told = standing_digests.facts(fresh)
        Standing.objects.filter(pk=fresh.pk).update(
            state=Standing.State.FROZEN, frozen_at=moment, frozen_by=user
        )
        record_event(actor=user, verb="freeze_standing", subject=fresh, data=told, at=moment)
    standing.refresh_from_db()
    return standing


def publish_standing(
    *, actor: Viewer | None, standing: Standing, now: datetime | None = None
) -> Standing:
    """Publish a frozen standing; what the scheme says follows: cases are opened, lists made.

    Raises:
        PermissionDenied: the actor does not run the contest.
        NotNowError: it is not frozen, or published already.
    """
    user, moment = require_or_system(actor, RUN), now or timezone.now()
    with transaction.atomic():
        frozen = Standing.objects.filter(pk=standing.pk, state=Standing.State.FROZEN)
        if not frozen.update(state=Standing.State.PUBLISHED, published_at=moment):
            raise NotNowError(_("Only a frozen standing is published, and once."))
        standing.refresh_from_db()
        outcomes = draw_consequences(standing, moment)
        told = {"digest": standing.digest, "consequences": len(outcomes)}
        record_event(actor=user, verb="publish_standing", subject=standing, data=told, at=moment)
    return standing


def _may_freeze(standing: Standing, now: datetime) -> None:
    until = standing.dispute_until
    if standing.state != Standing.State.DISPUTABLE:
        raise NotNowError(_("Only a standing that was open to objections is frozen."))
    if until is None or now <= until:
        raise NotNowError(_("The time for objections is not over."))
    if Dispute.objects.filter(row__standing=standing, state=Dispute.State.OPEN).exists():
        raise NotNowError(_("An objection waits for its answer."))
    waiting = Adjustment.objects.filter(
        scheme=standing.scheme.code, period=standing.period, confirmed_at=None, withdrawn_at=None
    )
    if waiting.exists():
        raise NotNowError(_("A bonus, deduction or veto waits to be confirmed or withdrawn."))
    if _is_outdated(standing):
        raise NotNowError(
            _("Something that counts was decided after this was computed: compute it again.")
        )


def _is_outdated(standing: Standing) -> bool:
    """Whether an adjustment or a panel was decided since the standing was computed."""
    code, since = standing.scheme.code, standing.computed_at
    known = {"scheme": code, "period__in": standing_inputs.fact_periods(standing.period)}
    decided = Q(confirmed_at__gt=since, withdrawn_at=None) | Q(
        confirmed_at__lte=since, withdrawn_at__gt=since
    )
    return (
        Adjustment.objects.filter(decided, **known).exists()
        or Panel.objects.filter(closed_at__gt=since, **known).exists()
    )
