"""Every write of packs: they are applied. `actor` None is the machine's command line alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from jiulong.evidence.actions import record_event
from jiulong.evidence.locks import Lock
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, require_or_system
from jiulong.packs.checking import Shelf, check
from jiulong.packs.planning import MistakenError, Outcome, carry_out


def apply_packs(
    *,
    actor: Viewer | None,
    paths: Iterable[Path | str],
    demo: bool = False,
    now: datetime | None = None,
    box: Path | None = None,
) -> list[Outcome]:
    """Apply packs and all they require, each after what it stands on: all of it or nothing.

    `paths` are folders of packs, or names in the box. `apply_pack` is the only right needed: what
    a pack sets up is on the machine's disk, not the actor's words. Applied twice, the second time
    changes and records nothing.

    Raises:
        PermissionDenied: the actor may not `apply_pack`.
        MistakenError: a pack has mistakes, or live work would be stranded; nothing is changed.
    """
    user = require_or_system(actor, "apply_pack")
    shelf = checked(paths, box)
    with transaction.atomic():
        outcomes = in_turn(shelf, actor=user, demo=demo, now=now or timezone.now())
        for outcome in outcomes:
            if outcome.record is not None:
                _tell(user, outcome)
    return outcomes


def checked(paths: Iterable[Path | str], box: Path | None = None) -> Shelf:
    """The packs at the paths.

    Raises:
        MistakenError: one of them, or one that they need, has mistakes.
    """
    shelf, mistakes = check(paths, box or settings.PACKS)
    if not mistakes:
        needed = [pack for pack in shelf.in_order() if pack not in shelf.given]
        mistakes = [mistake for pack in needed for mistake in shelf.mistakes(pack)]
    if mistakes:
        raise MistakenError(mistakes)
    return shelf


def in_turn(shelf: Shelf, *, actor: User | None, demo: bool, now: datetime) -> list[Outcome]:
    """Carry out all packs of a shelf, inside the caller's transaction."""
    with connection.cursor() as cursor:  # two at once would plan on what the other is changing
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(Lock.PACKS)])
    given = {pack.name for pack in shelf.given}
    return [
        carry_out(shelf, pack, actor=actor, demo=demo and pack.name in given, now=now)
        for pack in shelf.in_order()
    ]


def _tell(user: User | None, outcome: Outcome) -> None:
    record = outcome.record
    if record is not None:
        told = {
            "name": record.name,
            "version": record.version,
            "digest": record.digest,
            "demo": record.demo,
            "changes": record.plan,
        }
        record_event(actor=user, verb="apply_pack", subject=record, data=told)
