"""Parts of the work for single units, in parallel or one after another, each with its clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.calendar.clocks import Limit, deadline
from jiulong.calendar.queries import district_calendar
from jiulong.cases import lifecycle, notices, people, rules, specs
from jiulong.cases.actions import planning
from jiulong.cases.checks import digest
from jiulong.cases.models import Case, Task
from jiulong.cases.moves import RELATED, announce, must_say, refuse
from jiulong.cases.schema import MatterSpec, TaskSpec
from jiulong.evidence.actions import record_event
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer
from jiulong.registers.specs import check_values

WORKED_ON = frozenset({lifecycle.ASSIGNED, lifecycle.ACCEPTED})


@dataclass
class _Work:
    task: Task
    case: Case
    spec: MatterSpec
    actor: User | None
    now: datetime
    told: dict[str, Any]

    @property
    def plan(self) -> TaskSpec | None:
        return next((each for each in self.spec.tasks if each.key == self.task.key), None)


@contextmanager
def _working(
    action: str, task: Task, *, actor: Viewer | None, now: datetime | None
) -> Iterator[_Work]:
    """Move a task by its life cycle; the event is one of the case."""
    with transaction.atomic():
        # As in `moving`: tasks open each other, so the case is locked while one of them moves.
        rows = Case.objects.select_for_update(of=("self",)).select_related(*RELATED)
        case = rows.get(pk=task.case_id)
        fresh = Task.objects.select_related("unit").get(pk=task.pk)
        if actor is not None and not _may(actor, case, fresh, action):
            raise PermissionDenied(action)
        after = lifecycle.TASK_LIFECYCLE.get((fresh.state, action))
        if after is None or case.stage not in WORKED_ON:
            told = _("The task is “%(state)s” and the case “%(stage)s”: that is not possible now.")
            words = {"state": fresh.get_state_display(), "stage": lifecycle.STAGES[case.stage]}
            raise refuse("task", told % words)
        spec = specs.matter(case.matter)
        user = actor if isinstance(actor, User) else None
        work = _Work(fresh, case, spec, user, now or timezone.now(), {"task": fresh.key})
        yield work
        fresh.state = after
        fresh.save()
        work.told |= {"unit": fresh.unit.code, "unit_name": fresh.unit.name, "name": fresh.name}
        record_event(actor=user, verb=f"task_{action}", subject=case, data=work.told, at=work.now)
        planning.open_ready(case, work.now)
        case.version += 1
        case.save(update_fields=["version"])
        announce()


def _may(actor: Viewer, case: Case, task: Task, action: str) -> bool:
    if action == "redo":
        return rules.may_move(actor, case, specs.matter(case.matter), "reply")
    return rules.may_task(actor, task)


def add_task(
    *,
    actor: Viewer | None,
    case: Case,
    unit: Unit,
    name: str,
    clock: str = "",
    now: datetime | None = None,
) -> Task:
    """Ask a further unit for its part."""
    moment = now or timezone.now()
    with transaction.atomic():
        rows = Case.objects.select_for_update(of=("self",)).select_related(*RELATED)
        case = rows.get(pk=case.pk)  # locked as in `_working`
        spec = specs.matter(case.matter)
        user = None if actor is None else rules.require_move(actor, case, spec, "add_task")
        if case.stage not in WORKED_ON:
            raise lifecycle.IllegalMoveError(case.stage, "assign")
        key = f"{planning.SUPPORT}_{unit.pk}_{case.tasks.count()}"
        limit = clock or specs.limit_of(spec.clocks.support, case.severity)
        task = Task.objects.create(
            case=case, key=key, name=name.strip() or {"zh": "协办", "en": "Support"}, unit=unit,
            support=True, state=Task.State.WAITING, clock=limit,
        )  # fmt: skip
        told = {"task": key, "unit": unit.code, "unit_name": unit.name, "name": task.name}
        record_event(actor=user, verb="task_add", subject=case, data=told, at=moment)
        planning.open_ready(case, moment)
        planning.involve(case)
        case.version += 1
        case.save(update_fields=["involved", "version"])
        announce()
    task.refresh_from_db()
    return task


def finish_task(
    *,
    actor: Viewer | None,
    task: Task,
    answer: str = "",
    data: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> Task:
    """Our part is done; what waited for it opens."""
    with _working("finish", task, actor=actor, now=now) as work:
        plan = work.plan
        if (plan is None or plan.answer) and not answer.strip():
            raise refuse("answer", _("Say it in words."))
        work.task.answer = answer.strip()
        work.task.data = check_values(plan.fields if plan else [], data or {})
        work.task.done_at, work.task.done_by = work.now, work.actor
        work.task.late = work.task.due_at is not None and work.now > work.task.due_at
        work.told |= {"note": work.task.answer, "late": work.task.late}
        work.told["sha256"] = digest(work.task.data)
        to = people.recipients(work.case, ["handler"])
        notices.tell(to, work.case, "task_done", {"task": work.task.name}, work.now)
    return work.task


def ask_documents(
    *,
    actor: Viewer | None,
    task: Task,
    missing: Sequence[str],
    note: str = "",
    now: datetime | None = None,
) -> Task:
    """Something is missing: the task's clock stands until it is handed in."""
    with _working("ask_documents", task, actor=actor, now=now) as work:
        wanted = [text.strip() for text in missing if text.strip()]
        if not wanted:
            raise refuse("missing", _("Say what is missing."))
        work.task.missing, work.task.paused_at = wanted, work.now
        work.task.due_at = None
        work.told |= {"missing": wanted, "note": note}
        to = people.recipients(work.case, ["filer", "handler"])
        notices.tell(to, work.case, "document_asked", {"missing": wanted}, work.now)
    return work.task


def documents_in(
    *, actor: Viewer | None, task: Task, note: str = "", now: datetime | None = None
) -> Task:
    """Everything is there: the clock goes on, moved by the pause."""
    with _working("documents_in", task, actor=actor, now=now) as work:
        mine = work.task
        work.told |= {"missing": mine.missing, "note": note}
        planning.go_on(mine, mine.paused_at or work.now, work.now)
        mine.missing, mine.paused_at = [], None
        to = people.of_unit([mine.unit_id], "handle_case")
        notices.tell(to, work.case, "documents_in", {"task": mine.name}, work.now)
    return work.task


def redo_task(
    *, actor: Viewer | None, task: Task, reason: str, now: datetime | None = None
) -> Task:
    """The lead unit asks for the part again."""
    with _working("redo", task, actor=actor, now=now) as work:
        must_say(reason)
        work.told["note"] = reason.strip()
        work.task.done_at = work.task.late = None
        work.task.opened_at = work.now
        if work.task.clock:
            limit = Limit.parse(work.task.clock)
            work.task.due_at = deadline(work.now, limit, district_calendar())
    return work.task
