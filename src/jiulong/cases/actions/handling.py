"""From the desk to the lead unit and back with an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.calendar.clocks import Limit, deadline
from jiulong.calendar.queries import district_calendar
from jiulong.cases import lifecycle, notices, people, routing, rules, specs
from jiulong.cases.actions import planning
from jiulong.cases.checks import digest
from jiulong.cases.models import Case, Task
from jiulong.cases.moves import Move, moving, must_say, refuse
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer, reach
from jiulong.registers.masking import all_masked
from jiulong.registers.specs import check_values


def assign_case(
    *,
    actor: Viewer | None,
    case: Case,
    lead: Unit | None = None,
    supports: Sequence[Unit] = (),
    handler: User | None = None,
    clock: str = "",
    note: str = "",
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Give the case to a lead unit (without one: by its route) and start the handling clock.

    `clock` overrides the matter's limit, as in `5 working_days`. The tasks of the matter are laid
    out with the first assignment. Within the same lead unit only the handler changes; then the
    clock goes on as it was.
    """
    with moving("assign", case, actor=actor, now=now, version=version, note=note) as move:
        _assign(move, _Wish(lead, supports, handler, clock))
    return move.case


def assign_by_route(case: Case, *, facts: routing.Facts, now: datetime, clock: str = "") -> Case:
    """Assign by the system, as the matter's `auto_assign` asks. Stays filed if no route fits."""
    spec = specs.matter(case.matter)
    route = routing.route_of(spec, facts)
    if route is None or routing.find(route.lead, facts) is None:
        return case
    with moving("assign", case, actor=None, now=now) as move:
        _assign(move, _Wish(clock=clock), facts)
    if spec.auto_accept:
        with moving("accept", move.case, actor=None, now=now) as move:
            move.case.accepted_at = move.now
    return move.case


@dataclass(frozen=True)
class _Wish:
    """What whoever assigns has said; the route says the rest."""

    lead: Unit | None = None
    supports: Sequence[Unit] = ()
    handler: User | None = None
    clock: str = ""


def _assign(move: Move, wish: _Wish, facts: routing.Facts | None = None) -> None:
    case, spec = move.case, move.spec
    facts = facts or planning.facts_of(case)
    route = routing.route_of(spec, facts)
    lead, supports, handler = wish.lead, wish.supports, wish.handler
    if lead is None:
        if route is None:
            raise refuse("lead", _("No route fits: choose the lead unit."))
        lead = routing.must_find(route.lead, facts, _("Lead unit"))
        supports = supports or [u for ref in route.supports if (u := routing.find(ref, facts))]
    # More time is an extension, which somebody else approves: no clock starts anew for whose it is.
    same = lead.pk == case.lead_id and case.stage != lifecycle.FILED
    _check_handler(handler, lead)
    _check_clock(wish.clock, move.now)
    passed_on = _check_reach(move, lead, wish)
    facts.lead = case.lead = lead
    case.handler = handler
    case.verifier = planning.verifier_of(spec, facts)
    move.told |= {"lead": lead.code, "lead_name": lead.name}
    if handler is not None:
        move.told["handler"] = str(handler)
    if same:  # a person is named, a unit asked for its part: the promise stands
        move.stay()
    else:
        usual = route.clock if route and route.clock else None
        limit = wish.clock or usual or specs.handle_limit(spec, case.severity)
        if not passed_on:
            move.told["clock"] = str(Limit.parse(limit))
        case.assigned_at, case.accepted_at, case.replied_at = move.now, None, None
        case.asked_until, case.late = None, None
        _feed(move)
    asked = planning.lay_out(case, spec, facts, supports, move.now)
    move.told["supports"] = [unit.code for unit in asked]
    planning.involve(case)
    to = [handler] if handler else people.of_unit([lead.pk], "handle_case")
    notices.tell(to, case, "assigned", {"by": move.by}, move.now)


def _check_reach(move: Move, lead: Unit, wish: _Wish) -> bool:
    """Whether the lead unit itself passes it on: among its own, and the promise goes on."""
    case, actor = move.case, move.actor
    if actor is None or rules.dispatches(actor, case, move.spec):
        return False
    if wish.clock or not reach(actor, "assign_case").covers(lead.pk):
        raise refuse("lead", _("Only the desk gives it to another unit, or more time: return it."))
    return True


