"""Pairings and visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.bulletins import duty, rules, targets
from jiulong.bulletins.actions.problems import file_problem
from jiulong.bulletins.models import Pairing, PairVisit
from jiulong.cases.actions.filing import EAST, NORTH, SOUTH, WEST
from jiulong.evidence.actions import keep_file, record_event
from jiulong.evidence.files import RefusedFileError
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer, reach, require

#: The purpose of photos of a visit.
PHOTO: Final = "photo"
PHOTOS_MAX: Final = 9
#: A visit is entered within so many days; later nobody remembers what was seen.
LATE_DAYS: Final = 60


def make_pairing(
    *,
    actor: Viewer,
    kind: str,
    target: int,
    leader: User | None,
    post: str,
    unit: Unit,
    every: str,
    duty_words: str = "",
    since: date | None = None,
    now: datetime | None = None,
) -> Pairing:
    """Give a leader a thing to look after.

    Raises:
        PermissionDenied: the actor may not pair leaders of that unit.
        ValidationError: by field; the same pairing is open already.
    """
    now = now or timezone.now()
    user = rules.require_office(actor, rules.PAIR, unit.pk)
    label, title = _thing(kind, target)
    _check_duty(post, every, timezone.localdate(now))
    pairing = Pairing(
        leader=leader, leader_post=post.strip()[:60], unit=unit, label=label,
        target=str(target), title=title, every=every, duty=duty_words.strip()[:300],
        since=since or timezone.localdate(now), made_by=user, made_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            pairing.save(force_insert=True)
            told = {"post": pairing.leader_post, "title": pairing.title, "every": every}
            record_event(actor=user, verb="make_pairing", subject=pairing, data=told, at=now)
    except IntegrityError as error:
        raise ValidationError({"target": _("They are paired already.")}) from error
    return pairing


def _thing(kind: str, target: int) -> tuple[str, str]:
    """Label and name of what is looked after."""
    known = targets.kinds().get(kind)
    thing = targets.row_of(known.label, str(target)) if known is not None else None
    if known is None or thing is None:
        raise ValidationError({"target": _("Choose what the leader is paired with.")})
    return known.label, str(thing)[:160]


def _check_duty(post: str, every: str, today: date) -> None:
    if not post.strip():
        raise ValidationError({"post": _("Name the post whose duty it is.")})
    try:
        duty.step(today, every)
    except ValueError as error:
        raise ValidationError({"every": _("Write how often like “2 weeks”.")}) from error


def end_pairing(
    *, actor: Viewer, pairing: Pairing, reason: str, now: datetime | None = None
) -> Pairing:
    """End a duty today; its visits stay.

    Raises:
        PermissionDenied.
        ValidationError: without a reason.
    """
    now = now or timezone.now()
    user = rules.require_office(actor, rules.PAIR, pairing.unit_id)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    day = timezone.localdate(now)
    with transaction.atomic():
        if Pairing.objects.filter(pk=pairing.pk, until=None).update(until=day):
            told = {"reason": reason.strip()[:300]}
            record_event(actor=user, verb="end_pairing", subject=pairing, data=told, at=now)
    pairing.refresh_from_db()
    return pairing


def may_visit(viewer: Viewer, pairing: Pairing) -> bool:
    """Whether the viewer may enter visits of this pairing: the leader, or whoever helps them."""
    held = reach(viewer, rules.VISIT)
    own = held.own is not None and pairing.leader_id == held.own
    return own or held.covers(pairing.unit_id)


def record_visit(
    *,
    actor: Viewer,
    pairing: Pairing,
    on: date,
    note: str,
    problem: str = "",
    place: tuple[float, float] | None = None,
    address: str = "",
    photos: Sequence[tuple[str, IO[bytes] | bytes]] = (),
    hand_over: bool = False,
    now: datetime | None = None,
) -> PairVisit:
    """Enter that the leader was there: what was seen, what has to be seen to, photos.

    Args:
        place: longitude and latitude of the device, degrees WGS 84.
        photos: name and content.
        hand_over: make the problem a case at once.

    Raises:
        PermissionDenied: it is not the actor's duty, nor their unit's; or they may not file it.
        ValidationError: by field; a photo that is none is named.
    """
    now = now or timezone.now()
    user = require(actor, rules.VISIT)
    if not may_visit(user, pairing):
        raise PermissionDenied(rules.VISIT)
    _check_visit(pairing, on, note, place, timezone.localdate(now))
    with transaction.atomic():
        there: dict[str, Any] = {"address": address.strip()[:200]}
        if place is not None:
            there |= {"longitude": place[0], "latitude": place[1]}
        visit = PairVisit.objects.create(
            pairing=pairing, on=on, note=note.strip()[:1000], problem=problem.strip()[:500],
            by=user, by_name=str(user), at=now, **there,
        )  # fmt: skip
        _keep_photos(visit, photos, now)
        told = {"visit": visit.pk, "on": on.isoformat(), "photos": len(photos)}
        record_event(actor=user, verb="record_visit", subject=pairing, data=told, at=now)
        if hand_over and visit.problem:
            file_problem(actor=user, visit=visit, now=now)
    return visit


def _keep_photos(
    visit: PairVisit, photos: Sequence[tuple[str, IO[bytes] | bytes]], now: datetime
) -> None:
    if len(photos) > PHOTOS_MAX:
        raise ValidationError({"photos": _("At most %(most)d photos.") % {"most": PHOTOS_MAX}})
    for name, content in photos:
        _keep_photo(visit, name, content, now)


def _keep_photo(visit: PairVisit, name: str, content: IO[bytes] | bytes, now: datetime) -> None:
    try:
        kept = keep_file(
            actor=None, content=content, name=name, subject=visit, purpose=PHOTO, now=now
        )
    except RefusedFileError as error:
        raise ValidationError({"photos": f"{name}: {error}"}) from error
    if not kept.file.is_picture:
        raise ValidationError({"photos": _("%(name)s is no picture.") % {"name": name}})


def _check_visit(
    pairing: Pairing, on: date, note: str, place: tuple[float, float] | None, today: date
) -> None:
    wrong = {}
    if on > today:
        wrong["on"] = _("That day is still to come.")
    elif (today - on).days > LATE_DAYS:
        wrong["on"] = _("Visits are entered within %(n)d days.") % {"n": LATE_DAYS}
    elif on < pairing.since or (pairing.until is not None and on > pairing.until):
        wrong["on"] = _("The pairing did not hold on that day.")
    if not note.strip():
        wrong["note"] = _("Say what you saw.")
    if place is not None and not (WEST <= place[0] <= EAST and SOUTH <= place[1] <= NORTH):
        wrong["place"] = _("That is no place in China.")
    if wrong:
        raise ValidationError(wrong)
