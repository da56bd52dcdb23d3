"""Objections: the window opens, a unit objects to its own row, the office answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import keep_file, record_event
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, posted, require, require_or_system
from jiulong.scorecards.actions.revising import revise_observation
from jiulong.scorecards.actions.standings.adjusting import NotNowError, Upload
from jiulong.scorecards.actions.standings.computing import recompute, require_only_one, window_end
from jiulong.scorecards.models import Dispute, Observation, Standing, StandingRow
from jiulong.scorecards.standing_rules import RUN, own_units, require_own

WORDS_MAX = 2000


@dataclass(frozen=True, slots=True)
class Revision:
    """What an upheld objection changes: an observation and its right value."""

    observation: Observation
    value: Decimal


def open_standing(
    *, actor: Viewer | None, standing: Standing, now: datetime | None = None
) -> Standing:
    """Show a computed standing to everybody and let units object for the scheme's window.

    Raises:
        PermissionDenied: the actor does not run the contest.
        NotNowError: it is open or frozen already, or another version ranked the period.
    """
    user, moment = require_or_system(actor, RUN), now or timezone.now()
    until = window_end(standing, moment)
    with transaction.atomic():
        require_only_one(standing)
        computed = Standing.objects.filter(pk=standing.pk, state=Standing.State.COMPUTED)
        if not computed.update(state=Standing.State.DISPUTABLE, dispute_until=until):
            raise NotNowError(_("This standing is open to objections already, or frozen."))
        standing.refresh_from_db()
        record_event(actor=user, verb="open_standing", subject=standing, at=moment,
                     data={"until": until.isoformat() if until else ""})  # fmt: skip
    return standing


def file_dispute(
    *,
    actor: Viewer,
    row: StandingRow,
    claim: str,
    criterion: str = "",
    files: Iterable[Upload] = (),
    now: datetime | None = None,
) -> Dispute:
    """Object to one's own row: what is wrong, what is right, and the proof.

    Raises:
        PermissionDenied: the actor is not of the subject's own unit.
        ValidationError: no words, or a criterion that the row does not have.
        NotNowError: the window is closed, or an objection to the same waits for its answer.
        RefusedFileError: a file is not kept.
    """
    user, moment, proofs = require_own(actor, row.subject), now or timezone.now(), list(files)
    wrong = {}
    if not claim.strip() or len(claim) > WORDS_MAX:
        wrong["claim"] = _("Say what is wrong and what is right.")
    if criterion and criterion not in {one["criterion"] for one in row.criteria}:
        wrong["criterion"] = _("The row has no such criterion.")
    if wrong:
        raise ValidationError(wrong)
    with transaction.atomic():
        _in_window(row.standing_id, moment)
        waiting = Dispute.objects.filter(row=row, criterion=criterion, state=Dispute.State.OPEN)
        if waiting.exists():
            raise NotNowError(_("An objection to this waits for its answer already."))
        dispute = Dispute.objects.create(
            row=row, criterion=criterion, claim=claim.strip(), by=user, unit=user.unit, at=moment
        )
        record_event(actor=user, verb="file_dispute", subject=dispute, at=moment,
                     data=_told(dispute) | {"claim": claim.strip()})  # fmt: skip
        for name, content in proofs:
            keep_file(actor=user, content=content, name=name, subject=dispute, purpose="proof",
                      now=moment)  # fmt: skip
    return dispute


def withdraw_dispute(*, actor: Viewer, dispute: Dispute, now: datetime | None = None) -> Dispute:
    """Take an objection back before it is answered.

    Raises:
        PermissionDenied: the actor is not of the subject's own unit.
        NotNowError: it is answered or withdrawn.
    """
    user, moment = require_own(actor, dispute.row.subject), now or timezone.now()
    with transaction.atomic():
        _settle(dispute, state=Dispute.State.WITHDRAWN, answered_at=moment, answered_by=user)
        record_event(actor=user, verb="withdraw_dispute", subject=dispute, at=moment,
                     data=_told(dispute))  # fmt: skip
    return dispute


def answer_dispute(
    *,
    actor: Viewer,
    dispute: Dispute,
    upheld: bool,
    answer: str,
    revision: Revision | None = None,
    now: datetime | None = None,
) -> Dispute:
    """Answer an objection; where it is upheld the value is revised and all is computed again.

    Nothing is revised by hand in the standing itself: the observation gets a revision with the
    answer as its reason, or an adjustment is filed or withdrawn before.

    Raises:
        PermissionDenied: the actor does not run the contest, or is of the unit that objected.
        ValidationError: without words, or with a revision of what was not upheld.
        NotNowError: it is answered already, or the standing is frozen.
    """
    user, moment = require(actor, RUN), now or timezone.now()
    if dispute.by_id == user.pk or posted(user) & own_units(dispute.row.subject):
        raise PermissionDenied("answer_dispute")
    wrong = {}
    if not answer.strip() or len(answer) > WORDS_MAX:
        wrong["answer"] = _("Say why, for the unit to read.")
    if revision is not None and not upheld:
        wrong["value"] = _("A value is revised only when the objection is upheld.")
    if wrong:
        raise ValidationError(wrong)
    state = Dispute.State.UPHELD if upheld else Dispute.State.REJECTED
    with transaction.atomic():
        _settle(dispute, state=state, answer=answer.strip(), answered_by=user, answered_at=moment)
        told = _told(dispute) | {"upheld": upheld, "answer": answer.strip()}
        record_event(actor=user, verb="answer_dispute", subject=dispute, at=moment, data=told)
        if revision is not None:
            _revise(user, revision, answer.strip(), moment)
        if upheld:
            recompute(actor=user, standing=dispute.row.standing, now=moment)
    dispute.refresh_from_db()
    return dispute


def _revise(user: User, revision: Revision, reason: str, now: datetime) -> None:
    revise_observation(
        actor=user, observation=revision.observation, value=revision.value,
        reason=reason[:300], now=now,
    )  # fmt: skip


def _in_window(standing_id: int, now: datetime) -> None:
    # Locked: nothing may come in while the standing is being frozen.
    standing = Standing.objects.select_for_update(of=("self",)).get(pk=standing_id)
    until = standing.dispute_until
    if standing.state != Standing.State.DISPUTABLE or until is None or now > until:
        raise NotNowError(_("The time for objections to this standing is over, or has not begun."))


def _settle(dispute: Dispute, **values: Any) -> None:
    """Guarded: only an open objection to a standing that is not frozen gets an answer.

    Raises:
        NotNowError.
    """
    standing = Standing.objects.select_for_update(of=("self",)).get(pk=dispute.row.standing_id)
    waiting = Dispute.objects.filter(pk=dispute.pk, state=Dispute.State.OPEN)
    if standing.state != Standing.State.DISPUTABLE or not waiting.update(**values):
        raise NotNowError(_("This objection has been answered or withdrawn."))
    dispute.refresh_from_db()


def _told(dispute: Dispute) -> dict[str, Any]:
    return {
        "standing": dispute.row.standing_id,
        "of": dispute.row.subject.code,
        "criterion": dispute.criterion,
    }
