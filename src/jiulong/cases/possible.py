"""What the viewer can do with a case now: for buttons, menus and programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise

from jiulong.cases import lifecycle, rules, specs
from jiulong.cases.models import Case, Task
from jiulong.cases.needs import missing
from jiulong.organisation.rules import Viewer

#: What each action's form asks for.
WANTS: Final[dict[str, tuple[str, ...]]] = {
    "assign": ("lead", "supports", "handler", "clock", "note"),
    "accept": ("note",),
    "return": ("reason",),
    "feedback": ("text",),
    "reply": ("answer", "data", "result"),
    "verify": ("note",),
    "send_back": ("reason",),
    "confirm": ("satisfied", "rating", "note"),
    "close": ("result", "note"),
    "reopen": ("reason",),
    "ask_extension": ("until", "reason"),
    "extend": ("note",),
    "refuse_extension": ("reason",),
    "suspend": ("reason",),
    "resume": ("note",),
    "withdraw": ("reason",),
    "merge": ("into", "reason"),
    "remind": ("text",),
    "note": ("text",),
}
#: The one thing to do at each stage, by who does it; the first that the viewer may is the button.
PRIMARY: Final = ("extend", "resume", "assign", "accept", "reply", "verify", "confirm", "close")
TASK_ACTIONS: Final = frozenset({"finish", "ask_documents", "documents_in", "redo"})


@dataclass(frozen=True)
class Possible:
    """One thing that can be done now. `needs` is what is missing before it would succeed."""

    action: str
    label: str | Promise
    wants: tuple[str, ...]
    primary: bool = False
    needs: tuple[str, ...] = ()


def moves(viewer: Viewer, case: Case, now: datetime) -> list[Possible]:
    """What the viewer may do with the case at this moment, the main thing first."""
    spec = specs.matter(case.matter)
    allowed = [*lifecycle.moves_from(case.stage)]
    if case.stage in lifecycle.OPEN:
        allowed += ["remind", "note"]
    found = [action for action in dict.fromkeys(allowed) if action in WANTS]
    found = [action for action in found if _sensible(case, action, now)]
    found = [action for action in found if rules.may_move(viewer, case, spec, action)]
    first = next((action for action in PRIMARY if action in found), None)
    if first == "assign" and case.stage != lifecycle.FILED:
        first = next((action for action in PRIMARY[3:] if action in found), None)
    ordered = sorted(found, key=lambda action: action != first)
    return [
        Possible(
            action, lifecycle.ACTIONS[action], WANTS[action], action == first, _needs(case, action)
        )
        for action in ordered
    ]


def _sensible(case: Case, action: str, now: datetime) -> bool:
    """Leave out what the life cycle allows but this case does not ask for."""
    spec = specs.matter(case.matter)
    waits = case.asked_until is not None
    late = case.due_at is None or now > case.due_at
    excluded = {
        "extend": not waits,
        "refuse_extension": not waits,
        "ask_extension": waits or late or case.extensions >= spec.extension.times,
        "verify": spec.verify is None,
        "close": case.stage == lifecycle.REPLIED and spec.verify is not None,
        "confirm": case.confirmed is not None,
    }
    return not excluded.get(action, False)


def _needs(case: Case, action: str) -> tuple[str, ...]:
    if action != "close":
        return ()
    return tuple(need.key for need in missing(case, specs.matter(case.matter)))


def task_moves(viewer: Viewer, case: Case, task: Task) -> list[str]:
    """What the viewer may do with a task now."""
    if case.stage not in {lifecycle.ASSIGNED, lifecycle.ACCEPTED}:
        return []
    found = [action for (state, action) in lifecycle.TASK_LIFECYCLE if state == task.state]
    spec = specs.matter(case.matter)
    return [
        action
        for action in found
        if action in TASK_ACTIONS
        and (
            rules.may_move(viewer, case, spec, "reply")
            if action == "redo"
            else rules.may_task(viewer, task)
        )
    ]
