"""Verification, confirmation and closing: never by whoever handled it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.cases import lifecycle, notices, people, routing, specs
from jiulong.cases.actions import planning
from jiulong.cases.models import Case, MatterType, Task
from jiulong.cases.moves import SUBJECT, Move, moving, must_say, refuse
from jiulong.cases.needs import missing
from jiulong.cases.schema import Result
from jiulong.evidence.models import Event
from jiulong.organisation.rules import Viewer
from jiulong.registers.actions import update_entry
from jiulong.registers.masking import all_masked
from jiulong.registers.specs import register

RATINGS = range(1, 6)


def verify_case(
    *,
    actor: Viewer | None,
    case: Case,
    note: str = "",
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Say that the answer is true. Where two people are asked for, the first waits for another."""
    with moving("verify", case, actor=actor, now=now, version=version, note=note) as move:
        rule = move.spec.verify
        if rule is None:
            raise lifecycle.IllegalMoveError(move.case.stage, "verify")
        if rule.two_people and _is_first(move):
            move.told["first_of_two"] = True
            move.stay()
        else:
            move.case.verified_at = move.now
            to = people.recipients(move.case, ["dispatch", "handler"])
            notices.tell(to, move.case, "verified", {"by": move.by}, move.now)
            _ask_confirmation(move)
    return move.case


def _ask_confirmation(move: Move) -> None:
    """Whoever must confirm before it can be closed is told that it is their turn."""
    case = move.case
    if "confirmation" not in move.spec.closing.needs or case.confirmed is not None:
        return
    firm = case.enterprise.unit_id if case.enterprise is not None else None
    to = people.of_unit([firm], "confirm_case") or people.recipients(case, ["filer"])
    notices.tell(to, case, "confirmation_asked", {}, move.now)


def _is_first(move: Move) -> bool:
    """Whether nobody has verified this reply yet; the same person cannot be both."""
    since = Event.objects.filter(
        subject=SUBJECT, subject_id=str(move.case.pk), verb="reply"
    ).order_by("-id").values_list("id", flat=True).first()  # fmt: skip
    signed = Event.objects.filter(
        subject=SUBJECT, subject_id=str(move.case.pk), verb="verify", id__gt=since or 0
    ).values_list("actor", flat=True)
    if move.actor is not None and move.actor.pk in set(signed):
        raise refuse("note", _("You have verified it already: another person must, too."))
    return not signed


