"""Acts on a project: each a small form or a button."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiulong.cases.models import MatterType
from jiulong.organisation.rules import require
from jiulong.organisation.unmasking import unmask
from jiulong.projects import actions, forms, queries, rules, stages
from jiulong.projects.actions.obstacles import PREFIX
from jiulong.projects.labels import GROUPS
from jiulong.projects.models import LightOverride, Milestone, MonthReport, Project, YearPlan
from jiulong.projects.views.common import act, back, find, page_of, press, waits

either = require_http_methods(["GET", "HEAD", "POST"])


def _for(request: HttpRequest, pk: int, verb: str) -> Any:
    """The project, if the viewer may do it there."""
    project = find(request, pk)
    rules.require(request.user, verb, project)
    if project.dropped_on is not None:
        raise PermissionDenied(verb)
    return project


def _given(request: HttpRequest) -> dict[str, Any]:
    return {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}


@either
def new(request: HttpRequest) -> HttpResponse:
    """List a project."""
    user = require(request.user, "keep_projects")
    form = forms.ProjectForm(**_given(request), viewer=user)
    made: list[Project] = []

    def do() -> None:
        stage = form.cleaned_data["stage"]
        made.append(actions.file_project(actor=user, values=form.values(), stage=stage))

    shown = {"heading": _("New project"), "groups": grouped(form), "wide": True}
    answer = act(
        request, form, do=do, said=_("The project is on the list."),
        to=reverse("projects:projects"), shown=shown, template="projects/project_form.html",
    )  # fmt: skip
    return back(page_of(made[0])) if made else answer


@either
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a project."""
    project = _for(request, pk, "keep_projects")
    form = forms.ProjectForm(**_given(request), instance=find(request, pk), viewer=request.user)

    def do() -> str:
        actions.change_project(
            actor=request.user, project=project, values=form.values(),
            reason=form.cleaned_data["eased_because"],
        )  # fmt: skip
        return waits(project)

    shown = {"heading": _("Change"), "project": project, "groups": grouped(form)}
    return act(
        request, form, do=do, said=_("Saved."), to=page_of(project), shown=shown,
        template="projects/project_form.html",
    )  # fmt: skip


def grouped(form: forms.ProjectForm) -> list[tuple[Any, list[Any]]]:
    """The fields of the form in their groups."""
    return [
        (title, [form[name] for name in names if name in form.fields]) for title, names in GROUPS
    ]


