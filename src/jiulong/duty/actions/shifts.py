"""Shifts: begun, written in, signed by who leaves, taken by who comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.duty.models import Carried, LogEntry, Shift
from jiulong.evidence.actions import record_event
from jiulong.monitoring.models import Alarm
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer, require

TEXT_MAX: Final = 2000
NOTE_MAX: Final = 400
REMARKS_MAX: Final = 4000


class NotOnDutyError(ValueError):
    """The shift is not one in which this can be done now; the message says why."""


def begin_shift(
    *, actor: Viewer, people: Iterable[User] = (), now: datetime | None = None
) -> Shift:
    """Begin to watch at the actor's own desk, where nobody does.

    Raises:
        PermissionDenied: the actor does not keep a desk.
        NotOnDutyError: somebody is on duty there: the shift is handed over, not begun.
    """
    user, moment = require(actor, "keep_duty"), now or timezone.now()
    with transaction.atomic():
        desk = _desk(user)
        if Shift.objects.filter(desk=desk).exclude(state=Shift.State.OVER).exists():
            raise NotOnDutyError(_("Somebody is on duty at this desk: have it handed over."))
        return _begun(user, desk, people, moment)


def write_log(
    *,
    actor: Viewer,
    shift: Shift,
    text: str,
    kind: str = LogEntry.Kind.NOTE,
    alarm: Alarm | None = None,
    now: datetime | None = None,
) -> LogEntry:
    """Write a line into the log of the running shift; it stays as it is.

    Raises:
        PermissionDenied: the actor is not of the shift.
        NotOnDutyError: the shift was signed already.
        ValidationError: `text`, `kind`.
    """
    user, moment = require(actor, "keep_duty"), now or timezone.now()
    words = text.strip()
    if not words or len(words) > TEXT_MAX or "\0" in words:
        told = _("Say it in words, at most %(most)d characters.") % {"most": TEXT_MAX}
        raise ValidationError({"text": [told]})
    if kind not in LogEntry.Kind.values:
        raise ValidationError({"kind": [_("There is no such kind of line.")]})
    with transaction.atomic():
        # Locked: no line may come after the signature of who leaves.
        fresh = Shift.objects.select_for_update().get(pk=shift.pk)
        _must_be_of(fresh, user)
        if fresh.state != Shift.State.ON:
            raise NotOnDutyError(_("This shift is signed: write into the next one."))
        entry = LogEntry.objects.create(
            shift=fresh, at=moment, by=user, kind=kind, text=words, alarm=alarm
        )
        told_of = {"kind": kind, "text": words, "alarm": alarm.pk if alarm else None}
        record_event(actor=user, verb="write_log", subject=fresh, data=told_of, at=moment)
    return entry


def hand_over(
    *,
    actor: Viewer,
    shift: Shift,
    remarks: str = "",
    carried: Mapping[Alarm, str] | None = None,
    now: datetime | None = None,
) -> Shift:
    """Sign as the outgoing: the log is closed, and these alarms go on with a word to each.

    Raises:
        PermissionDenied: the actor is not of the shift.
        NotOnDutyError: it was signed already.
    """
    user, moment = require(actor, "keep_duty"), now or timezone.now()
    with transaction.atomic():
        _must_be_of(shift, user)
        changed = Shift.objects.filter(pk=shift.pk, state=Shift.State.ON).update(
            state=Shift.State.SIGNED, until=moment, handed_by=user,
            remarks=remarks.strip()[:REMARKS_MAX],
        )  # fmt: skip
        if not changed:
            raise NotOnDutyError(_("This shift was signed already."))
        kept = {alarm: note.strip()[:NOTE_MAX] for alarm, note in (carried or {}).items()}
        Carried.objects.bulk_create(
            Carried(shift=shift, alarm=alarm, note=note) for alarm, note in kept.items()
        )
        told = {
            "remarks": remarks.strip(),
            "carried": {str(alarm.pk): note for alarm, note in kept.items()},
            "lines": shift.entries.count(),
        }
        record_event(actor=user, verb="hand_over_shift", subject=shift, data=told, at=moment)
        shift.refresh_from_db()
    return shift


def take_over(
    *, actor: Viewer, shift: Shift, people: Iterable[User] = (), now: datetime | None = None
) -> Shift:
    """Sign as the incoming, another person than the outgoing; the next shift begins.

    Raises:
        PermissionDenied: the actor keeps no duty at this desk, or handed it over themselves.
        NotOnDutyError: the outgoing has not signed, or somebody has taken it already.
    """
    user, moment = require(actor, "keep_duty"), now or timezone.now()
    if user.unit_id != shift.desk_id:
        raise PermissionDenied("keep_duty")
    if user.pk == shift.handed_by_id:
        raise PermissionDenied(_("Another person takes over than hands over."))
    with transaction.atomic():
        changed = Shift.objects.filter(pk=shift.pk, state=Shift.State.SIGNED).update(
            state=Shift.State.OVER, taken_by=user, taken_at=moment
        )
        if not changed:
            raise NotOnDutyError(_("This shift is not waiting to be taken over."))
        record_event(actor=user, verb="take_over_shift", subject=shift, data={}, at=moment)
        return _begun(user, shift.desk, people, moment, before=shift)


def _begun(
    user: User,
    desk: Unit,
    people: Iterable[User],
    now: datetime,
    before: Shift | None = None,
) -> Shift:
    others = [one for one in people if one.pk != user.pk]
    for one in others:
        if one.unit_id != desk.pk or not one.is_active:
            told = _("%(person)s is not of this desk.") % {"person": one}
            raise ValidationError({"people": [told]})
    day = timezone.localtime(now)
    known = Shift.objects.select_for_update().filter(number__startswith=f"{desk.code}-{day:%Y%m%d}")
    shift = Shift.objects.create(
        desk=desk, number=f"{desk.code}-{day:%Y%m%d}-{known.count() + 1}", since=now,
        begun_by=user, before=before,
    )  # fmt: skip
    shift.people.set([user, *others])
    told_of = {"people": [str(one) for one in (user, *others)], "desk": desk.name}
    record_event(actor=user, verb="begin_shift", subject=shift, data=told_of, at=now)
    return shift


def _desk(user: User) -> Unit:
    if user.unit is None:
        raise NotOnDutyError(_("Your account belongs to no unit: there is no desk to keep."))
    # Locked: two who begin at once would both see an empty desk.
    return Unit.objects.select_for_update().get(pk=user.unit.pk)


def _must_be_of(shift: Shift, user: User) -> None:
    """Raises PermissionDenied where the user is not one of the shift."""
    if not shift.people.filter(pk=user.pk).exists():
        raise PermissionDenied("keep_duty")
