"""The page of one case: what it is, what is next, what happened, and its print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from jiulong.calendar.clocks import Calendar
from jiulong.calendar.queries import district_calendar
from jiulong.cases import backlinks, enclosures, needs, possible, queries, specs, words
from jiulong.cases.labels import LABELS
from jiulong.cases.lifecycle import (
    ACCEPTED,
    ASSIGNED,
    ENDED,
    ROAD,
    STAGES,
    SUSPENDED,
    VERIFIED,
)
from jiulong.cases.models import Case, Task
from jiulong.cases.queries.deadline import reckoning
from jiulong.cases.queries.work import VERBS
from jiulong.cases.schema import MatterSpec
from jiulong.cases.timeline import told
from jiulong.evidence import guards
from jiulong.evidence.dossiers import build_dossier
from jiulong.evidence.models import Attachment
from jiulong.organisation.rules import Viewer
from jiulong.packs import text
from jiulong.pages.words import MISSING
from jiulong.registers import showing


@dataclass(frozen=True, slots=True)
class Dot:
    """A stage on the road: done, here or ahead."""

    label: str
    state: str


@dataclass(frozen=True, slots=True)
class Work:
    """A task as its table shows it, with what the viewer may do."""

    task: Task
    name: str
    lamp: Any
    after: str
    depth: int
    actions: list[tuple[str, Any]]
    answers: list[tuple[str, Any]]


def find(request: HttpRequest, pk: int) -> Case:
    """The case, or no page."""
    try:
        return queries.case(request.user, pk)
    except Case.DoesNotExist as error:
        raise Http404(str(pk)) from error


@require_safe
def case_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: identity, next action, facts, tasks, files, timeline."""
    return render(request, "cases/case.html", context(request, find(request, pk)))


@require_safe
def print_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The case as a dossier on paper: black on white, with everything that happened."""
    shown = context(request, find(request, pk))
    return render(request, "cases/print.html", shown | {"steps": shown["steps"][::-1]})


def _due(case: Case, now: datetime, calendar: Calendar) -> Any:
    """What is left of the clock; once it was answered, whether that was in time."""
    if case.replied_at is not None and case.stage not in {ACCEPTED, ASSIGNED, SUSPENDED}:
        return _t("answered too late") if case.late else _t("answered in time")
    if case.stage in ENDED:
        return MISSING
    return words.due(case.due_at, case.clock, now, calendar)


def context(request: HttpRequest, case: Case) -> dict[str, Any]:
    """What the page shows."""
    viewer, now = request.user, timezone.now()
    spec = specs.matter(case.matter)
    calendar = district_calendar()
    tasks = queries.tasks(viewer, case)
    steps = queries.timeline(viewer, case, tasks)
    moves = possible.moves(viewer, case, now)
    checklist = needs.checklist(case, spec)
    return {
        "case": case,
        "now": now,
        "spec": spec,
        "matter": spec.name.show(),
        "lamp": words.lamp(case, now),
        "due": _due(case, now, calendar),
        "limit": words.limit(case.clock),
        "severity": _severity(case, spec),
        "road": road(case, spec),
        "stage": words.stage(case.stage),
        "moves": moves,
        "primary": next((one for one in moves if one.primary), None),
        "others": [one for one in moves if not one.primary and one.action != "note"],
        "notes": any(one.action == "note" for one in moves),
        "facts": facts(case, spec),
        "answers": answers(case, spec),
        "tasks": [work(viewer, case, one, tasks=tasks, spec=spec, now=now) for one in tasks],
        "steps": [told(step, spec) for step in steps],
        "sealed_upto": queries.sealed_upto(),
        "files": named(queries.attachments(viewer, case), spec),
        "custody": queries.custody(viewer, case),
        "may_add": guards.may_add(viewer, queries.SUBJECT, str(case.pk)),
        "purposes": purposes(checklist),
        "here": reverse("cases:case", args=[case.pk]),
        "linked": queries.linked(viewer, case),
        "backlinks": backlinks.of(viewer, case),
        "reckoning": reckoning(viewer, case, calendar),
        "checklist": checklist,
        "result": _result(case, spec),
    }


@require_POST
def dossier(request: HttpRequest, pk: int) -> FileResponse:
    """The whole case as one zip that verifies offline. That it was taken out is recorded."""
    case = find(request, pk)
    spec, now = specs.matter(case.matter), timezone.now()
    enclosed = enclosures.of(request.user, case)
    with TemporaryDirectory(prefix="dossier") as folder:
        made = build_dossier(
            viewer=request.user,
            title=f"{case.number} {case.title}",
            facts=[*paper_facts(case, spec, now), *enclosed.facts],
            subjects=[(queries.SUBJECT, case.pk), *enclosed.subjects],
            out=Path(folder) / "dossier.zip",
            now=now,
        )
        # Opened before the folder goes: the system keeps the file until it is closed.
        return FileResponse(made.open("rb"), as_attachment=True, filename=f"case-{case.pk}.zip")


def paper_facts(case: Case, spec: MatterSpec, now: datetime) -> list[tuple[str, str]]:
    """What stands at the head of the dossier, without mark-up; persons are masked."""
    fields = [one for one in spec.fields if case.data.get(one.key) not in (None, "", [])]
    names = showing.names_of(fields, [case.data])
    return [
        (_t("Number"), case.number),
        (pgettext("kind of casework", "Matter"), spec.name.show()),
        (pgettext("of a case", "Stage"), words.stage(case.stage)),
        (pgettext("of a case", "Light"), words.standing(case, now)[1]),
        (_t("Lead unit"), str(case.lead or "")),
        (_t("Address"), case.address),
        (_t("What it is about"), case.about),
        *((str(one.label), showing.text(one, case.data[one.key], names)) for one in fields),
    ]


def purposes(checklist: Sequence[needs.Need]) -> list[tuple[str, str]]:
    """What a file may show: what closing needs first, then the rest."""
    keys = [need.key for need in checklist if need.key in words.PURPOSES]
    keys += [key for key in words.PURPOSES if key not in keys]
    return [(key, str(words.PURPOSES[key])) for key in keys]


def named(files: Iterable[Attachment], spec: MatterSpec) -> list[Attachment]:
    """The files, called what the forms of the matter call them."""
    asked = [*spec.fields, *spec.reply, *(one for task in spec.tasks for one in task.fields)]
    labels = {one.key: one.label.show() for one in asked if one.type == "file"}
    found = list(files)
    for one in found:
        one.purpose_words = labels.get(one.purpose, "")  # type: ignore[attr-defined]
    return found


def road(case: Case, spec: MatterSpec) -> list[Dot]:
    """The stages of the case's road; what was left is done, what it is at is here."""
    stages = [one for one in ROAD if one != VERIFIED or spec.verify is not None]
    at = case.stage_before if case.stage == SUSPENDED else case.stage
    here = stages.index(at) if at in stages else len(stages)
    dots = [
        Dot(str(STAGES[stage]), "done" if n < here else "here" if n == here else "ahead")
        for n, stage in enumerate(stages)
    ]
    if at not in stages:  # withdrawn or merged: the road ended early
        dots = [Dot(dots[0].label, "done"), Dot(words.stage(at), "here")]
    return dots


