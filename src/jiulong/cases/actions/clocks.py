"""Time: extension before it is over, suspension with a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.calendar.clocks import Limit, shift
from jiulong.calendar.queries import district_calendar
from jiulong.cases import notices, people
from jiulong.cases.actions import planning
from jiulong.cases.models import Case, Task
from jiulong.cases.moves import SUBJECT, Move, beats, moving, must_say, refuse
from jiulong.evidence.models import Event
from jiulong.organisation.rules import Viewer


def ask_extension(
    *,
    actor: Viewer | None,
    case: Case,
    until: date | datetime,
    reason: str,
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Ask for a later last day: before the deadline, as often and as far as the matter allows."""
    with moving("ask_extension", case, actor=actor, now=now, version=version, note=reason) as move:
        day = _day_of(until) if isinstance(until, datetime) else until
        must_say(reason)
        _check_extension(move, day)
        move.case.asked_until = _end_of(day)
        move.told["until"] = day.isoformat()
        to = people.supervisors()
        words = {"by": str(move.actor), "until": day.isoformat(), "reason": reason}
        notices.tell(to, move.case, "extension_asked", words, move.now)
    return move.case


def _day_of(until: datetime) -> date:
    try:
        aware = timezone.make_aware(until) if timezone.is_naive(until) else until
        return timezone.localtime(aware).date()
    except OverflowError as error:  # before the first or after the last of days
        raise refuse("until", str(error)) from error


def _check_extension(move: Move, day: date) -> None:
    case, rule = move.case, move.spec.extension
    if case.due_at is None:
        raise refuse("until", _("This case has no deadline."))
    if move.now > case.due_at:
        raise refuse("until", _("The deadline is over: an extension must be asked for before."))
    if case.asked_until is not None:
        raise refuse("until", _("An extension has been asked for already."))
    if case.extensions >= rule.times:
        told = _("It can be extended %(count)s times, no more.")
        raise refuse("until", told % {"count": rule.times})
    due = timezone.localtime(case.due_at).date()
    latest = shift(case.due_at, Limit.parse(rule.at_most), district_calendar()).date()
    if not due < day <= latest:
        told = _("The new day must lie after %(due)s, at the latest on %(latest)s.")
        raise refuse("until", told % {"due": due, "latest": latest})


def _end_of(day: date) -> datetime:
    zone = timezone.get_default_timezone()
    return datetime.combine(day, time(23, 59, 59), zone).astimezone(UTC)


def extend_case(
    *,
    actor: Viewer | None,
    case: Case,
    note: str = "",
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Approve what was asked for; the ladder begins anew. Never by whoever asked."""
    with moving("extend", case, actor=actor, now=now, version=version, note=note) as move:
        until, due = _asked(move), move.case.due_at
        if until < move.now or (due is not None and until <= due):
            # Meanwhile the case was suspended and its deadline moved, or nobody decided in time.
            raise refuse("until", _("That day is over, or before the deadline by now: refuse it."))
        move.told["until"] = timezone.localtime(until).date().isoformat()
        move.case.extensions += 1
        move.case.asked_until = None
        _tell_answer(move, granted=True)
    return move.case


def refuse_extension(
    *,
    actor: Viewer | None,
    case: Case,
    reason: str,
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """The deadline stands."""
    with moving(
        "refuse_extension", case, actor=actor, now=now, version=version, note=reason
    ) as move:
        must_say(reason)
        _asked(move)
        move.case.asked_until = None
        _tell_answer(move, granted=False)
    return move.case


def _asked(move: Move) -> datetime:
    if move.case.asked_until is None:
        raise refuse("until", _("Nobody has asked for an extension."))
    if move.actor is not None and move.actor.pk in {move.case.handler_id, _asker(move.case)}:
        raise refuse("until", _("Somebody else must decide on your own extension."))
    return move.case.asked_until


def _asker(case: Case) -> int | None:
    """Who asked last: anybody of the lead unit may, not the handler alone."""
    asked = Event.objects.filter(subject=SUBJECT, subject_id=str(case.pk), verb="ask_extension")
    return asked.order_by("-id").values_list("actor", flat=True).first()


def _tell_answer(move: Move, *, granted: bool) -> None:
    to = people.recipients(move.case, ["handler"])
    notices.tell(to, move.case, "extension_answered", {"granted": granted}, move.now)


def suspend_case(
    *,
    actor: Viewer | None,
    case: Case,
    reason: str,
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Stop the clock for a reason that is written down."""
    with moving("suspend", case, actor=actor, now=now, version=version, note=reason) as move:
        must_say(reason)
        move.case.stage_before = move.came_from
        move.case.feedback_due_at = None
        _tell_all(move, "suspended", reason)
    return move.case


def resume_case(
    *,
    actor: Viewer | None,
    case: Case,
    note: str = "",
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Let the clock go on: the deadline moves by what was paused."""
    with moving("resume", case, actor=actor, now=now, version=version, note=note) as move:
        move.case.stage_before = ""
        stood = next(beat.at for beat in reversed(beats(case.pk)) if beat.verb == "suspend")
        for task in move.case.tasks.filter(state=Task.State.OPEN).exclude(clock=""):
            planning.go_on(task, stood, move.now)
            task.save()
        _tell_all(move, "resumed", note)
    return move.case


def _tell_all(move: Move, kind: str, words: str) -> None:
    to = people.recipients(move.case, ["filer", "handler"] if move.case.lead_id else ["filer"])
    told = {"by": move.by, "reason": words}
    notices.tell(to, move.case, kind, told, move.now)
