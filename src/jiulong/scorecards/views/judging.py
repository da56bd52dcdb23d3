"""Judging: what I am asked to score, on a phone too; the panels and closing them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from jiulong.evidence.files import RefusedFileError
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may, require, require_account
from jiulong.pages.columns import Column, as_clock
from jiulong.pages.lights import light
from jiulong.pages.lists import Action, Asked, Empty, ListPage
from jiulong.scorecards import schemes_section, standing_specs
from jiulong.scorecards import standing_rules as rules
from jiulong.scorecards.actions import standings as contest
from jiulong.scorecards.engine import periods
from jiulong.scorecards.models import Assignment, JudgeScore, Panel, SchemeVersion, Subject
from jiulong.scorecards.period_words import in_words
from jiulong.scorecards.queries import material as material_of
from jiulong.scorecards.queries import standings as queries
from jiulong.scorecards.standing_forms import MaterialForm, PanelForm, ScoreForm, uploads


def _criterion(panel: Panel) -> str:
    version = schemes_section.newest().get(panel.scheme)
    found = standing_specs.judged(version).get(panel.criterion) if version else None
    return str(found.name) if found else panel.criterion


@require_safe
def judging_page(request: HttpRequest) -> HttpResponse:
    """What the viewer is asked to judge."""
    user = require_account(request.user)
    tasks = list(queries.assignments(user))
    given = dict(
        JudgeScore.objects.filter(assignment__in=tasks, current=True).values_list(
            "assignment_id", "value"
        )
    )
    words = {task.panel_id: _criterion(task.panel) for task in tasks}
    cards = [(task, words[task.panel_id], given.get(task.pk), _open(task)) for task in tasks]
    context = {
        "cards": [card for card in cards if card[3]],
        "past": [card for card in cards if not card[3]][:40],
        "runs": may(user, rules.RUN),
    }
    return render(request, "scorecards/standings/judging.html", context)


def _open(task: Assignment) -> bool:
    return task.panel.closed_at is None and task.panel.closes_at > timezone.now()


def score_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Give marks, or declare a conflict of interest."""
    user = require_account(request.user)
    task = queries.assignments(user).filter(pk=pk).first()
    if task is None:
        raise Http404(str(pk))
    score = JudgeScore.objects.filter(assignment=task, current=True).first()
    initial = {"value": score.value, "reason": score.reason} if score else {}
    posted = request.POST if request.method == "POST" and "conflict" not in request.POST else None
    form = ScoreForm(posted, initial=initial)
    if request.method == "POST":
        try:
            if "conflict" in request.POST:
                contest.declare_conflict(
                    actor=user, assignment=task, reason=request.POST["conflict"]
                )
            elif form.is_valid():
                contest.give_score(actor=user, assignment=task, **form.cleaned_data)
            else:
                return _score(request, task, form)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        except contest.NotNowError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _t("Kept."))
            return redirect(_next(user, task))
    return _score(request, task, form)


def _next(user: User, task: Assignment) -> str:
    """The next of the same panel without marks, else the list."""
    waiting = (
        queries.assignments(user)
        .filter(panel=task.panel_id, conflict="")
        .exclude(scores__current=True)
    )
    following = waiting.order_by("alias").first()
    if following is None:
        return reverse("scorecards:judging")
    return reverse("scorecards:judge", args=[following.pk])


def _score(request: HttpRequest, task: Assignment, form: ScoreForm) -> HttpResponse:
    context = {
        "files": material_of.material(request.user, task),
        "task": task, "form": form, "criterion": _criterion(task.panel), "open": _open(task),
        "period": in_words(task.panel.period),
    }  # fmt: skip
    return render(request, "scorecards/standings/judge.html", context)


def _state(row: Panel) -> Any:
    if row.closed_at:
        return light("met", _t("Closed"))
    return light("near" if row.closes_at > timezone.now() else "over", _t("Open"))


class PanelList(ListPage):
    """Panels, the newest first."""

    title = _("Panels of judges")
    lead = _("Marks count once a panel is closed: a mean without the highest and the lowest.")
    order = "-period"
    file_name = "panels"
    columns = (
        Column(name="criterion", label=_("Criterion"), value=_criterion, opens=True),
        Column(name="period", label=_("Period"), sort=("period",), short=True),
        Column(name="state", label=_("State"), value=lambda row: row, show=_state,
               export=lambda row: "closed" if row.closed_at else "open"),
        Column(name="given", label=_("Marks given"), numeric=True,
               value=lambda row: f"{row.given} / {row.asked}"),
        Column(name="closes_at", label=_("Closes"), show=as_clock, sort=("closes_at",)),
    )  # fmt: skip
    empty = Empty(
        title=_("No panel"), text=_("Criteria that judges score need a panel for each period."),
        icon="gavel",
    )  # fmt: skip

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Panel]:  # noqa: ARG002 - no filters
        require(viewer, rules.RUN)
        return queries.panels(viewer)

    def row_address(self, row: Panel) -> str:
        return reverse("scorecards:panel", args=[row.pk])

    def actions(self, viewer: Viewer) -> Sequence[Action]:  # noqa: ARG002 - all who see it may
        address = reverse("scorecards:panel_new")
        return (Action(label=_("New panel"), address=address, icon="plus", primary=True),)


