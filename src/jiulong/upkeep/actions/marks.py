"""Marks: handed in by stations, reviewed by the desk, superseded or withdrawn, never altered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.monitoring.models import Factor, Point
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, require
from jiulong.upkeep import tallies
from jiulong.upkeep.actions import common
from jiulong.upkeep.actions.common import NotAnyMoreError, Proof
from jiulong.upkeep.models import Mark
from jiulong.upkeep.provisions import MarkKindItem, Rulebook, rulebook
from jiulong.upkeep.queries.counting import marks_standing
from jiulong.upkeep.queries.scope import visible_points


def mark_data(
    *,
    actor: Viewer,
    point: Point,
    kind: str,
    started_at: datetime,
    ended_at: datetime,
    explanation: str,
    factors: Sequence[Factor] = (),
    proofs: Sequence[Proof] = (),
    supersedes: Mark | None = None,
    now: datetime | None = None,
) -> Mark:
    """Say of data from `started_at` to `ended_at` (excluded) that the instrument or the works …

    In time it counts at once, until somebody rejects it. After 12:00 of the next day it is flagged
    late, and counts only once a reviewer accepted it.

    Args:
        kind: code of a kind of mark that the enterprise's industry may use.
        factors: none: all that the point measures.
        supersedes: the mark that this one takes the place of; it stays, but counts no more.

    Raises:
        PermissionDenied: not their station, or the superseded mark is another firm's.
        ValidationError: a field is wrong, or it reaches further back than marks may; it says which.
        NotAnyMoreError: the superseded mark no longer counts.
        RefusedFileError: a proof is of no kind that is kept.
    """
    user = common.require_own(actor, point)
    now, book = now or timezone.now(), rulebook()
    item = _kind(book, point, kind)
    _check_span(book, point, started_at, ended_at, now)
    due_at = mark_due(book, started_at)
    mark = Mark(
        point=point, kind=item.key, group=item.group, letter=item.letter,
        invalidates=item.invalidates, factors=common.factor_ids(factors),
        started_at=started_at, ended_at=ended_at, due_at=due_at, late=now > due_at,
        explanation=common.check_text("explanation", explanation), supersedes=supersedes,
        **common.signed(user, now),
    )  # fmt: skip
    with transaction.atomic():
        _hand_in(mark, user, proofs)
    return mark


def _hand_in(mark: Mark, user: User, proofs: Sequence[Proof]) -> None:
    """Write it down, with its event and files, and say which days it touches."""
    old, now = mark.supersedes, mark.entered_at
    if old is not None:
        _check_superseded(old, mark.point, user.unit_id)
    mark.save(force_insert=True)
    record_event(actor=user, verb="mark_data", subject=mark, data=_told(mark, mark.point), at=now)
    tallies.tell(mark, now)
    common.keep_proofs(user, mark, proofs, now)
    touched = [one for one in (mark, old) if one is not None]
    _tell(mark, min(one.started_at for one in touched), max(one.ended_at for one in touched))


def review_mark(
    *, actor: Viewer, mark: Mark, accepted: bool, reason: str = "", now: datetime | None = None
) -> Mark:
    """Accept a mark, or reject it with a reason.

    Accepted, a late one counts from now on; rejected, what one in time took away counts again.

    Raises:
        PermissionDenied: they may not `review_marks`, do not see the station, or the mark is their
            own firm's.
        ValidationError: rejected without a reason.
        NotAnyMoreError: reviewed, withdrawn or superseded before.
    """
    user = require(actor, "review_marks")
    if not visible_points(user).filter(pk=mark.point_id).exists():
        raise PermissionDenied("review_marks")
    if mark.by_id == user.pk or (mark.by_unit_id is not None and mark.by_unit_id == user.unit_id):
        raise PermissionDenied("review_marks")
    if not accepted and not reason.strip():
        raise ValidationError({"reason": _("Say why you reject it.")})
    now = now or timezone.now()
    with transaction.atomic():
        waiting = Mark.objects.filter(
            pk=mark.pk, accepted=None, withdrawn_at=None, successor=None
        ).update(
            accepted=accepted, reviewed_at=now, reviewed_by=user, review_reason=reason.strip()[:400]
        )
        if not waiting:
            raise NotAnyMoreError(_("This mark does not wait for a review any more."))
        told = {"accepted": accepted, "reason": reason.strip()}
        record_event(actor=user, verb="review_mark", subject=mark, data=told, at=now)
        tallies.tell(mark, now)
        if mark.late or not accepted:  # in time, it counted already
            _tell(mark, mark.started_at, mark.ended_at)
    mark.refresh_from_db()
    return mark


def withdraw_mark(*, actor: Viewer, mark: Mark, reason: str, now: datetime | None = None) -> Mark:
    """Take a mark back, with a reason: it stays to be seen, but counts no more.

    Raises:
        PermissionDenied: not their station any more, or another firm's mark.
        ValidationError: without a reason.
        NotAnyMoreError: it does not count any more anyway.
    """
    user = common.require_own(actor, mark.point)
    now = now or timezone.now()
    with transaction.atomic():
        if not marks_standing().filter(pk=mark.pk).exists():
            raise NotAnyMoreError(_("This mark does not count any more."))
        common.withdraw(user, mark, reason, now)
        _tell(mark, mark.started_at, mark.ended_at)
    mark.refresh_from_db()
    return mark


def mark_due(book: Rulebook, started_at: datetime) -> datetime:
    """Until when data of that moment may be marked in time: 12:00 of the next local day."""
    following = timezone.localdate(started_at) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(following, book.moment("mark_by")))


def _kind(book: Rulebook, point: Point, code: str) -> MarkKindItem:
    trade = point.outfall.enterprise.trade
    found = next((kind for kind in book.kinds_for(trade) if kind.key == code), None)
    if found is None:
        raise ValidationError({"kind": _("There is no such kind of mark here.")})
    return found


def _check_span(
    book: Rulebook, point: Point, started_at: datetime, ended_at: datetime, now: datetime
) -> None:
    common.check_times(point, "started_at", started_at, now)
    common.check_back(book, "mark_back", "started_at", started_at, now)
    if ended_at <= started_at:
        raise ValidationError({"ended_at": _("The end is not after the beginning.")})
    if ended_at > now + book.hours("mark_ahead"):
        raise ValidationError({"ended_at": _("The end lies too far in the future.")})


def _check_superseded(old: Mark, point: Point, unit: int | None) -> None:
    """The mark whose place is taken: the same point's, the same firm's, and still standing."""
    if old.point_id != point.pk or old.by_unit_id is None or old.by_unit_id != unit:
        raise PermissionDenied("mark_data")
    # The lock lets only one mark take its place; the unique column would refuse in worse words.
    Mark.objects.select_for_update().get(pk=old.pk)
    if not marks_standing().filter(pk=old.pk).exists():
        raise NotAnyMoreError(_("This mark does not count any more."))


def _told(mark: Mark, point: Point) -> dict[str, Any]:
    return {
        "point": point.code,
        "kind": mark.kind,
        "factors": mark.factors,
        "started_at": mark.started_at.isoformat(),
        "ended_at": mark.ended_at.isoformat(),
        "explanation": mark.explanation,
        "late": mark.late,
        "supersedes": mark.supersedes_id,
    }


def _tell(mark: Mark, start: datetime, end: datetime) -> None:
    common.tell(mark.point_id, start, end, common.reference(mark))
