"""Bonuses, deductions and vetoes: filed with proof by one, confirmed by another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import keep_file, record_event
from jiulong.organisation.rules import Viewer, posted, require, require_or_system
from jiulong.scorecards import standing_specs
from jiulong.scorecards.engine import periods
from jiulong.scorecards.models import Adjustment, SchemeVersion, Subject
from jiulong.scorecards.standing_rules import ADJUST, RUN, own_units

REASON_MAX = 300
#: A file as a form hands it in: its name and content.
Upload = tuple[str, bytes]


class NotNowError(ValueError):
    """It is not in a state in which this can be done; the message says why."""


def file_adjustment(
    *,
    actor: Viewer,
    scheme: SchemeVersion,
    criterion: str,
    subject: Subject,
    period: str,
    amount: Decimal,
    reason: str,
    ref: str = "",
    files: Iterable[Upload] = (),
    now: datetime | None = None,
) -> Adjustment:
    """File that something counts for or against a subject; it does not until it is confirmed.

    `ref` names a case, circular or commendation; without it a file must prove it.

    Raises:
        PermissionDenied: the actor does not file adjustments.
        ValidationError: by field.
        RefusedFileError: a file is not kept.
    """
    user, moment, proofs = require(actor, ADJUST), now or timezone.now(), list(files)
    kind = standing_specs.adjustable(scheme).get(criterion)
    row = Adjustment(
        kind=kind.kind if kind else "", scheme=scheme.code, criterion=criterion, subject=subject,
        period=period, amount=amount, reason=reason.strip(), ref=ref.strip()[:120],
        filed_by=user, filed_at=moment,
    )  # fmt: skip
    if wrong := _wrong(kind, row, proven=bool(proofs)):
        raise ValidationError(wrong)
    with transaction.atomic():
        row.save(force_insert=True)
        record_event(actor=user, verb="file_adjustment", subject=row, at=moment, data=_told(row))
        for name, content in proofs:
            keep_file(actor=user, content=content, name=name, subject=row, purpose="proof",
                      now=moment)  # fmt: skip
    return row


def confirm_adjustment(
    *, actor: Viewer, adjustment: Adjustment, now: datetime | None = None
) -> Adjustment:
    """Confirm what another person filed; from the next computation on it counts.

    Raises:
        PermissionDenied: the actor does not run the contest, filed it themselves, or it is about
            their own unit.
        NotNowError: it is confirmed or withdrawn already.
    """
    user, moment = require(actor, RUN), now or timezone.now()
    if adjustment.filed_by_id == user.pk or posted(user) & own_units(adjustment.subject):
        raise PermissionDenied("confirm_adjustment")
    with transaction.atomic():
        waiting = Adjustment.objects.filter(pk=adjustment.pk, confirmed_at=None, withdrawn_at=None)
        if not waiting.update(confirmed_at=moment, confirmed_by=user):
            raise NotNowError(_("Somebody has decided this already."))
        adjustment.refresh_from_db()
        record_event(actor=user, verb="confirm_adjustment", subject=adjustment, at=moment,
                     data=_told(adjustment))  # fmt: skip
    return adjustment


def withdraw_adjustment(
    *, actor: Viewer | None, adjustment: Adjustment, reason: str, now: datetime | None = None
) -> Adjustment:
    """It counts no more: taken back by who filed it, or refused by who runs the contest.

    What two people stood for is not taken away by one of them.

    Raises:
        PermissionDenied: the actor is neither; or filed or confirmed what is confirmed.
        ValidationError: without a reason.
        NotNowError: it was withdrawn before.
    """
    own = adjustment.filed_by_id == getattr(actor, "pk", None)
    user = require_or_system(actor, ADJUST if own and adjustment.confirmed_at is None else RUN)
    both = (adjustment.filed_by_id, adjustment.confirmed_by_id)
    if user is not None and adjustment.confirmed_at is not None and user.pk in both:
        raise PermissionDenied("withdraw_adjustment")
    moment = now or timezone.now()
    if not reason.strip() or len(reason) > REASON_MAX:
        raise ValidationError({"reason": _("Say why, in a sentence.")})
    with transaction.atomic():
        standing = Adjustment.objects.filter(pk=adjustment.pk, withdrawn_at=None)
        if not standing.update(withdrawn_at=moment, withdrawn_why=reason.strip()):
            raise NotNowError(_("It was withdrawn before."))
        adjustment.refresh_from_db()
        record_event(actor=user, verb="withdraw_adjustment", subject=adjustment, at=moment,
                     data=_told(adjustment) | {"reason": reason.strip()})  # fmt: skip
    return adjustment


def _wrong(kind: standing_specs.Fact | None, row: Adjustment, *, proven: bool) -> dict[str, str]:
    wrong = {}
    if kind is None:
        wrong["criterion"] = _("The scheme has no such bonus, deduction or veto.")
    if not periods.is_period(row.period):
        told = _("“%(period)s” is no period; expected such as 2026-03.")
        wrong["period"] = told % {"period": row.period}
    if not row.amount.is_finite() or row.amount <= 0:
        wrong["amount"] = _("Expected a number above nought.")
    if not row.reason or len(row.reason) > REASON_MAX:
        wrong["reason"] = _("Say why, in a sentence.")
    if not row.ref and not proven:
        wrong["ref"] = _("Name the case or circular, or add a file that proves it.")
    return wrong


def _told(row: Adjustment) -> dict[str, str]:
    return {
        "kind": row.kind,
        "scheme": row.scheme,
        "criterion": row.criterion,
        "of": row.subject.code,
        "period": row.period,
        "amount": str(row.amount),
    }
