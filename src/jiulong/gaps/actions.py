"""What people do about gaps, and what is written down for good."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import Act, record_event, record_events
from jiulong.gaps import asking, engine, proofs
from jiulong.gaps.models import Gap, HistoryRequest, MonthProof
from jiulong.gateway.actions.commands import OPEN
from jiulong.gateway.models import Command, Logger
from jiulong.monitoring.models import Point
from jiulong.monitoring.queries import visible_points
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, require, require_or_system


def request_history(
    *, actor: Viewer, gap: Gap, reason: str, now: datetime | None = None
) -> HistoryRequest:
    """Ask the logger for what is missing in a gap at once, given up or not.

    Raises:
        PermissionDenied: the role lacks `request_history`, or the point is not theirs.
        ValidationError: it is filled, or its logger cannot be asked now; the text says why.
    """
    user = require(actor, "request_history")
    if not visible_points(actor).filter(pk=gap.point_id).exists():
        raise PermissionDenied("request_history")
    now = now or timezone.now()
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    with transaction.atomic():
        gap = Gap.objects.select_for_update(of=("self",)).select_related("point").get(pk=gap.pk)
        logger = _free_logger(gap)
        request = asking.ask(gap=gap, logger=logger, user=user, reason=reason.strip(), now=now)
        data = {
            "point": gap.point.code,
            "begin": request.begin.isoformat(),
            "end": request.end.isoformat(),
            "command": request.command_id,
            "reason": reason.strip(),
        }
        record_event(actor=user, verb="request_history", subject=gap, data=data, at=now)
    return request


def _free_logger(gap: Gap) -> Logger:
    """The logger to ask.

    Raises:
        ValidationError: there is none, it is busy, or nothing is missing.
    """
    if gap.state == Gap.State.FILLED:
        raise ValidationError(_("Nothing is missing any more."))
    if gap.state == Gap.State.ASKED:
        raise ValidationError(_("It is being asked for already."))
    loggers = Logger.objects.filter(point=gap.point_id, active=True)
    logger = loggers.order_by("-registered_at", "-pk").first()
    if logger is None:
        raise ValidationError(_("No logger is registered for this point."))
    if Command.objects.filter(logger=logger, state__in=OPEN).exists():
        raise ValidationError(_("The logger is in another dialogue; try again when it is over."))
    return logger


def prove_month(
    *,
    actor: Viewer | None,
    points: Iterable[Point],
    month: date,
    now: datetime | None = None,
) -> list[MonthProof]:
    """Record how complete a month's data are, so that the seals cover it; once unless it changed.

    What came since the last proof makes one with the next number; what is the same makes none.

    Raises:
        PermissionDenied: the role lacks `publish_report`.
        ValidationError: the month is not over.
    """
    user = require_or_system(actor, "publish_report")
    now = now or timezone.now()
    if engine.month_start(engine.next_month(month)) > now:
        raise ValidationError(_("The month is not over."))
    with transaction.atomic():
        made = _proofs(list(points), month, user, now)
        record_events(
            Act(actor=user, verb="prove_month", subject=proof, at=now, data={
                "point": proof.point.code, "month": f"{month:%Y-%m}", "number": proof.number,
                "sha256": proof.digest,
            })
            for proof in made
        )  # fmt: skip
    return made


def _proofs(points: list[Point], month: date, user: User | None, now: datetime) -> list[MonthProof]:
    """Proofs of the points of which there is none that says the same."""
    made: list[MonthProof] = []
    contents, last = proofs.contents(points, month), _last(points, month)
    for point in points:
        number, known = last.get(point.pk, (0, ""))
        content = contents[point.pk]
        digest = proofs.digest(content)
        if content["rows"] and digest != known:
            made.append(
                MonthProof(
                    point=point, month=month, number=number + 1, content=content, digest=digest,
                    made_at=now, made_by=user,
                )
            )  # fmt: skip
    return MonthProof.objects.bulk_create(made)


def _last(points: Iterable[Point], month: date) -> dict[int, tuple[int, str]]:
    """Number and digest of each point's last proof of the month."""
    mine = MonthProof.objects.filter(point__in=list(points), month=month)
    newest = mine.values("point").annotate(n=Max("number")).values_list("point", "n")
    numbers = dict(newest)
    return {
        proof.point_id: (proof.number, proof.digest)
        for proof in mine
        if numbers[proof.point_id] == proof.number
    }
