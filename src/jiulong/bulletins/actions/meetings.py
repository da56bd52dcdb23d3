"""Meetings: called, laid before, attended, decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.bulletins import kinds, rules, words
from jiulong.bulletins.actions.papers import ChangedError, draft_bulletin, said
from jiulong.bulletins.models import Attendance, Bulletin, Decision, Meeting
from jiulong.cases.actions import assign_case, file_case
from jiulong.cases.models import MatterType
from jiulong.evidence.actions import record_event
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer
from jiulong.registers.actions import create_entry
from jiulong.registers.models import Register
from jiulong.scorecards.engine import periods

#: What a meeting can get through in a day.
AGENDA_MAX: Final = 30


def call_meeting(
    *,
    actor: Viewer,
    series: str,
    at: datetime,
    period: str = "",
    title: str = "",
    place: str = "",
    agenda: Sequence[str] = (),
    now: datetime | None = None,
) -> Meeting:
    """Call a sitting of a regular meeting; its usual agenda and units unless told otherwise.

    Raises:
        PermissionDenied: the actor may not hold meetings of that office.
        ValidationError: by field.
    """
    now = now or timezone.now()
    item = kinds.series().get(series)
    if item is None:
        raise ValidationError({"series": _("There is no such regular meeting.")})
    office = Unit.objects.filter(code=item.unit).first()
    if office is None:
        raise ValidationError({"series": _("The office that holds it is no unit here.")})
    user = rules.require_office(actor, rules.MEET, office.pk)
    period = period or timezone.localtime(at).strftime("%Y-%m")
    _check_period(period)
    name = title.strip() or f"{item.name} {words.period(period)}"
    with transaction.atomic():
        meeting = Meeting.objects.create(
            series=series, title=name[:120], period=period, at=at, unit=office,
            place=(place.strip() or item.place)[:120], chair=item.chair,
            agenda=_agenda(agenda or item.agenda), called_by=user, called_at=now,
        )  # fmt: skip
        _invite(meeting, item)
        told = {"series": series, "at": at.isoformat(), "period": period}
        record_event(actor=user, verb="call_meeting", subject=meeting, data=told, at=now)
    return meeting


def _invite(meeting: Meeting, item: kinds.SeriesItem) -> None:
    invited = Unit.objects.filter(code__in=item.attends, closed_on=None)
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, unit=one, state=Attendance.State.PRESENT) for one in invited
    )


def change_meeting(
    *,
    actor: Viewer,
    meeting: Meeting,
    title: str,
    at: datetime,
    period: str,
    place: str,
    chair: str,
    agenda: Sequence[str],
    now: datetime | None = None,
) -> Meeting:
    """Change what was called, while it is still to come.

    Raises:
        PermissionDenied.
        ChangedError: it was held, cancelled or changed meanwhile.
        ValidationError: by field.
    """
    now = now or timezone.now()
    user = rules.require_office(actor, rules.MEET, meeting.unit_id)
    _check_period(period)
    if not title.strip():
        raise ValidationError({"title": _("Give it a title.")})
    values: dict[str, Any] = {
        "title": title.strip()[:120], "at": at, "period": period, "place": place.strip()[:120],
        "chair": chair.strip()[:60], "agenda": _agenda(agenda),
    }  # fmt: skip
    with transaction.atomic():
        _update(meeting, Meeting.State.PLANNED, **values)
        told = {"at": at.isoformat(), "period": period}
        record_event(actor=user, verb="change_meeting", subject=meeting, data=told, at=now)
    return meeting


def cancel_meeting(
    *, actor: Viewer, meeting: Meeting, reason: str, now: datetime | None = None
) -> Meeting:
    """Say that it will not be held.

    Raises:
        PermissionDenied, ChangedError.
        ValidationError: without a reason.
    """
    now, why = now or timezone.now(), said(reason)
    user = rules.require_office(actor, rules.MEET, meeting.unit_id)
    with transaction.atomic():
        _update(meeting, Meeting.State.PLANNED, state=Meeting.State.CANCELLED)
        record_event(
            actor=user, verb="cancel_meeting", subject=meeting, data={"reason": why}, at=now
        )
    return meeting


def make_pack(*, actor: Viewer, meeting: Meeting, now: datetime | None = None) -> Bulletin:
    """Write the papers of a meeting from the data as it is now; an older pack stays.

    Raises:
        PermissionDenied: the actor may not draft for the office.
        ValidationError: it was cancelled.
    """
    if meeting.state == Meeting.State.CANCELLED:
        raise ValidationError(_("The meeting is cancelled."))
    return draft_bulletin(
        actor=actor, kind=kinds.PACK, about=("bulletins.meeting", meeting.pk), unit=meeting.unit,
        now=now,
    )  # fmt: skip


def record_attendance(
    *,
    actor: Viewer,
    meeting: Meeting,
    rows: Mapping[int, Mapping[str, str]],
    now: datetime | None = None,
) -> Meeting:
    """Say who came, by unit: {unit id: {state, post, note}}. The meeting counts as held.

    Raises:
        PermissionDenied.
        ChangedError: it was cancelled.
        ValidationError: a state that is none.
    """
    now = now or timezone.now()
    user = rules.require_office(actor, rules.MEET, meeting.unit_id)
    wrong = [one for one in rows.values() if one["state"] not in Attendance.State.values]
    if wrong:
        raise ValidationError(_("Say of each unit whether it came."))
    if meeting.state == Meeting.State.CANCELLED or meeting.at > now:
        raise ValidationError(_("The meeting has not been held."))
    with transaction.atomic():
        for unit_id, one in rows.items():
            Attendance.objects.update_or_create(
                meeting=meeting, unit_id=unit_id,
                defaults={
                    "state": one["state"], "post": one.get("post", "").strip()[:60],
                    "note": one.get("note", "").strip()[:120],
                },
            )  # fmt: skip
        _update(meeting, meeting.state, state=Meeting.State.HELD)
        told = {"states": {str(pk): one["state"] for pk, one in rows.items()}}
        record_event(actor=user, verb="record_attendance", subject=meeting, data=told, at=now)
    return meeting


def decide(
    *,
    actor: Viewer,
    meeting: Meeting,
    title: str,
    goal: str,
    lead: Unit,
    due_on: date,
    now: datetime | None = None,
) -> Decision:
    """Put a decision on record: it becomes a supervision case at once.

    Raises:
        PermissionDenied: the actor may not hold the meeting, or not file such cases.
        ValidationError: by field; the pack that follows decisions up is not applied.
    """
    now = now or timezone.now()
    user = rules.require_office(actor, rules.MEET, meeting.unit_id)
    days = (due_on - timezone.localdate(now)).days
    if days < 1:
        raise ValidationError({"due_on": _("Choose a day to come.")})
    if meeting.state == Meeting.State.CANCELLED:
        raise ValidationError(_("The meeting is cancelled."))
    item = kinds.series_of(meeting.series)
    with transaction.atomic():
        fresh, position = _opened(meeting, item, now)
        case = file_case(
            actor=user, matter=_matter(item), title=title, about=goal, entry=fresh.entry,
            data={"clause": str(position), "goal": goal, "lead_unit": lead.code},
            source="bulletins", source_ref=f"meeting/{fresh.pk}/{position}",
            now=now,
        )  # fmt: skip
        case = assign_case(actor=user, case=case, lead=lead, clock=f"{days} days", now=now)
        made = Decision.objects.create(
            meeting=fresh, position=position, title=title.strip()[:200], goal=goal.strip()[:600],
            lead=lead, due_on=due_on, case=case, by=user, at=now,
        )  # fmt: skip
        told_ = {"case": case.number, "lead": lead.code, "due_on": due_on.isoformat()}
        record_event(actor=user, verb="decide", subject=fresh, data=told_, at=now)
    return made


def _matter(item: kinds.SeriesItem) -> MatterType:
    matter = MatterType.objects.filter(code=item.matter, retired_at=None).first()
    if matter is None:
        told = _("No matter “%(code)s” is there to follow decisions up. Apply its pack.")
        raise ValidationError(told % {"code": item.matter})
    return matter


def _opened(meeting: Meeting, item: kinds.SeriesItem, now: datetime) -> tuple[Meeting, int]:
    """The meeting as one that decides, and the position of what it decides next."""
    # Locked: two decisions at once must not have the same position.
    fresh = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    fresh.entry = fresh.entry or _entered(fresh, item, now)
    if fresh.state == Meeting.State.PLANNED:
        fresh.state = Meeting.State.HELD
    fresh.version += 1
    fresh.save(update_fields=["entry", "state", "version"])
    return fresh, fresh.decisions.count() + 1


def _entered(meeting: Meeting, item: kinds.SeriesItem, now: datetime) -> Any:
    """The meeting as an entry of the register that the matter's cases are about."""
    if item.register_key is None:
        return None
    register = Register.objects.filter(code=item.register_key).first()
    if register is None:
        raise ValidationError(
            _("The register “%(code)s” is not there. Apply its pack.") % {"code": item.register_key}
        )
    held_on = timezone.localdate(meeting.at).isoformat()
    # The house enters it: holding a meeting is the right, editing registers is another one.
    return create_entry(
        actor=None, register=register, unit=meeting.unit, now=now,
        values={"name": meeting.title[:100], "kind": "regular", "held_on": held_on},
    )  # fmt: skip


def _agenda(lines: Sequence[str]) -> list[dict[str, str]]:
    found = [{"title": line.strip()[:200]} for line in lines if line.strip()]
    if len(found) > AGENDA_MAX:
        raise ValidationError({"agenda": _("At most %(most)d items.") % {"most": AGENDA_MAX}})
    return found


def _check_period(period: str) -> None:
    try:
        periods.parse(period)
    except ValueError as error:
        raise ValidationError({"period": _("Write a period like 2026-03 or 2026Q1.")}) from error


def _update(meeting: Meeting, was: str, **values: Any) -> None:
    """Guarded: only what the actor saw is changed. Raises ChangedError."""
    known = Meeting.objects.filter(pk=meeting.pk, state=was, version=meeting.version)
    if not known.update(version=F("version") + 1, **values):
        raise ChangedError(str(meeting))
    meeting.refresh_from_db()
