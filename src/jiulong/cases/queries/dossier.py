"""Everything that stands in one case's dossier: timeline, tasks, files, linked cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from jiulong.cases import rules
from jiulong.cases.models import Case, Task
from jiulong.cases.queries.scope import furnished, rows, visible
from jiulong.evidence import queries as evidence
from jiulong.evidence.models import Attachment, CustodyStep, Event, Seal
from jiulong.organisation.rules import Viewer

SUBJECT: Final = "cases.case"
#: More steps than this stand on a page of their own export, the dossier; the newest are shown.
MOST_STEPS: Final = 300
MOST_LINKED: Final = 20


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a case."""

    event: Event
    task: Task | None

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = self.event.data
        return found


@dataclass(frozen=True, slots=True)
class Linked:
    """Cases that hang together with one: what it follows or went into, and what follows it."""

    parent: Case | None
    children: list[Case]


def timeline(viewer: Viewer, case: Case, tasks: list[Task]) -> list[Step]:
    """What happened to the case, newest first; nothing for who may not see it."""
    if not rules.sees(viewer, case):
        return []
    by_key = {task.key: task for task in tasks}
    found = Event.objects.filter(subject=SUBJECT, subject_id=str(case.pk)).order_by("-at", "-id")
    return [Step(event, by_key.get(event.data.get("task", ""))) for event in found[:MOST_STEPS]]


@dataclass(frozen=True, slots=True)
class AskedExtension:
    """More time that somebody asked for and nobody has decided on."""

    by: str
    at: datetime
    reason: str
    due: datetime | None
    until: datetime


def asked_extension(viewer: Viewer, case: Case) -> AskedExtension | None:
    """The extension that waits for an answer; none for who may not see the case."""
    if case.asked_until is None or not rules.sees(viewer, case):
        return None
    found = Event.objects.filter(subject=SUBJECT, subject_id=str(case.pk), verb="ask_extension")
    event = found.order_by("-at", "-id").first()
    if event is None:
        return None
    reason = str(event.data.get("note", ""))
    return AskedExtension(event.actor_name, event.at, reason, case.due_at, case.asked_until)


def tasks(viewer: Viewer, case: Case) -> list[Task]:
    """The tasks of the case in the order of its plan."""
    if not rules.sees(viewer, case):
        return []
    return list(case.tasks.select_related("unit", "done_by"))


def task(viewer: Viewer, pk: int) -> Task:
    """One task with its case. Task.DoesNotExist also where the case may not be seen."""
    found = Task.objects.select_related("case__matter", "unit").get(pk=pk)
    if not rules.sees(viewer, found.case):
        raise Task.DoesNotExist
    return found


def attachments(viewer: Viewer, case: Case) -> list[Attachment]:
    """The files of the case, as far as the guard of cases lets."""
    return evidence.files_of(viewer, SUBJECT, case.pk)


def custody(viewer: Viewer, case: Case) -> list[CustodyStep]:
    """Who signed what of the case."""
    return evidence.custody_of(viewer, SUBJECT, case.pk)


def linked(viewer: Viewer, case: Case) -> Linked:
    """Parent and children that the viewer may see."""
    seen: QuerySet[Case] = rows(visible(viewer))
    parent = seen.filter(pk=case.parent_id).first() if case.parent_id else None
    children = seen.filter(parent=case).order_by("filed_at", "pk")[:MOST_LINKED]
    return Linked(parent, furnished(children))


def sealed_upto() -> int:
    """The last event that a seal covers."""
    found = Seal.objects.exclude(last_event=None).values_list("last_event", flat=True)
    return found.order_by("-number").first() or 0
