"""Laying out a case: its tasks, who checks it, who may see it. No rights here: actions ask them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from jiulong.calendar.clocks import Limit, Pause, deadline
from jiulong.calendar.queries import district_calendar
from jiulong.cases import notices, people, routing, specs
from jiulong.cases.models import Case, Task
from jiulong.cases.moves import refuse
from jiulong.cases.schema import MatterSpec, TaskSpec
from jiulong.organisation.models import Unit

#: Key of what a support unit is asked, before its code.
SUPPORT = "support"
ENDED = (Task.State.DONE, Task.State.DROPPED)


def facts_of(case: Case) -> routing.Facts:
    """What routes and place holders may refer to, of a case that is filed."""
    area = case.grid or case.street
    return routing.Facts(
        data=case.data,
        severity=case.severity,
        filer=case.filed_unit,
        dispatch=case.dispatch,
        lead=case.lead,
        entry=case.entry,
        enterprise=case.enterprise,
        territory=routing.territory_of(area, None, case.filed_unit),
    )


def usual_lead(case: Case, spec: MatterSpec) -> Unit | None:
    """The unit that the matter's route gives the case to; None: somebody has to say."""
    facts = facts_of(case)
    route = routing.route_of(spec, facts)
    return routing.find(route.lead, facts) if route else None


def verifier_of(spec: MatterSpec, facts: routing.Facts) -> Unit | None:
    """The unit that checks; where three roles are asked for, neither the lead nor the filer's."""
    if spec.verify is None:
        return None
    if spec.separate and facts.lead is not None and facts.lead == facts.filer:
        told = _("%(unit)s filed this case: another unit must handle it.")
        raise refuse("lead", told % {"unit": facts.lead})
    unit = routing.must_find(spec.verify.by, facts, _("Verification"))
    others = {facts.lead, facts.filer} if spec.separate else set()
    if unit in others:
        told = _("%(unit)s files or handles this case: another unit must verify it.")
        raise refuse("lead", told % {"unit": unit})
    return unit


def lay_out(
    case: Case, spec: MatterSpec, facts: routing.Facts, supports: Sequence[Unit], now: datetime
) -> list[Unit]:
    """Make the tasks of the matter and of the support units, once; returns the support units."""
    known = set(case.tasks.exclude(state=Task.State.DROPPED).values_list("key", flat=True))
    fresh = [task for task in _planned(case, spec, facts) if task.key not in known]
    limit = specs.limit_of(spec.clocks.support, case.severity)
    name = {"zh": "协办意见", "en": "Opinion of a support unit"}
    for unit in supports:
        key = f"{SUPPORT}_{unit.pk}"
        if key not in known and unit != case.lead:
            fresh.append(Task(case=case, key=key, name=name, unit=unit, support=True, clock=limit))
    for task in fresh:
        task.state = Task.State.WAITING
        # A dropped task of an earlier assignment gives its key back.
        case.tasks.filter(key=task.key).delete()
    Task.objects.bulk_create(fresh)
    open_ready(case, now)
    return list(supports)


def _planned(case: Case, spec: MatterSpec, facts: routing.Facts) -> list[Task]:
    chosen = [task for task in spec.tasks if routing.fits(_known_when(task), facts)]
    keys = {task.key for task in chosen}
    return [
        Task(
            case=case,
            key=task.key,
            name=task.name.stored(),
            unit=routing.must_find(task.unit, facts, str(task.name)),
            after=[key for key in task.after if key in keys],
            clock=specs.limit_of(task.clock, case.severity),
        )
        for task in chosen
    ]


def open_ready(case: Case, now: datetime) -> None:
    """Open the tasks whose predecessors are all done, and tell their units.

    What waits for an answer (`when: {TASK.FIELD: …}`) is dropped where the answer is another one,
    and comes back when the task before it is done again and says so.
    """
    asked = {task.key: _answer_when(task) for task in specs.matter(case.matter).tasks}
    tasks = list(case.tasks.select_related("unit"))
    moved = True
    while moved:  # what was dropped may be what another waited for
        settled = [task for task in tasks if _settle(task, tasks, asked.get(task.key, {}), now)]
        for task in settled:
            if task.state == Task.State.OPEN:
                to = people.of_unit([task.unit_id], "handle_case")
                notices.tell(to, case, "task_opened", {"task": task.name}, now)
        moved = bool(settled)


def _settle(task: Task, tasks: Sequence[Task], asked: Mapping[str, Any], now: datetime) -> bool:
    """Open or drop one task where that is due; says whether it was."""
    back = bool(asked) and task.state == Task.State.DROPPED
    ended = {other.key for other in tasks if other.state in ENDED}
    if not (task.state == Task.State.WAITING or back) or not ended.issuperset(task.after):
        return False
    facts = routing.Facts(
        data={f"{o.key}.{k}": v for o in tasks for k, v in o.data.items()} if asked else {}
    )
    if not routing.fits(asked, facts):
        if back:
            return False
        task.state, task.done_at = Task.State.DROPPED, now
    else:
        task.state, task.opened_at, task.done_at = Task.State.OPEN, now, None
        if task.clock:
            task.due_at = deadline(now, Limit.parse(task.clock), district_calendar())
    task.save()
    return True


def _known_when(task: TaskSpec) -> dict[str, Any]:
    """What is known when the tasks are laid out."""
    return {key: wanted for key, wanted in task.when.items() if "." not in key}


def _answer_when(task: TaskSpec) -> dict[str, Any]:
    """What only the answer of a task before it says."""
    return {key: wanted for key, wanted in task.when.items() if "." in key}


def go_on(task: Task, start: datetime, end: datetime) -> None:
    """Have the task's own clock go on after it stood, its deadline moved by that."""
    told = [*task.data.get("pauses", []), [start.isoformat(), end.isoformat()]]
    if task.clock and task.opened_at:
        pauses = [Pause(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in told]
        limit = Limit.parse(task.clock)
        task.due_at = deadline(task.opened_at, limit, district_calendar(), pauses)
    task.data = {**task.data, "pauses": told}


def drop_all(case: Case, now: datetime) -> None:
    """The case goes elsewhere: what was not finished is no longer asked."""
    for task in case.tasks.exclude(state__in=ENDED):
        task.state, task.done_at, task.due_at = Task.State.DROPPED, now, None
        task.save()


def involve(case: Case) -> None:
    """Whoever works on the case sees it; nobody who once saw it as theirs loses sight of it."""
    units = {case.lead_id, case.verifier_id, *case.tasks.values_list("unit", flat=True)}
    case.involved = sorted({*case.involved, *(pk for pk in units if pk is not None)})


def check_result(spec: MatterSpec, key: str) -> str:
    """The key of a result of this matter, or none.

    Raises:
        ValidationError: the matter has no such result.
    """
    if key and key not in {result.key for result in spec.closing.results}:
        raise refuse("result", _("“%(key)s” is no result of this matter.") % {"key": key})
    return key