def send_back(
    *,
    actor: Viewer | None,
    case: Case,
    reason: str,
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """The answer does not hold: back to the handler, with a clock for the rework."""
    with moving("send_back", case, actor=actor, now=now, version=version, note=reason) as move:
        _rework(move, reason)
        notices.tell(
            people.recipients(move.case, ["handler"]), move.case, "sent_back",
            {"by": move.by, "reason": reason}, move.now,
        )  # fmt: skip
    return move.case


def _rework(move: Move, reason: str) -> None:
    must_say(reason)
    case, clocks = move.case, move.spec.clocks
    limit = specs.limit_of(clocks.rework, case.severity) or specs.handle_limit(
        move.spec, case.severity
    )
    move.told["clock"] = limit
    case.reworks += 1
    case.replied_at = case.verified_at = case.confirmed = None
    case.closed_at = None
    case.accepted_at = case.accepted_at or move.now


def confirm_case(
    *,
    actor: Viewer | None,
    case: Case,
    satisfied: bool,
    rating: int | None = None,
    note: str = "",
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """The enterprise's or the reporter's own word. Not satisfied: redo, if the matter says so."""
    with transaction.atomic():  # the word and what follows from it, or neither
        with moving("confirm", case, actor=actor, now=now, version=version, note=note) as move:
            _rate(move, satisfied, rating, note)
        if satisfied or move.spec.closing.dissatisfied == "note":
            return move.case
        return _not_satisfied(move, note)


def _not_satisfied(move: Move, note: str) -> Case:
    """Back to the handler, from wherever it is."""
    case = move.case
    action = "reopen" if case.stage == lifecycle.CLOSED else "send_back"
    with moving(action, case, actor=None, now=move.now) as back:
        _rework(back, note)
        back.told["because"] = "dissatisfied"
        to = people.recipients(back.case, ["handler", "dispatch"])
        notices.tell(to, back.case, "sent_back", {"by": move.by, "reason": note}, move.now)
    return back.case


def _rate(move: Move, satisfied: bool, rating: int | None, note: str) -> None:
    if rating is not None and rating not in RATINGS:
        raise refuse("rating", _("Rate with 1 to 5."))
    if not satisfied and not note.strip():
        raise refuse("note", _("Say what is not right."))
    case = move.case
    if case.confirmed is not None and case.stage == lifecycle.CLOSED:
        raise refuse("note", _("It has been confirmed already."))
    case.confirmed, case.rating = satisfied, rating
    move.told |= {"satisfied": satisfied, "rating": rating}


def close_case(
    *,
    actor: Viewer | None,
    case: Case,
    result: str = "",
    note: str = "",
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Close (销号): only with all that the matter asks for; the linked entry follows.

    Raises:
        ValidationError: `needs` lists what is missing.
    """
    with (
        transaction.atomic(),  # no closing without the case that follows it
        moving("close", case, actor=actor, now=now, version=version, note=note) as move,
    ):
        case, spec = move.case, move.spec
        if move.came_from == lifecycle.REPLIED and spec.verify is not None:
            raise refuse("needs", _("It has not been verified."))
        case.result = planning.check_result(spec, result or case.result)
        if spec.closing.results and not case.result:
            raise refuse("result", _("Say what came of it."))
        if lacking := missing(case, spec):
            raise ValidationError({"needs": [str(need) for need in lacking]})
        case.closed_at, case.rung_at = move.now, None
        move.told |= {"result": case.result, "late": case.late}
        chosen = next((each for each in spec.closing.results if each.key == case.result), None)
        _set_entry(move, chosen)
        to = people.recipients(case, ["filer", "handler"])
        notices.tell(to, case, "closed", {"by": move.by}, move.now)
        _follow_up(move, chosen)
    return move.case


def _set_entry(move: Move, chosen: Result | None) -> None:
    """What closing writes into the linked entry, as the matter and its result say."""
    case = move.case
    wanted = {**move.spec.closing.entry, **(chosen.entry if chosen else {})}
    values = {key: _value(move, value) for key, value in wanted.items()}
    values = {key: value for key, value in values.items() if value not in (None, "")}
    if case.entry is not None and values:
        update_entry(actor=None, entry=case.entry, values=values, now=move.now)
        fields = register(case.entry.register).fields
        move.told["entry"] = all_masked(fields, values)


def _value(move: Move, value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    name, _dot, key = value[1:].partition(".")
    sources = {"reply": move.case.reply, "field": move.case.data}
    if name in sources:
        return sources[name].get(key)
    today = timezone.localtime(move.now).date().isoformat()
    return {"today": today, "result": move.case.result}.get(name)


def _follow_up(move: Move, chosen: Result | None) -> None:
    """A result that promises something opens the case that looks after the promise."""
    if chosen is None or chosen.follow_up is None:
        return
    from jiulong.cases.actions.filing import file_case  # noqa: PLC0415 - filing assigns, too

    matter, case = MatterType.objects.get(code=chosen.follow_up), move.case
    spec = specs.matter(matter)
    same = {field.key for field in spec.fields if field in move.spec.fields}
    data = {key: value for key, value in case.data.items() if key in same}
    file_case(
        actor=None, matter=matter, title=case.title, about=case.about, data=data,
        severity=case.severity, entry=case.entry, enterprise=case.enterprise, parent=case,
        area=case.grid or case.street, address=case.address, now=move.now,
        clock=chosen.follow_up_after or "",
        place=routing.place_of(case),
    )  # fmt: skip


def reopen_case(
    *,
    actor: Viewer | None,
    case: Case,
    reason: str,
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """A closed case was not done after all: back to the handler."""
    with moving("reopen", case, actor=actor, now=now, version=version, note=reason) as move:
        _rework(move, reason)
        done = move.case.tasks.filter(state=Task.State.DONE).count()
        move.told["tasks"] = done
        to = people.recipients(move.case, ["handler", "dispatch"])
        notices.tell(to, move.case, "sent_back", {"by": move.by, "reason": reason}, move.now)
    return move.case
