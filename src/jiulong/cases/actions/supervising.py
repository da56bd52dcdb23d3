"""What the supervisors and everybody around a case may do: remind, note, merge, withdraw."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from jiulong.cases import lifecycle, notices, people, specs
from jiulong.cases.actions import planning
from jiulong.cases.models import Case
from jiulong.cases.moves import Move, moving, must_say, refuse
from jiulong.organisation.rules import Viewer

#: Lights of severities, the gravest last.
GRAVITY: Final = ("jade", "indigo", "amber", "cinnabar")


def remind_case(
    *,
    actor: Viewer | None,
    case: Case,
    text: str,
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Press whoever has the move (催办); counted, and told to the people of that unit."""
    with moving("remind", case, actor=actor, now=now, version=version, note=text) as move:
        move.case.reminders += 1
        to = people.of_unit([move.case.turn_id], move.case.turn_verb or "handle_case")
        notices.tell(to, move.case, "reminder", {"by": str(move.actor), "text": text}, move.now)
    return move.case


def add_note(
    *,
    actor: Viewer | None,
    case: Case,
    text: str,
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Add something to the timeline."""
    with moving("note", case, actor=actor, now=now, version=version, note=text) as move:
        must_say(text, "text")
    return move.case


def join_case(
    *,
    actor: Viewer | None,
    case: Case,
    text: str = "",
    reference: str = "",
    severity: str = "",
    now: datetime | None = None,
) -> Case:
    """The same was found or reported again: the open case takes it up.

    A graver `severity` becomes the case's, and its shorter limit counts from the same start.
    """
    with moving("join", case, actor=actor, now=now, note=text) as move:
        move.case.findings += 1
        move.told["reference"] = reference
        if severity and _graver(move, severity):
            move.case.severity = move.told["severity"] = severity
            limit = specs.limit_of(move.spec.clocks.handle, severity)
            if move.case.due_at is not None and limit and limit != move.case.clock:
                move.told["clock"] = limit
        to = people.recipients(move.case, ["handler"] if move.case.lead_id else ["dispatch"])
        notices.tell(to, move.case, "found_again", {"text": text}, move.now)
    return move.case


def _graver(move: Move, severity: str) -> bool:
    ranks = {each.key: GRAVITY.index(each.light) for each in move.spec.severities}
    return ranks.get(severity, -1) > ranks.get(move.case.severity, len(GRAVITY))


def withdraw_case(
    *,
    actor: Viewer | None,
    case: Case,
    reason: str,
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Take it back: it was no case."""
    with moving("withdraw", case, actor=actor, now=now, version=version, note=reason) as move:
        must_say(reason)
        if move.case.lead_id:
            words = {"by": move.by, "reason": reason}
            to = people.recipients(move.case, ["handler", "dispatch"])
            notices.tell(to, move.case, "withdrawn", words, move.now)
        _end(move.case, move.now)
    return move.case


def merge_case(
    *,
    actor: Viewer | None,
    case: Case,
    into: Case,
    reason: str = "",
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """It is the same as another open case of the same matter: that one goes on for both."""
    with (
        _both(case, into),
        moving("merge", case, actor=actor, now=now, version=version, note=reason) as move,
    ):
        if into.pk == move.case.pk or into.matter_id != move.case.matter_id:
            raise refuse("into", _("Choose another case of the same matter."))
        if into.stage not in lifecycle.OPEN:
            raise refuse("into", _("%(number)s is not open.") % {"number": into.number})
        move.case.parent = into
        move.told["into"] = into.number
        words = {"by": move.by, "into": into.number}
        notices.tell(people.recipients(move.case, ["filer"]), move.case, "merged", words, move.now)
        _end(move.case, move.now)
        join_case(actor=None, case=into, reference=move.case.number, now=move.now)
    return move.case


@contextmanager
def _both(one: Case, other: Case) -> Iterator[None]:
    """Both cases locked, the older first: two merges against each other must not wait forever."""
    with transaction.atomic():
        rows = Case.objects.select_for_update().filter(pk__in=(one.pk, other.pk)).order_by("pk")
        list(rows.values_list("pk"))
        yield


def _end(case: Case, now: datetime) -> None:
    planning.drop_all(case, now)
    case.closed_at, case.rung_at, case.asked_until = now, None, None
    case.feedback_due_at = None
