"""What may be seen: of seals everything, by everyone with an account; of files what guards let.

A seal names no point and no value. The discharger must be able to check it as well as the
authority.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from jiulong.evidence import guards, sources, timeline
from jiulong.evidence.models import Attachment, CustodyStep, Event, Seal
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer

#: The hour itself and some minutes for the keeper to come round.
SEAL_AGE_MAX: Final = timedelta(hours=1, minutes=10)


@dataclass(frozen=True, slots=True)
class SealStatus:
    """How far the journal is sealed."""

    last: Seal | None
    age: timedelta | None  # since the end of what the last seal covers
    unsealed_batches: int
    unsealed_events: int = 0

    @property
    def late(self) -> bool:
        """Whether batches or events wait longer for their seal than they should."""
        waiting = bool(self.unsealed_batches or self.unsealed_events)
        return waiting and (self.age is None or self.age > SEAL_AGE_MAX)


def seals(
    viewer: Viewer,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    silent: bool | None = None,
) -> QuerySet[Seal]:
    """Seals whose hour ends after `since` and not after `until`, newest first.

    `silent` picks those without frames (or with some).
    """
    rows = Seal.objects.all()
    if not isinstance(viewer, User) or not viewer.is_active:
        return rows.none()
    if since is not None:
        rows = rows.filter(period_end__gt=since)
    if until is not None:
        rows = rows.filter(period_end__lte=until)
    if silent is not None:
        rows = rows.filter(batches=0) if silent else rows.filter(batches__gt=0)
    return rows


def seal(viewer: Viewer, number: int) -> Seal:
    """One seal. Seal.DoesNotExist also where the viewer may not see it."""
    return seals(viewer).get(number=number)


def late_frames(seal: Seal) -> int:
    """Frames under this seal that were received before the seal before it ended.

    They were committed after that one was made, as after an outage of the database; so is a batch
    that was on its way when somebody sealed at once.
    """
    if seal.number == 1 or not seal.frames:
        return 0
    before = Seal.objects.filter(number=seal.number - 1).first()
    if before is None:  # `verify` names what is missing
        return 0
    return sources.source().frames_before(
        before.period_end, after=seal.first_batch - 1, upto=seal.last_batch
    )


def seal_of_batch(batch: int) -> Seal | None:
    """The seal that covers a batch, or None while it waits for one."""
    found = Seal.objects.filter(last_batch__gte=batch).order_by("number")
    seal = found.select_related("contents").first()
    contents = getattr(seal, "contents", None)  # none: taken away, as `verify` tells
    return seal if contents is not None and batch in contents.ids else None


def seal_of_event(event: int) -> Seal | None:
    """The seal that covers an event, or None while it waits for one."""
    found = Seal.objects.filter(last_event__gte=event, first_event__lte=event).order_by("number")
    return found.select_related("event_contents").first()


def seal_numbers(events: Iterable[int]) -> dict[int, int]:
    """The number of the seal over each event; those that wait for one are left out. One query."""
    wanted = sorted(events)
    if not wanted:
        return {}
    rows = Seal.objects.filter(
        first_event__lte=wanted[-1], last_event__gte=wanted[0], events__gt=0
    ).order_by("number")
    seals = [(last or 0, number) for last, number in rows.values_list("last_event", "number")]
    ends = [last for last, _number in seals]
    places = [(event, bisect_left(ends, event)) for event in wanted]
    return {event: seals[place][1] for event, place in places if place < len(seals)}


def status(viewer: Viewer, now: datetime) -> SealStatus | None:
    """How far the journal is sealed; None for nobody."""
    if not isinstance(viewer, User) or not viewer.is_active:
        return None
    last = Seal.objects.first()
    return SealStatus(
        last=last,
        age=now - last.period_end if last else None,
        unsealed_batches=sources.source().unsealed(after=last.last_batch if last else 0),
        unsealed_events=timeline.waiting((last.last_event or 0) if last else 0),
    )


def files_of(viewer: Viewer, label: str, subject_id: str | int) -> list[Attachment]:
    """The files of a subject in the order they were added; none where the guard says no."""
    if not guards.may_see(viewer, label, str(subject_id)):
        return []
    rows = Attachment.objects.filter(subject=label, subject_id=str(subject_id), withdrawn_at=None)
    return list(rows.select_related("file").order_by("id"))


def attachment(viewer: Viewer, pk: int) -> Attachment:
    """One file. Attachment.DoesNotExist also where the viewer may not see it."""
    found = Attachment.objects.select_related("file").get(pk=pk, withdrawn_at=None)
    if not guards.may_see(viewer, found.subject, found.subject_id):
        raise Attachment.DoesNotExist
    return found


def custody_of(viewer: Viewer, label: str, subject_id: str | int) -> list[CustodyStep]:
    """The chain of custody of a subject; empty where the guard says no."""
    if not guards.may_see(viewer, label, str(subject_id)):
        return []
    return list(CustodyStep.objects.filter(subject=label, subject_id=str(subject_id)))


def events_of(viewer: Viewer, label: str, subject_id: str | int) -> list[Event]:
    """The timeline of a subject, oldest first; empty where the guard says no."""
    if not guards.may_see(viewer, label, str(subject_id)):
        return []
    return list(Event.objects.filter(subject=label, subject_id=str(subject_id)).order_by("id"))