def facts(case: Case, spec: MatterSpec) -> list[tuple[str, Any]]:
    """What the form says; persons are masked."""
    return _shown(spec.fields, case.data)


def answers(case: Case, spec: MatterSpec) -> list[tuple[str, Any]]:
    """What the last reply says beside words."""
    return _shown(spec.reply, case.reply) if case.reply else []


def _shown(fields: Any, data: dict[str, Any]) -> list[tuple[str, Any]]:
    listed = [one for one in fields if data.get(one.key) not in (None, "", [])]
    names = showing.names_of(listed, [data])
    return [(str(one.label), showing.html(one, data[one.key], names)) for one in listed]


def work(
    viewer: Viewer, case: Case, task: Task, *, tasks: list[Task], spec: MatterSpec, now: datetime
) -> Work:
    """One task in words; `depth` is how many steps come before it."""
    by_key = {one.key: one for one in tasks}
    found = next((one for one in spec.tasks if one.key == task.key), None)
    after = [text.show(by_key[key].name) for key in task.after if key in by_key]
    return Work(
        task=task,
        name=text.show(task.name),
        lamp=words.task_lamp(task, now),
        after="、".join(after),
        depth=depth(task, by_key),
        actions=[
            (VERBS[one], LABELS[VERBS[one]]) for one in possible.task_moves(viewer, case, task)
        ],
        answers=_shown(found.fields, task.data) if found and task.data else [],
    )


def depth(task: Task, by_key: dict[str, Task], seen: frozenset[str] = frozenset()) -> int:
    """How many tasks in a row must be done before this one can begin."""
    before = [by_key[key] for key in task.after if key in by_key and key not in seen]
    return 1 + max((depth(one, by_key, seen | {task.key}) for one in before), default=-1)


def _severity(case: Case, spec: MatterSpec) -> tuple[str, str]:
    if len(spec.severities) < 2:
        return "", ""
    found = specs.severity_of(spec, case.severity)
    return found.light, found.name.show()


def _result(case: Case, spec: MatterSpec) -> str:
    named = {one.key: one.name.show() for one in spec.closing.results}
    return named.get(case.result, case.result)
