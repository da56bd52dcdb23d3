"""Sealing: every hour once, on demand, chained, and never changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from jiulong.evidence import sealing, sources, timeline, witness
from jiulong.evidence.actions.events import record_event
from jiulong.evidence.keys import SigningKey, signing_key
from jiulong.evidence.locks import Lock
from jiulong.evidence.models import Event, Seal, SealContents, SealEvents
from jiulong.evidence.statements import SealStatement
from jiulong.organisation.rules import Viewer, require_or_system

#: NOTIFY channel; the payload is the number of the new seal.
SEALS: Final = "seals"

_horizon: Final = timeline.Horizon()


def seal_due(*, now: datetime, key: SigningKey | None = None) -> Seal | None:
    """Seal the next hour that is over, if there is one: one step of the keeper.

    No event is recorded: the seal is signed, dated and append-only itself.

    Raises:
        UnreadableBatchError: a batch was altered before it could be sealed.
        SealKeyError: the signing key must not be used.
    """
    last = _last()
    span = sealing.due(sources.source(), last, now)
    return _seal(span, last, now, key) if span else None


def seal_now(*, actor: Viewer | None, now: datetime | None = None) -> list[Seal]:
    """Seal all journal and events there are, whole hours first; returns new seals, oldest first.

    `actor` is None only for whoever holds the machine's command line. With nothing new to seal
    there is no new seal.

    Raises:
        PermissionDenied: the actor may not `seal`.
        UnreadableBatchError, SealKeyError: as in `seal_due`.
    """
    user = require_or_system(actor, "seal")
    now = now or timezone.now()
    key = signing_key(settings.SEAL_KEYS)
    seals = []
    while seal := seal_due(now=now, key=key):
        seals.append(seal)
    while seal := _seal_rest(now, key):
        seals.append(seal)
    if seals:
        record_event(actor=user, verb="seal_now", subject=seals[-1], data={"seals": len(seals)})
    return seals


def _seal_rest(now: datetime, key: SigningKey) -> Seal | None:
    """One seal over what stands above the last one, whatever the hour."""
    source, last = sources.source(), _last()
    after = last.last_batch if last else 0
    upto = source.last_before(now, after=after)
    if upto is None and not _new_events(sealing.last_event(last)):
        return None
    end = max(now, last.period_end) if last else now
    return _seal(sealing.Span(after, upto or after, end), last, now, key)


def _new_events(after: int) -> bool:
    """Whether something happened but sealing itself, which is recorded as an event too."""
    # The numbers that are final: others would be asked for again and again.
    rows = Event.objects.filter(id__gt=after, id__lte=_horizon.reach())
    return rows.exclude(subject="evidence.seal").exists()


def _last() -> Seal | None:
    return Seal.objects.order_by("-number").first()


def _seal(
    span: sealing.Span, last: Seal | None, now: datetime, key: SigningKey | None
) -> Seal | None:
    """Hash first, then write in a short transaction; None if another keeper was quicker."""
    key = key or signing_key(settings.SEAL_KEYS)
    after = sealing.last_event(last)
    span = replace(span, after_event=after, upto_event=max(after, _horizon.reach()))
    contents = sealing.gather(sources.source(), span)
    statement = sealing.write_statement(span, contents, last=last, key_id=key.id, sealed_at=now)
    with transaction.atomic():
        # Two keepers may have gathered the same hour: the lock lets one of them write it.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(Lock.SEAL)])
        if _last() != last:
            return None
        seal = _write(statement, key)
        SealContents.objects.create(seal=seal, ids=contents.ids, hashes=b"".join(contents.hashes))
        if contents.event_ids:
            joined = b"".join(contents.event_hashes)
            SealEvents.objects.create(seal=seal, ids=contents.event_ids, hashes=joined)
        with connection.cursor() as cursor:  # delivered by the commit, or not at all
            cursor.execute("SELECT pg_notify(%s, %s)", [SEALS, str(seal.number)])
        transaction.on_commit(lambda: witness.remember(settings.SEAL_KEYS, seal))
    return seal


def _write(statement: SealStatement, key: SigningKey) -> Seal:
    digest, events = statement.digest(), statement.events
    return Seal.objects.create(
        number=statement.number,
        first_batch=statement.first_batch,
        last_batch=statement.last_batch,
        period_end=statement.period_end,
        batches=statement.batches,
        frames=statement.frames,
        root=statement.root,
        previous=statement.previous,
        digest=digest,
        key_id=statement.key_id,
        signature=key.sign(digest),
        sealed_at=statement.sealed_at,
        first_event=events.first if events else None,
        last_event=events.last if events else None,
        events=events.count if events else None,
        events_root=events.root if events else None,
    )