def new_page(request: HttpRequest) -> HttpResponse:
    """Have judges score a criterion for a group."""
    user = require(request.user, rules.RUN)
    known = _judged()
    groups = {key: (version, group) for key, version, group in _groups(known)}
    judges = User.objects.filter(is_active=True).exclude(role=User.Role.ENTERPRISE)
    form = PanelForm(
        request.POST or None, initial={"period": _last_month()},
        criteria=[(key, name) for key, (_version, name) in known.items()],
        groups=[(key, str(standing_specs.names(standing_specs.of(one))[group]))
                for key, (one, group) in groups.items()],
        judges=judges.order_by("username"),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        version = known[given["criterion"]][0]
        _scheme, group = groups[given["group"]]
        who = standing_specs.members(standing_specs.of(version))
        inside = [pk for pk, (_code, key) in who.items() if key == group]
        try:
            panel = contest.make_panel(
                actor=user, scheme=version, criterion=given["criterion"].partition("/")[2],
                period=given["period"], closes_at=given["closes_at"], judges=given["judges"],
                blind=given["blind"], group=group,
                subjects=Subject.objects.filter(pk__in=inside).select_related("enterprise"),
            )  # fmt: skip
        except ValidationError as error:
            form.blame(error)
        else:
            return redirect("scorecards:panel", panel.pk)
    context = {
        "form": form, "heading": _t("New panel"), "submit": _t("Make the panel"),
        "back": reverse("scorecards:panels"), "back_words": _t("Panels of judges"),
    }  # fmt: skip
    return render(request, "scorecards/standings/form.html", context)


def _last_month() -> str:
    return periods.previous(periods.of(timezone.localdate(), "month"))


def _judged() -> dict[str, tuple[SchemeVersion, str]]:
    """`scheme/criterion` → its version and words, of all that judges score."""
    return {
        f"{code}/{key}": (version, f"{standing_specs.of(version).name} · {found.name}")
        for code, version in schemes_section.newest().items()
        for key, found in standing_specs.judged(version).items()
    }


def _groups(
    known: dict[str, tuple[SchemeVersion, str]],
) -> list[tuple[str, SchemeVersion, str]]:
    versions = {version.code: version for version, _name in known.values()}
    return [
        (f"{code}/{group.key}", version, group.key)
        for code, version in versions.items()
        for group in standing_specs.of(version).groups
    ]


@require_safe
def panel_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One panel: how far each judge is; what they gave shows once it is closed."""
    require(request.user, rules.RUN)
    panel = queries.panels(request.user).filter(pk=pk).first()
    if panel is None:
        raise Http404(str(pk))
    tasks = panel.assignments.select_related("judge", "subject").order_by("judge", "alias")
    scores = {
        one.assignment_id: one
        for one in JudgeScore.objects.filter(assignment__panel=panel, current=True)
    }
    rows = [(task, scores.get(task.pk)) for task in tasks]
    judges = any(task.judge_id == request.user.pk for task, _score in rows)
    context = {
        "form": MaterialForm(aliases=_aliases(panel)) if not judges else None,
        "counts": sorted(material_of.of_panel(panel).items()),
        "panel": panel, "rows": rows, "criterion": _criterion(panel), "state": _state(panel),
        "period": in_words(panel.period), "shown": panel.closed_at is not None,
        # Who judges blindly and runs the contest as well reads no names here either.
        "named": panel.closed_at is not None or not (panel.blind and judges),
    }  # fmt: skip
    return render(request, "scorecards/standings/panel.html", context)


def _aliases(panel: Panel) -> list[tuple[str, str]]:
    """Numbers with names, for who adds files."""
    found = panel.assignments.order_by("alias").values_list("alias", "subject__name")
    return [(alias, f"{alias} {name}") for alias, name in found.distinct()]


@require_POST
def material(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Give the judges of one number something to look at."""
    user = require(request.user, rules.RUN)
    panel = queries.panels(user).filter(pk=pk).first()
    if panel is None:
        raise Http404(str(pk))
    form = MaterialForm(request.POST, request.FILES, aliases=_aliases(panel))
    alias = form.cleaned_data["alias"] if form.is_valid() else ""
    try:
        made = contest.add_material(
            actor=user, panel=panel, alias=alias, files=uploads(form, "material")
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except (contest.NotNowError, RefusedFileError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _t("%(n)d files are kept.") % {"n": len(made)})
    return redirect("scorecards:panel", pk)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """No more marks."""
    require(request.user, rules.RUN)
    panel = queries.panels(request.user).filter(pk=pk).first()
    if panel is None:
        raise Http404(str(pk))
    try:
        contest.close_panel(actor=request.user, panel=panel)
    except contest.NotNowError as error:
        messages.error(request, str(error))
    return redirect("scorecards:panel", pk)
