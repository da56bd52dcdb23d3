"""What waits at a month's end, and the lights with their rules."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiulong.organisation.rules import require
from jiulong.projects import queries, rules, words
from jiulong.projects.actions import import_projects
from jiulong.projects.forms import SheetForm
from jiulong.projects.lights.spec import LightSpec
from jiulong.projects.views.common import FORM_ERROR, back
from jiulong.registers.importing.sheets import UnreadableError

#: So many projects on which rules differ are listed; the count says how many there are.
LISTED = 40


@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """Months to be reported and months to be confirmed."""
    user = require(request.user, "see_projects")
    today = timezone.localdate()
    waiting = queries.unreported(user, today)
    return render(request, "projects/due.html", {
        "month": queries.reporting_month(today),
        "mine": [row for row in waiting if rules.may(user, "report_project", row.project)],
        "others": [row for row in waiting if not rules.may(user, "report_project", row.project)],
        "confirm": list(queries.to_confirm(user)),
        "settle": [words.easing(one, viewer=user) for one in queries.to_settle(user)],
    })  # fmt: skip


@require_safe
def lights(request: HttpRequest) -> HttpResponse:
    """The rules, their sources, and what each set gives on today's figures."""
    user = require(request.user, "see_projects")
    found = queries.compare(user, timezone.localdate())
    return render(request, "projects/lights.html", {
        "month": found.month,
        "sets": [
            {"spec": one.spec, "rules": _rules(one.spec), "counts": _counts(one.counts)}
            for one in found.sets
        ],
        "differing": [
            (project, [words.lamp(colour) for colour in colours])
            for project, colours in found.differing[:LISTED]
        ],
        "differ": len(found.differing),
    })  # fmt: skip


def _counts(counts: dict[str, int]) -> list[tuple[Any, int, int]]:
    """Lamp, how many, and the percent of those that have a light."""
    lit = sum(counts[colour] for colour in words.TONES if colour != "none")
    return [
        (words.lamp(colour), counts[colour], round(counts[colour] * 100 / lit) if lit else 0)
        for colour in words.TONES
    ]


def _rules(spec: LightSpec) -> list[dict[str, Any]]:
    return [
        {
            "measure": words.MEASURES[rule.measure],
            "unit": words.UNITS[rule.measure],
            "note": rule.note,
            "least": rule.least_total,
            "bands": [
                {
                    "lamp": words.lamp(band.colour),
                    "edge": words.edge(band),
                    "word": band.word.show() if band.word else "",
                    "excused": band.excused,
                }
                for band in rule.bands
            ],
        }
        for rule in spec.rules
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Hand in a sheet; nothing is written unless every row is right."""
    user = require(request.user, "keep_projects")
    given: dict[str, Any] = {}
    if request.method == "POST":
        given = {"data": request.POST, "files": request.FILES}
    form = SheetForm(**given)
    shown: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            done = import_projects(actor=user, content=form.cleaned_data["sheet"].read())
        except UnreadableError as error:
            form.add_error("sheet", str(error))
        else:
            if not done.faults:
                told = _("%(added)d listed, %(changed)d changed, %(same)d as they were.")
                messages.success(request, told % vars(done))
                if done.waiting:
                    told = _("%(waiting)d lag: what asks less of them waits for a second person.")
                    messages.warning(request, told % vars(done))
                return back(reverse("projects:projects"))
            shown["faults"] = done.faults
    status = FORM_ERROR if request.method == "POST" else 200
    return render(request, "projects/import.html", shown, status=status)
