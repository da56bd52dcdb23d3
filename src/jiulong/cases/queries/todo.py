"""What is due from the viewer: cases whose next move is theirs, tasks, extensions that wait.

The three are one list, sorted by the clock: a UNION of slim rows, of which one page is fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, F, IntegerField, Q, QuerySet, Value
from django.utils import timezone

from jiulong.cases.models import Case, Task
from jiulong.cases.queries.scope import IS_OPEN, furnished, rows, visible
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, held_by, reach, verbs_of

CASE, TASK, EXTENSION = 1, 2, 3
#: What counts as done lately.
LATELY: Final = timedelta(days=30)
#: Rights that no case ever waits for. The others may be: a pack names the right that verifies.
NO_MOVES: Final = frozenset({
    "see_all", "see_raw", "see_packs", "see_entries", "see_cases", "see_files", "see_logs",
    "edit_entry", "import_entries", "remove_entry", "file_case", "withdraw_case", "supervise_case",
    "sign_custody", "unmask", "apply_pack", "edit_calendar", "edit_enterprise", "edit_point",
    "set_limit", "manage_accounts", "manage_roles", "seal", "adopt_logger", "edit_logger",
    "replay_quarantine", "command_logger", "acknowledge_finding",
})  # fmt: skip
HANDLE, VERIFY, CONFIRM, SUPERVISE = "handle_case", "verify_case", "confirm_case", "supervise_case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One thing that waits for somebody: the move of a case, a task, or an extension asked for."""

    kind: int
    case: Case
    due_at: datetime | None
    task: Task | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What is due from somebody: all, due today, over the time."""

    all: int
    today: int
    late: int


def posts_of(viewer: Viewer) -> frozenset[int]:
    """The units in which the viewer holds a post."""
    if not isinstance(viewer, User):
        return frozenset()
    return frozenset(held.unit for held in held_by(viewer) if held.unit is not None)


def moves(viewer: Viewer, *, personal: bool) -> Q:
    """The open cases whose next move the viewer may make.

    `personal` leaves out what lies with another unit than the viewer's own posts, and what a
    colleague has in hand.
    """
    found = Q(pk__in=[])
    for verb in sorted(verbs_of(viewer) - NO_MOVES):
        held = reach(viewer, verb)
        owner = "filed_by" if verb == CONFIRM else "handler"
        mine = Q(turn_verb=verb) & held.within("turn", owner=owner)
        if verb == VERIFY:
            mine &= Q(handler=None) | ~Q(handler=viewer.pk)
        if personal:
            mine &= Q(turn__in=posts_of(viewer)) | Q(handler=viewer.pk)
            if verb == HANDLE:
                mine &= Q(handler=None) | Q(handler=viewer.pk)
        found |= mine
    return IS_OPEN & found


def due(viewer: Viewer, *, personal: bool = True, narrow: Q | None = None) -> QuerySet[Any]:
    """Slim rows `kind, case_pk, task_pk, due` of what is due, unordered; `dressed` fills a page.

    Args:
        narrow: a further condition on cases (matter, street, words).
    """
    wanted = Q() if narrow is None else narrow
    mine = Case.objects.filter(moves(viewer, personal=personal), wanted)
    asked = extensions_for(viewer).filter(wanted)
    tasks = tasks_for(viewer, personal=personal)
    if narrow is not None:
        tasks = tasks.filter(case__in=Case.objects.filter(wanted))
    return _slim(mine, CASE, "turn_due_at").union(
        _slim(tasks, TASK, "due_at"), _slim(asked, EXTENSION, "due_at"), all=True
    )


def extensions_for(viewer: Viewer) -> QuerySet[Case]:
    """Open cases whose extension waits for the viewer's answer."""
    held = reach(viewer, SUPERVISE)
    if not held:
        return Case.objects.none()
    wanted = IS_OPEN & held.within("dispatch") & Q(asked_until__isnull=False)
    return visible(viewer).filter(wanted)


def tasks_for(viewer: Viewer, *, personal: bool) -> QuerySet[Task]:
    """Open tasks of the units for which the viewer handles cases."""
    held = reach(viewer, HANDLE)
    if not held:
        return Task.objects.none()
    found = Task.objects.filter(held.within("unit", owner="case__handler"), state=Task.State.OPEN)
    return found.filter(unit__in=posts_of(viewer)) if personal else found


def _slim(found: QuerySet[Any], kind: int, clock: str) -> QuerySet[Any]:
    whole = IntegerField()
    of_task = kind == TASK
    return found.order_by().values(
        kind=Value(kind, whole),
        case_pk=F("case_id" if of_task else "pk"),
        task_pk=F("pk") if of_task else Value(None, whole),
        due=F(clock),
    )


def dressed(slim: Sequence[dict[str, Any]]) -> list[Due]:
    """The cases and tasks of one page of `due`, with their names."""
    found = rows(Case.objects.filter(pk__in={row["case_pk"] for row in slim}))
    cases = {case.pk: case for case in furnished(found)}
    named = {row["task_pk"] for row in slim if row["task_pk"] is not None}
    tasks = Task.objects.in_bulk(named) if named else {}
    return [
        Due(
            kind=row["kind"],
            case=cases[row["case_pk"]],
            due_at=row["due"],
            task=tasks.get(row["task_pk"]),
        )
        for row in slim
        if row["case_pk"] in cases
    ]


def counts(viewer: Viewer, now: datetime, *, personal: bool = True) -> Counts:
    """How much is due from the viewer: one query for each of cases, tasks and extensions."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    total = [0, 0, 0]
    for found, clock in (
        (Case.objects.filter(moves(viewer, personal=personal)), "turn_due_at"),
        (tasks_for(viewer, personal=personal), "due_at"),
        (extensions_for(viewer), "due_at"),
    ):
        tomorrow = midnight + timedelta(days=1)
        counted = found.order_by().aggregate(
            all=Count("pk"),
            today=Count("pk", filter=Q(**{f"{clock}__gte": now, f"{clock}__lt": tomorrow})),
            late=Count("pk", filter=Q(**{f"{clock}__lt": now})),
        )
        total = [sum(pair) for pair in zip(total, counted.values(), strict=True)]
    return Counts(*total)


def waiting_for_others(viewer: Viewer, narrow: Q | None = None) -> QuerySet[Any]:
    """Slim rows of open cases of the viewer's units, or filed or handled by them, whose move is
    another's.
    """
    found = _ours(viewer).filter(IS_OPEN, Q() if narrow is None else narrow)
    return _slim(found.exclude(moves(viewer, personal=False)), CASE, "turn_due_at")


def done_lately(viewer: Viewer, now: datetime, narrow: Q | None = None) -> QuerySet[Any]:
    """Slim rows of cases of the viewer's units that were closed in the last 30 days."""
    wanted = Q() if narrow is None else narrow
    return _slim(_ours(viewer).filter(wanted, closed_at__gte=now - LATELY), CASE, "closed_at")


def _ours(viewer: Viewer) -> QuerySet[Case]:
    if not isinstance(viewer, User):
        return Case.objects.none()
    ours = Q(involved__overlap=sorted(posts_of(viewer))) | Q(filed_by=viewer) | Q(handler=viewer)
    return visible(viewer).filter(ours)
