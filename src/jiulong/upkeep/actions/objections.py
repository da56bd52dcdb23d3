"""What a firm holds against a finding or a review, and the answer within a time limit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.calendar import clocks
from jiulong.calendar.queries import district_calendar
from jiulong.evidence.actions import record_event
from jiulong.evidence.actions.files import label_of
from jiulong.monitoring.models import Point
from jiulong.organisation.rules import Viewer, require
from jiulong.upkeep import tallies
from jiulong.upkeep.actions import common
from jiulong.upkeep.actions.common import NotAnyMoreError, Proof
from jiulong.upkeep.models import Objection
from jiulong.upkeep.provisions import rulebook
from jiulong.upkeep.queries.scope import visible_points


def raise_objection(
    *,
    actor: Viewer,
    point: Point,
    about: models.Model,
    text: str,
    proofs: Sequence[Proof] = (),
    now: datetime | None = None,
) -> Objection:
    """Object to something that was said about a station; it is answered within a time limit.

    Args:
        about: the finding, alarm or mark; it must be of that point.

    Raises:
        PermissionDenied: not their station.
        ValidationError: nothing said, or an objection to the same thing waits for its answer.
    """
    user = common.require_own(actor, point)
    now = now or timezone.now()
    answer_by = clocks.deadline(now, rulebook().limit("objection_answer"), district_calendar())
    where = {"about": label_of(about), "about_id": str(about.pk)}
    with transaction.atomic():
        Point.objects.select_for_update().get(pk=point.pk)
        if Objection.objects.filter(**where, answered_at=None, withdrawn_at=None).exists():
            raise ValidationError(_("An objection to this waits for its answer."))
        objection = Objection.objects.create(
            point=point, text=common.check_text("text", text), answer_by=answer_by or now,
            **where, **common.signed(user, now),
        )  # fmt: skip
        data = {"point": point.code, **where, "text": objection.text}
        record_event(actor=user, verb="raise_objection", subject=objection, data=data, at=now)
        tallies.tell(objection, now)
        common.keep_proofs(user, objection, proofs, now)
    return objection


def answer_objection(
    *, actor: Viewer, objection: Objection, upheld: bool, answer: str, now: datetime | None = None
) -> Objection:
    """Answer an objection with reasons. What it is about is put right by its own act.

    Raises:
        PermissionDenied: they may not `review_marks`, do not see the station, or raised it.
        ValidationError: without reasons.
        NotAnyMoreError: answered or withdrawn before.
    """
    user = require(actor, "review_marks")
    if not visible_points(user).filter(pk=objection.point_id).exists():
        raise PermissionDenied("review_marks")
    if objection.by_id == user.pk or objection.by_unit_id == user.unit_id:
        raise PermissionDenied("review_marks")
    answer = common.check_text("answer", answer)
    now = now or timezone.now()
    with transaction.atomic():
        rows = Objection.objects.filter(pk=objection.pk, answered_at=None, withdrawn_at=None)
        if not rows.update(answer=answer, upheld=upheld, answered_at=now, answered_by=user):
            raise NotAnyMoreError(_("This objection was answered or withdrawn before."))
        data = {"upheld": upheld, "answer": answer}
        record_event(actor=user, verb="answer_objection", subject=objection, data=data, at=now)
        tallies.tell(objection, now)
    objection.refresh_from_db()
    return objection
