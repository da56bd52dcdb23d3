"""Taking quarantined frames in after all, once their cause is fixed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.gateway.journal import Entry, Verdict, pack
from jiulong.gateway.judgement import Registered, judge_again
from jiulong.gateway.models import Logger, QuarantinedFrame
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, require

#: Node of the batches that a replay appends, beside the gateways' own.
REPLAY_NODE: Final = "replay"
#: Frames in one replayed batch: about what a busy gateway commits, so no reader meets a giant.
REPLAY_BATCH_FRAMES: Final = 1000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_APPEND = "SELECT journal_append(%s, %s, %s, %s, %s)"


class Replay(NamedTuple):
    """What a replay took in and what it left in quarantine."""

    taken: int
    left: int


def replay_quarantine(
    *,
    actor: Viewer,
    mn: str = "",
    ids: Sequence[int] | None = None,
    now: datetime | None = None,
) -> Replay:
    """Judge the quarantined frames of a logger again and journal the good ones as accepted.

    Give the logger's MN, or ids of quarantined frames, or both. Frames that would be refused
    today as well stay where they are. The journal gets the frames a second time, with the time
    they truly came, so that readings rebuilt from it are the same.

    Raises:
        PermissionDenied: the actor's role lacks `replay_quarantine`.
        ValidationError: neither MN nor ids, or no such registered logger.
    """
    user = require(actor, "replay_quarantine")
    if not mn and ids is None:
        raise ValidationError(_("Say which logger or which frames to replay."))
    at = now or timezone.now()
    with transaction.atomic():
        if mn:
            return replay_frames(user=user, logger=_registered(mn), ids=ids, now=at)
        named = QuarantinedFrame.objects.filter(pk__in=ids or (), replayed_at=None)
        total = Replay(0, named.filter(mn="").count())
        for name in sorted(set(named.exclude(mn="").values_list("mn", flat=True))):
            part = replay_frames(user=user, logger=_registered(name), ids=ids, now=at)
            total = Replay(total.taken + part.taken, total.left + part.left)
        return total


def _registered(mn: str) -> Logger:
    try:
        return Logger.objects.select_related("point").get(mn=mn)
    except Logger.DoesNotExist:
        raise ValidationError(_("No logger %s is registered; adopt it first.") % mn) from None


def replay_frames(
    *, user: User, logger: Logger, ids: Sequence[int] | None, now: datetime
) -> Replay:
    """`replay_quarantine` of one logger, without asking whether the user may."""
    with transaction.atomic():
        # Locked: of two replays at once, only one may append a frame.
        waiting = QuarantinedFrame.objects.select_for_update().filter(
            mn=logger.mn, replayed_at=None
        )
        if ids is not None:
            waiting = waiting.filter(pk__in=ids)
        known = registered_of(logger)
        frames = list(waiting.order_by("received_at", "id"))
        good = [
            frame
            for frame in frames
            if judge_again(bytes(frame.raw), known, frame.peer) == Verdict.ACCEPTED
        ]
        batches = [
            _append(good[start : start + REPLAY_BATCH_FRAMES], now)
            for start in range(0, len(good), REPLAY_BATCH_FRAMES)
        ]
        QuarantinedFrame.objects.filter(pk__in=[frame.pk for frame in good]).update(replayed_at=now)
        if good:
            data = {"mn": logger.mn, "frames": len(good), "batches": batches}
            record_event(actor=user, verb="replay_quarantine", subject=logger, data=data)
    return Replay(len(good), len(frames) - len(good))


def registered_of(logger: Logger) -> Registered:
    """A logger as the gateway knows it."""
    row = {
        name: getattr(logger, name)
        for name in (
            "id", "mn", "password", "active", "profile", "addresses", "crc_mode", "key", "greet",
        )
    }  # fmt: skip
    return Registered.of({**row, "interval_s": logger.point.realtime_interval_s})


def _append(frames: Sequence[QuarantinedFrame], now: datetime) -> int:
    entries = [
        Entry(_microseconds(frame.received_at), Verdict.ACCEPTED, frame.peer, bytes(frame.raw))
        for frame in frames
    ]
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, [uuid4(), now, REPLAY_NODE, len(entries), pack(entries)])
        (number,) = cursor.fetchone()
    return int(number)


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
