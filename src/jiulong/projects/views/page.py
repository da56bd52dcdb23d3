"""The page of one project."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from jiulong.cases import words as case_words
from jiulong.organisation.rules import Viewer, may
from jiulong.projects import queries, rules, stages, words
from jiulong.projects.actions.obstacles import PREFIX
from jiulong.projects.labels import LABELS
from jiulong.projects.models import Milestone, MonthReport, Project
from jiulong.projects.views.common import find
from jiulong.registers.masking import mask

PERMITS: Final = (
    "approved_on", "planning_permit_on", "land_permit_on", "eia_on", "construction_permit_on",
)  # fmt: skip
#: The strip of milestones is so many units wide.
STRIP: Final = 1000


@require_safe
def project_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One project: identity, light with its reason, year, nodes, obstacles, money, acts."""
    project = find(request, pk)
    return render(request, "projects/project.html", context(request, project))


def context(request: HttpRequest, project: Any) -> dict[str, Any]:
    """What the page shows."""
    viewer, today = request.user, timezone.localdate()
    found = queries.page(viewer, project, today)
    entered = {move.stage: move.entered_on for move in found.moves}
    return {
        "project": project,
        "page": found,
        "today": today,
        "lamp": words.lamp(project.colour, by_hand=project.by_hand is not None),
        "decided": words.decided(found.light.explanation, found.light.rule) if found.light else "",
        "steps": words.steps(found.light.explanation) if found.light else [],
        "override_lamp": words.lamp(found.override.colour) if found.override else "",
        "computed_lamp": words.lamp(found.light.colour) if found.light else "",
        "road": words.road(project, entered),
        "chart": chart(found.months),
        "plan": next((plan for plan in found.plans if plan.year == found.month.year), None),
        "months": [_month(row, viewer, project) for row in found.months],
        "strip": strip(found.milestones, project, today),
        "milestones": [_milestone(one, found, viewer, today) for one in found.milestones],
        "obstacles": [
            (case_words.lamp(one.case, timezone.now()), case_words.matter_name(one.case), one)
            for one in found.obstacles
        ],
        "funds": list(project.funds.all()),
        "shares": shares(project),
        "permits": [(LABELS[name], getattr(project, name)) for name in PERMITS],
        "contact": (
            mask("name", project.contact_name), mask("phone", project.contact_phone),
        ),
        "acts": [words.act(event) for event in found.acts],
        "easings": [words.easing(one, viewer=viewer) for one in queries.easings(project)],
        **rights(viewer, project),
    }  # fmt: skip


def rights(viewer: Viewer, project: Project) -> dict[str, Any]:
    """What the viewer may do here; what they may not is not offered."""
    listed = project.dropped_on is None
    reports = listed and rules.may(viewer, "report_project", project)
    keeps = listed and rules.may(viewer, "keep_projects", project)
    return {
        "may_report": reports,
        "may_keep": keeps,
        "may_override": listed and rules.may(viewer, "override_light", project),
        "may_unmask": may(viewer, "unmask") and bool(project.contact_phone),
        "moves": [(move, stages.MOVES[move]) for move in stages.moves_from(project.stage) if keeps],
        "matters": queries.matter_choices(PREFIX) if reports else [],
    }


def chart(months: Sequence[queries.MonthRow]) -> dict[str, Any]:
    """Plan and word as two lines, for the script; the table beneath has the same."""
    return {
        "months": [f"{row.month:%m}" for row in months],
        "planned": [float(row.planned) for row in months],
        "done": [None if row.done is None else float(row.done) for row in months],
        "names": [_("Planned"), _("Done")],
        "unit": _("10k yuan"),
    }


def _month(row: queries.MonthRow, viewer: Viewer, project: Project) -> dict[str, Any]:
    report = row.report
    waits = report is not None and report.state == MonthReport.State.SUBMITTED
    return {
        "row": row,
        "state": words.state(report) if report else "",
        "lamp": words.lamp(row.light.colour) if row.light else "",
        "revisions": list(report.revisions.all()) if report else [],
        "may_confirm": waits
        and rules.may(viewer, "confirm_project", project)
        and report is not None
        and report.submitted_by_id != viewer.pk,
    }


def _milestone(one: Milestone, found: queries.Page, viewer: Viewer, today: date) -> dict[str, Any]:
    if one.done_on is None:
        late = (today - one.planned_on).days
        tone = "over" if late > 0 else "none"
        word = _("%(n)s days late") % {"n": late} if late > 0 else pgettext("milestone", "Ahead")
    else:
        tone = "met" if one.confirmed_at else "told"
        word = _("Confirmed") if one.confirmed_at else _("Reported, not confirmed")
    waits = one.done_on is not None and one.confirmed_at is None and one.done_by_id != viewer.pk
    return {
        "one": one,
        "tone": tone,
        "word": word,
        "photos": found.pictures.get(str(one.pk), []),
        "may_confirm": waits and rules.may(viewer, "confirm_project", found.project),
    }


def strip(milestones: Sequence[Milestone], project: Project, today: date) -> dict[str, Any]:
    """Where each node lies on a line from start to finish, of `STRIP` units; empty: none."""
    days = [one.planned_on for one in milestones] + [
        one.done_on for one in milestones if one.done_on
    ]
    days += [day for day in (project.planned_start_on, project.planned_finish_on, today) if day]
    if not milestones:
        return {}
    first, last = min(days), max(days)
    whole = max((last - first).days, 1)

    def at(day: date) -> int:
        return round((day - first).days * STRIP / whole)

    marks = [
        {
            "one": one, "planned": at(one.planned_on),
            "done": at(one.done_on) if one.done_on else None,
            "from": min(at(one.planned_on), at(one.done_on or one.planned_on)),
            "width": abs(at(one.done_on or one.planned_on) - at(one.planned_on)),
            "late": one.done_on is None and one.planned_on < today,
            "y": 18 + 22 * n,
        }
        for n, one in enumerate(milestones)
    ]  # fmt: skip
    return {
        "marks": marks, "today": at(today), "height": 26 + 22 * len(marks),
        "first": first, "last": last,
    }  # fmt: skip


def shares(project: Project) -> list[tuple[str, Decimal, Decimal, str, int]]:
    """Land, demolition and bonds: done of all, unit, percent."""
    rows = (
        (_("Land"), project.land_delivered_mu, project.land_needed_mu, _("mu")),
        (_("Demolition"), project.demolished_m2, project.demolition_m2, "m²"),
        (_("Special bonds"), project.bond_used, project.bond_approved, _("10k yuan")),
    )
    return [
        (name, done, whole, unit, math.floor(done * 100 / whole))
        for name, done, whole, unit in rows
        if whole
    ]