@either
def plan(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Plan a year, month by month."""
    project = _for(request, pk, "keep_projects")
    if not abs(year - timezone.localdate().year) <= 5:
        raise Http404(str(year))
    known = YearPlan.objects.filter(project=project, year=year).first()
    form = forms.PlanForm(**_given(request), plan=known, year=year)

    def do() -> str:
        actions.revise_plan(
            actor=request.user, project=project, year=year, months=form.planned(),
            investment=form.cleaned_data["investment"], goal=form.cleaned_data["goal"],
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        return waits(project)

    shown = {"heading": _("Plan of %(year)s") % {"year": year}, "project": project}
    return act(
        request, form, do=do, said=_("The plan stands."), to=page_of(project), shown=shown,
        template="projects/plan_form.html",
    )  # fmt: skip


@either
def move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Record the next stage."""
    project = _for(request, pk, "keep_projects")
    if move not in stages.moves_from(project.stage):
        raise Http404(move)
    form = forms.MoveForm(**_given(request), initial={"on": timezone.localdate()})

    def do() -> None:
        actions.move_stage(actor=request.user, project=project, move=move, **form.cleaned_data)

    shown = {"heading": stages.MOVES[move], "project": project}
    return act(
        request, form, do=do, said=_("The stage is recorded."), to=page_of(project), shown=shown
    )


@either
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it off the list."""
    project = _for(request, pk, "keep_projects")
    form = forms.ReasonForm(**_given(request))

    def do() -> str:
        actions.drop_project(actor=request.user, project=project, **form.cleaned_data)
        return waits(project)

    shown = {"heading": _("Take off the list"), "project": project}
    return act(
        request, form, do=do, said=_("It is off the list; its history stays."),
        to=page_of(project), shown=shown,
    )  # fmt: skip


@either
def override(request: HttpRequest, pk: int) -> HttpResponse:
    """Set its light by hand."""
    project = _for(request, pk, "override_light")
    form = forms.OverrideForm(**_given(request))

    def do() -> None:
        actions.override_light(actor=request.user, project=project, **form.cleaned_data)

    shown = {
        "heading": _("Set the light by hand"), "project": project,
        "lead": _("It is shown with your name and reason. After its last day the computed "
                  "colour stands again."),
    }  # fmt: skip
    return act(request, form, do=do, said=_("The light is set."), to=page_of(project), shown=shown)


@require_POST
def end_override(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a light by hand back."""
    try:
        found = queries.override(request.user, pk)
    except LightOverride.DoesNotExist as error:
        raise Http404(str(pk)) from error

    def do() -> None:
        actions.end_override(actor=request.user, override=found)

    said = _("The computed colour stands again.")
    return press(request, do=do, said=said, to=page_of(found.project))


@either
def obstacle(request: HttpRequest, pk: int, matter: str) -> HttpResponse:
    """Raise what holds it up."""
    project = _for(request, pk, "report_project")
    kind = MatterType.objects.filter(code=matter, code__startswith=PREFIX, retired_at=None).first()
    if kind is None:
        raise Http404(matter)
    form = forms.ObstacleForm(**_given(request), matter=kind)

    def do() -> None:
        given = form.cleaned_data
        actions.raise_obstacle(
            actor=request.user, project=project, matter=kind, title=given["title"],
            about=given["about"], severity=given["severity"], data=form.values,
        )  # fmt: skip

    name = dict(queries.matter_choices(PREFIX))[matter]
    shown = {"heading": _("Raise an obstacle: %(what)s") % {"what": name}, "project": project}
    return act(
        request, form, do=do, said=_("It is with whoever can remove it."), to=page_of(project),
        shown=shown,
    )  # fmt: skip


@either
def milestone(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a node."""
    project = _for(request, pk, "keep_projects")
    form = forms.MilestoneForm(**_given(request))

    def do() -> None:
        actions.add_milestone(actor=request.user, project=project, **form.cleaned_data)

    shown = {"heading": _("Plan a milestone"), "project": project}
    return act(request, form, do=do, said=_("Saved."), to=page_of(project), shown=shown)


def _milestone(request: HttpRequest, pk: int) -> Milestone:
    try:
        return queries.milestone(request.user, pk)
    except Milestone.DoesNotExist as error:
        raise Http404(str(pk)) from error


@either
def reached(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a node was reached, with a photograph."""
    found = _milestone(request, pk)
    rules.require(request.user, "report_project", found.project)
    form = forms.ReachedForm(**_given(request), initial={"done_on": timezone.localdate()})

    def do() -> None:
        actions.finish_milestone(
            actor=request.user, milestone=found, done_on=form.cleaned_data["done_on"],
            photos=forms.pictures(form),
        )  # fmt: skip

    shown = {"heading": _("Reached: %(what)s") % {"what": found.title}, "project": found.project}
    return act(
        request, form, do=do, said=_("Reported; somebody else confirms it."),
        to=page_of(found.project), shown=shown,
    )  # fmt: skip


@require_POST
def confirm_milestone(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a node."""
    found = _milestone(request, pk)

    def do() -> None:
        actions.confirm_milestone(actor=request.user, milestone=found)

    return press(request, do=do, said=_("Confirmed."), to=page_of(found.project))


@either
def funds(request: HttpRequest, pk: int) -> HttpResponse:
    """Record money of one source."""
    project = _for(request, pk, "report_project")
    source = request.GET.get("source", "")
    known = project.funds.filter(source=source).values("source", "planned", "arrived", "used")
    form = forms.FundsForm(**_given(request), initial=dict(known.first() or {"source": source}))

    def do() -> None:
        actions.set_funds(actor=request.user, project=project, **form.cleaned_data)

    shown = {"heading": _("Funds"), "project": project}
    return act(request, form, do=do, said=_("Saved."), to=page_of(project), shown=shown)


@either
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the contact, with a reason that is recorded."""
    project = find(request, pk)
    require(request.user, "unmask")
    form = forms.ReasonForm(**_given(request))
    shown: dict[str, Any] = {
        "heading": _("Read the contact"), "project": project, "form": form,
        "lead": _("Each reading is recorded with your reason."), "to": page_of(project),
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        unmask(
            request.user, "projects.project", project.pk, "contact_phone",
            form.cleaned_data["reason"],
        )  # fmt: skip
        shown["told"] = f"{project.contact_name} {project.contact_phone}"
    return render(request, "projects/form.html", shown)


@either
def report(request: HttpRequest, pk: int, month: str) -> HttpResponse:
    """Report a month: made for a phone."""
    project = _for(request, pk, "report_project")
    first = _first(month)
    rows = {row.month: row for row in queries.months(project, first.year, first)}
    row = rows.get(first)
    known = row.report if row else None
    initial = {}
    if known is not None:
        initial = {
            "done": known.done, "node_done": known.node_done, "problems": known.problems,
            "version": known.version,
        }  # fmt: skip
    form = forms.MonthForm(**_given(request), initial=initial)

    def do() -> None:
        given = form.cleaned_data
        actions.report_month(
            actor=request.user, project=project, month=first, done=given["done"],
            node_done=given["node_done"], problems=given["problems"], reason=given["reason"],
            submit="draft" not in request.POST, photos=forms.pictures(form),
            version=given["version"],
        )  # fmt: skip

    before = [one for one in rows.values() if one.month < first and one.done is not None]
    shown = {
        "heading": _("Report %(month)s") % {"month": month}, "project": project, "row": row,
        "known": known, "before": before[-1] if before else None,
    }  # fmt: skip
    return act(
        request, form, do=do, said=_("The month is reported."), to=page_of(project), shown=shown,
        template="projects/report.html",
    )  # fmt: skip


def _first(month: str) -> date:
    try:
        return forms.first_day(month)
    except ValueError as error:
        raise Http404(month) from error


def _report(request: HttpRequest, pk: int) -> MonthReport:
    try:
        return queries.report(request.user, pk)
    except MonthReport.DoesNotExist as error:
        raise Http404(str(pk)) from error


def _next(request: HttpRequest, project: Project) -> str:
    """Back to the list of what waits, for whoever came from there."""
    return reverse("projects:due") if request.POST.get("next") == "due" else page_of(project)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a month."""
    found = _report(request, pk)

    def do() -> None:
        actions.confirm_report(actor=request.user, report=found)

    return press(request, do=do, said=_("Confirmed."), to=_next(request, found.project))


@either
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a month with a reason."""
    found = _report(request, pk)
    rules.require(request.user, "confirm_project", found.project)
    form = forms.ReasonForm(**_given(request))

    def do() -> None:
        actions.return_report(actor=request.user, report=found, **form.cleaned_data)

    month = f"{found.month:%Y-%m}"
    shown = {
        "heading": _("Return the report of %(month)s") % {"month": month},
        "project": found.project,
    }  # fmt: skip
    return act(request, form, do=do, said=_("Returned."), to=page_of(found.project), shown=shown)
