"""How a case moves: one door for every change.

`moving` locks the case, checks the right and the life cycle, lets the action change columns, then
writes the event and works out what follows from all events: deadline, ladder and whose turn it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.calendar.clocks import Limit, deadline
from jiulong.calendar.queries import district_calendar
from jiulong.cases import clockwork, lifecycle, rules, specs
from jiulong.cases.models import Case, Task
from jiulong.cases.schema import MatterSpec
from jiulong.evidence.actions import record_event
from jiulong.evidence.models import Event
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer

SUBJECT: Final = "cases.case"
#: NOTIFY channel: some case has changed.
CHANNEL: Final = "cases"
#: Actions that change whose move it is, or until when, without another stage.
TURNING: Final = frozenset({"file", "assign", "extend", "confirm"})
RELATED: Final = (
    "matter",
    "dispatch",
    "lead",
    "verifier",
    "filed_unit",
    "entry",
    "enterprise__unit",
)


class ChangedMeanwhileError(ValueError):
    """Somebody else changed the case after the page was shown."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else changed this case meanwhile. Look at it again."))


@dataclass
class Move:
    """One move while it is made. The action writes columns of `case` and words into `told`."""

    case: Case
    spec: MatterSpec
    action: str
    actor: User | None
    now: datetime
    came_from: str
    told: dict[str, Any] = field(default_factory=dict)
    stays: bool = False

    @property
    def by(self) -> str:
        """Who makes it, for notices."""
        return str(self.actor or "Jiulong")

    def stay(self) -> None:
        """Do not go on to the next stage: the first of two signatures."""
        self.stays = True


@contextmanager
def moving(
    action: str,
    case: Case,
    *,
    actor: Viewer | None,
    now: datetime | None,
    version: int | None = None,
    note: str = "",
) -> Iterator[Move]:
    """Make a move. `actor` None is the system itself: triggers, clocks, the demo.

    Raises:
        PermissionDenied: the actor may not make this move here.
        IllegalMoveError: the life cycle has no such move.
        ChangedMeanwhileError: the case is no longer at `version`.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        # Locked, not guarded: the events of a case must stand in the order of its moves, and its
        # tasks and clocks are worked out from all of them.
        rows = Case.objects.select_for_update(of=("self",)).select_related(*RELATED)
        fresh = rows.get(pk=case.pk)
        spec = specs.matter(fresh.matter)
        user = None if actor is None else rules.require_move(actor, fresh, spec, action)
        if version is not None and version != fresh.version:
            raise ChangedMeanwhileError
        move = Move(fresh, spec, action, user, moment, fresh.stage)
        after = lifecycle.target(fresh.stage, action, back=fresh.stage_before)
        yield move
        if not move.stays:
            fresh.stage = after
        if note.strip():
            move.told["note"] = note.strip()
        settle(move)


def settle(move: Move) -> None:
    """Write the event, work out what follows from it, save."""
    case = move.case
    day = timezone.localtime(move.now).date()
    told = {**move.told, "from": move.came_from, "to": case.stage, "on": day.isoformat()}
    record_event(actor=move.actor, verb=move.action, subject=case, data=told, at=move.now)
    set_clock(move)
    shorter = move.action == "join" and "clock" in move.told
    if move.came_from != case.stage or move.action in TURNING or shorter:
        set_turn(case, move.spec, move.now)
    case.version += 1
    case.save()
    announce()


def announce() -> None:
    """Have open pages look again, once the transaction is through."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def beats(case_id: int) -> list[clockwork.Beat]:
    """The events of a case that its clock listens to, in order."""
    return _beats([case_id])[case_id]


def beats_of(cases: Iterable[Case]) -> dict[int, list[clockwork.Beat]]:
    """As `beats`, for many cases with one query."""
    return _beats([case.pk for case in cases])


def _beats(ids: Sequence[int]) -> dict[int, list[clockwork.Beat]]:
    rows = Event.objects.filter(
        subject=SUBJECT, subject_id__in=[str(pk) for pk in ids], verb__in=sorted(clockwork.HEARD)
    )
    found: dict[int, list[clockwork.Beat]] = {pk: [] for pk in ids}
    for pk, verb, at, data in rows.order_by("id").values_list("subject_id", "verb", "at", "data"):
        found[int(pk)].append(clockwork.Beat(verb, at, data))
    return found


def set_clock(move: Move) -> None:
    """Deadline, ladder and light, from the events."""
    if move.action not in clockwork.HEARD:
        return
    case, calendar = move.case, district_calendar()
    clock = clockwork.told(beats(case.pk))
    case.clock = str(clock.limit) if clock.limit else ""
    case.due_at = clock.due(calendar)
    # What is asked of other units without a limit of its own is due with the case.
    Task.objects.filter(case=case, clock="", state=Task.State.OPEN).update(due_at=case.due_at)
    if clock.serial != case.clock_serial or clock.limit is None:
        case.light, case.rung, case.clock_serial = "", 0, clock.serial
    case.rung_at = None
    if clock.running and clock.start and case.due_at:
        span = (clock.start, case.due_at)
        step = clockwork.next_step(move.spec.ladder, case.rung, case.severity, span, calendar)
        case.rung, case.rung_at = (step.index, step.at) if step else (case.rung, None)


def set_turn(case: Case, spec: MatterSpec, now: datetime) -> None:
    """Whose move it is now, and until when it is due."""
    unit, verb, due = _turn(case, spec, now)
    case.turn_id, case.turn_verb, case.turn_due_at = unit, verb, due


def _turn(case: Case, spec: MatterSpec, now: datetime) -> tuple[int | None, str, datetime | None]:
    clocks = spec.clocks
    match case.stage:
        case lifecycle.FILED:
            return case.dispatch_id, "assign_case", until(case, clocks.assign, now)
        case lifecycle.ASSIGNED:
            accept = until(case, clocks.accept, case.assigned_at or now)
            return case.lead_id, "handle_case", accept or case.due_at
        case lifecycle.ACCEPTED:
            return case.lead_id, "handle_case", case.due_at
        case lifecycle.REPLIED if spec.verify is not None:
            return case.verifier_id, spec.verify.verb, until(case, clocks.verify, now)
        case lifecycle.REPLIED | lifecycle.VERIFIED:
            return _last_turn(case, spec, now)
    return None, "", None


def _last_turn(
    case: Case, spec: MatterSpec, now: datetime
) -> tuple[int | None, str, datetime | None]:
    """The confirmation that closing needs, then the closing."""
    due = until(case, spec.clocks.close, now)
    if "confirmation" in spec.closing.needs and case.confirmed is None:
        firm = case.enterprise.unit_id if case.enterprise is not None else None
        return firm or case.filed_unit_id, "confirm_case", due
    return case.dispatch_id, "close_case", due


def until(case: Case, clock: Any, start: datetime) -> datetime | None:
    """The end of a step's own clock; None without one."""
    limit = specs.limit_of(clock, case.severity)
    return deadline(start, Limit.parse(limit), district_calendar()) if limit else None


def must_say(text: str, field_name: str = "reason") -> None:
    """Raises ValidationError where nothing is said."""
    if not text.strip():
        raise refuse(field_name, _("Say it in words."))


def refuse(field_name: str, text: str) -> ValidationError:
    """An error of one field."""
    return ValidationError({field_name: [text]})
