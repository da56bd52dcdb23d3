"""Taking quarantined frames in after all, once their cause is fixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.gateway.journal import APPEND_BY_DJANGO, Entry, Verdict, pack
from jiulong.gateway.judgement import Registered, judge_again
from jiulong.gateway.models import Logger, QuarantinedFrame
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, require

#: Node of the batches that a replay appends, beside the gateways' own.
REPLAY_NODE: Final = "replay"
#: Frames in one replayed batch: about what a busy gateway commits, so no reader meets a giant.
REPLAY_BATCH_FRAMES: Final = 1000
#: What the recorder refused it would refuse again.
RECORDERS: Final = frozenset(verdict.reason for verdict in Verdict if verdict.is_recorders)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    today as well stay where they are, and so does what the recorder refused (no values, no time,
    not readable …): the journal has it as accepted already, and what a newer recorder or another
    key makes of it a rebuild will tell. Both count as left. The journal gets the frames a second
    time, with the time they truly came, so that readings rebuilt from it are the same.

    Every batch is a transaction of its own, with its event: broken off, what is in is in, and the
    rest waits for the next replay.

    Raises:
        PermissionDenied: the actor's role lacks `replay_quarantine`.
        ValidationError: neither MN nor ids, or no such registered logger; nothing was replayed.
    """
    user = require(actor, "replay_quarantine")
    if not mn and ids is None:
        raise ValidationError(_("Say which logger or which frames to replay."))
    at = now or timezone.now()
    if mn:
        return replay_frames(user=user, logger=_registered(mn), ids=ids, now=at)
    named = QuarantinedFrame.objects.filter(pk__in=ids or (), replayed_at=None)
    total = Replay(0, named.filter(mn="").count())
    names = set(named.exclude(mn="").values_list("mn", flat=True))
    for logger in [_registered(name) for name in sorted(names)]:
        part = replay_frames(user=user, logger=logger, ids=ids, now=at)
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
    waiting = QuarantinedFrame.objects.filter(mn=logger.mn, replayed_at=None)
    if ids is not None:
        waiting = waiting.filter(pk__in=ids)
    total = waiting.count()
    known = registered_of(logger)
    good = [
        frame.pk
        for frame in waiting.exclude(reason__in=RECORDERS).order_by("received_at", "id").iterator()
        if judge_again(bytes(frame.raw), known, frame.peer) == Verdict.ACCEPTED
    ]
    taken = sum(
        _take(user, logger, good[start : start + REPLAY_BATCH_FRAMES], now)
        for start in range(0, len(good), REPLAY_BATCH_FRAMES)
    )
    return Replay(taken, total - taken)


def _take(user: User, logger: Logger, pks: Sequence[int], now: datetime) -> int:
    """Append one batch of judged frames and mark them; how many were still waiting.

    Appending comes last: its lock is the one that every gateway acknowledges under.
    """
    with transaction.atomic():
        # Locked: of two replays at once, only one may append a frame.
        locked = QuarantinedFrame.objects.select_for_update().filter(pk__in=pks, replayed_at=None)
        frames = list(locked.order_by("received_at", "id"))
        if not frames:
            return 0
        entries = [
            Entry(_microseconds(frame.received_at), Verdict.ACCEPTED, frame.peer, bytes(frame.raw))
            for frame in frames
        ]
        body = pack(entries)
        QuarantinedFrame.objects.filter(pk__in=pks, replayed_at=None).update(replayed_at=now)
        with connection.cursor() as cursor:
            cursor.execute(APPEND_BY_DJANGO, [uuid4(), now, REPLAY_NODE, len(entries), body])
            (number,) = cursor.fetchone()
        data = {"mn": logger.mn, "frames": len(entries), "batch": number}
        record_event(actor=user, verb="replay_quarantine", subject=logger, data=data)
    return len(frames)


def registered_of(logger: Logger) -> Registered:
    """A logger as the gateway knows it, with its former keys: its frames may be older."""
    row = {
        name: getattr(logger, name)
        for name in (
            "id", "mn", "password", "active", "profile", "addresses", "crc_mode", "key", "greet",
        )
    }  # fmt: skip
    known = Registered.of({**row, "interval_s": logger.point.realtime_interval_s})
    return replace(known, keys=(*known.keys, *map(bytes.fromhex, logger.former_keys)))


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