def _check_clock(clock: str, now: datetime) -> None:
    """Raises ValidationError where the wanted limit is none, or ends after the last of days."""
    try:
        _end(now, clock)
    except (ValueError, OverflowError) as error:
        raise refuse("clock", str(error)) from error


def _check_handler(handler: User | None, lead: Unit) -> None:
    if handler is not None and handler not in people.of_unit([lead.pk], "handle_case"):
        told = _("%(person)s handles no cases for %(unit)s.")
        raise refuse("handler", told % {"person": handler, "unit": lead})


def accept_case(
    *,
    actor: Viewer | None,
    case: Case,
    note: str = "",
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Sign for the case: it is ours. Whoever accepts handles it, unless somebody was named."""
    with moving("accept", case, actor=actor, now=now, version=version, note=note) as move:
        move.case.accepted_at = move.now
        move.case.handler = move.case.handler or move.actor
    return move.case


def return_case(
    *,
    actor: Viewer | None,
    case: Case,
    reason: str,
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Give it back as wrongly addressed, within the matter's time for that."""
    with moving("return", case, actor=actor, now=now, version=version, note=reason) as move:
        must_say(reason)
        limit = move.spec.clocks.send_back_wrong
        last = _end(move.case.assigned_at, limit)
        if last is not None and move.now > last:
            told = _("It could be returned until %(day)s. Ask the desk to reassign it.")
            raise refuse(
                "reason", told % {"day": timezone.localtime(last).strftime("%Y-%m-%d %H:%M")}
            )
        case = move.case
        move.told["lead"] = case.lead.code if case.lead else ""
        planning.drop_all(case, move.now)
        case.lead = case.handler = case.verifier = None
        case.assigned_at = case.accepted_at = case.feedback_due_at = case.asked_until = None
        case.returns += 1
        to = people.recipients(case, ["dispatch"])
        notices.tell(to, case, "returned", {"by": move.by, "reason": reason}, move.now)
    return move.case


def feedback(
    *,
    actor: Viewer | None,
    case: Case,
    text: str,
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Report how far it is; the next report is due an interval from now."""
    with moving("feedback", case, actor=actor, now=now, version=version, note=text) as move:
        must_say(text)
        _feed(move)
    return move.case


def reply_case(
    *,
    actor: Viewer | None,
    case: Case,
    answer: str,
    data: Mapping[str, Any] | None = None,
    result: str = "",
    now: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Answer that it is done. Every task must be; the handling clock stops."""
    with moving("reply", case, actor=actor, now=now, version=version, note=answer) as move:
        case = move.case
        must_say(answer, "answer")
        if open_tasks := case.tasks.exclude(state__in=(Task.State.DONE, Task.State.DROPPED)):
            names = "、".join(task.unit.name for task in open_tasks.select_related("unit"))
            raise refuse("tasks", _("Not finished yet: %(units)s.") % {"units": names})
        case.reply = check_values(move.spec.reply, data or {})
        case.result = planning.check_result(move.spec, result or case.result)
        case.handler = move.actor or case.handler
        case.replied_at, case.confirmed, case.feedback_due_at = move.now, None, None
        after = case.due_at is not None and move.now > case.due_at
        case.late = bool(case.late) or after  # of the rework, too: what came late stays late
        case.asked_until = None
        move.told |= {"late": case.late, "result": case.result, "sha256": digest(case.reply)}
        move.told["reply"] = all_masked(move.spec.reply, case.reply)
        to = people.recipients(case, ["verifier" if move.spec.verify else "dispatch"])
        notices.tell(to, case, "replied", {"by": move.by}, move.now)
    return move.case


def _feed(move: Move) -> None:
    limit = move.spec.clocks.feedback
    move.case.feedback_due_at = _end(move.now, limit)


def _end(start: datetime | None, limit: str | None) -> datetime | None:
    if start is None or not limit:
        return None
    return deadline(start, Limit.parse(limit), district_calendar())
