"""Standings: the ranked table, one row down to its observations, what if, files, steps."""

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

from jiulong.organisation.rules import Viewer, may, require
from jiulong.pages.columns import Column, as_clock
from jiulong.pages.filters import Choice
from jiulong.pages.lights import light
from jiulong.pages.lists import Asked, Empty, ListPage
from jiulong.scorecards import standing_exports, standing_inputs, standing_pages, standing_specs
from jiulong.scorecards import standing_rules as rules
from jiulong.scorecards.actions import standings as contest
from jiulong.scorecards.actions.standings.computing import scored
from jiulong.scorecards.engine import periods
from jiulong.scorecards.engine.words import Step
from jiulong.scorecards.models import Observation, Standing, StandingRow
from jiulong.scorecards.period_words import in_words
from jiulong.scorecards.queries import standings as queries
from jiulong.scorecards.standing_forms import WhatIfForm
from jiulong.scorecards.standing_papers import papers_of
from jiulong.scorecards.standing_trees import step_of, unpacked
from jiulong.scorecards.standing_whatif import Trial
from jiulong.scorecards.views import standing_parts as parts

#: What may be done to a standing, by its state: step → (verb of the action, words).
STEPS = {
    "recompute": contest.recompute,
    "open": contest.open_standing,
    "freeze": contest.freeze_standing,
    "publish": contest.publish_standing,
}


def _scheme_name(row: Standing) -> str:
    name = standing_specs.of(row.scheme).name
    return str(standing_specs.as_text(name))


def _state(row: Standing) -> Any:
    return light(standing_pages.LIGHTS[Standing.State(row.state)], row.get_state_display())


class StandingList(ListPage):
    """Every standing, the newest period first."""

    title = _("All standings")
    order = "-period"
    file_name = "standings"
    columns = (
        Column(name="period", label=_("Period"), value=lambda row: in_words(row.period),
               sort=("period",), opens=True),
        Column(name="scheme", label=_("Scheme"), value=_scheme_name, sort=("scheme__code",)),
        Column(name="version", label=_("Version"), value="scheme.version", numeric=True),
        Column(name="state", label=_("State"), value=lambda row: row, show=_state,
               sort=("state",), export=lambda row: row.get_state_display()),
        Column(name="computed_at", label=_("Computed"), show=as_clock, sort=("computed_at",),
               on_phone=False),
        Column(name="published_at", label=_("Published"), show=as_clock, sort=("published_at",)),
    )  # fmt: skip
    filters = (Choice(name="state", label=_("State"), choices=Standing.State.choices),)
    empty = Empty(
        title=_("No standing yet"),
        text=_("A standing is computed once a scheme is in force and values are reported."),
        icon="trophy",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Standing]:
        _require_reader(viewer)
        found = queries.standings(viewer)
        return found.filter(state=asked.filters["state"]) if asked.filters["state"] else found

    def row_address(self, row: Standing) -> str:
        return reverse("scorecards:standing", args=[row.pk])


@require_safe
def newest(request: HttpRequest) -> HttpResponse:
    """The last standing; without any, what must be done for one."""
    _require_reader(request.user)
    found = queries.newest(request.user, request.GET.get("scheme", ""))
    if found is not None:
        return redirect("scorecards:standing", found.pk)
    offered = parts.offers(request.user)
    return render(request, "scorecards/standings/none.html", {"offers": offered})


@require_safe
def standing_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One standing: a group's ranked table, its bars, what follows, what may be done."""
    standing = _standing(request, pk)
    scheme = standing_specs.of(standing.scheme)
    names = standing_specs.names(scheme)
    rows = queries.rows(request.user, standing)
    groups = list(dict.fromkeys(row.group for row in rows))
    group = request.GET.get("group") or _usual_group(request.user, rows) or ""
    if group not in groups:
        group = groups[0] if groups else ""
    shown = [row for row in rows if row.group == group]
    lines = _lines(request.user, standing, shown)
    context = {
        "standing": standing, "scheme": scheme, "title": standing_specs.as_text(scheme.name),
        "period": in_words(standing.period), "light": _state(standing),
        "tabs": [(key, names[key], sum(row.group == key for row in rows)) for key in groups],
        "group": group, "group_name": names.get(group, ""), "lines": lines,
        "heads": [names[one["contest"]] for one in shown[0].contests] if shown else [],
        "chart": standing_pages.chart(lines, names) if any(line.full for line in lines) else None,
        "classed": any(row.class_name for row in shown),
        "periods": parts.periods_of(request.user, standing),
        "steps": parts.steps_of(request.user, standing),
        "waiting": sum(line.waiting for line in lines), "revised": parts.revised(standing),
        "offers": parts.offers(request.user), "seal": parts.seal(standing),
        "closed": sum(not rules.is_open(row) for row in rows),
        "files": _takes_files(request.user),
        "runs": may(request.user, rules.RUN), "announces": may(request.user, "draft_bulletin"),
    }  # fmt: skip
    return render(request, "scorecards/standings/standing.html", context)


def _lines(
    viewer: Viewer, standing: Standing, rows: Sequence[StandingRow]
) -> list[standing_pages.Line]:
    waiting: dict[int, int] = {}
    for pk in queries.disputes(viewer, standing).filter(state="open").values_list("row", flat=True):
        waiting[pk] = waiting.get(pk, 0) + 1
    outcomes: dict[int, list[Any]] = {}
    for one in queries.outcomes(viewer, standing):
        outcomes.setdefault(one.row_id, []).append(one)
    units = rules.units_of(viewer, rules.SEE) | rules.units_of(viewer, rules.OBJECT)
    own = frozenset(row.pk for row in rows if rules.own_units(row.subject) & units)
    subjects = [row.subject_id for row in rows]
    return standing_pages.lines(
        rows, standing_specs.of(standing.scheme), own=own, waiting=waiting, outcomes=outcomes,
        trends=queries.trend(viewer, standing.scheme.code, subjects, standing.period),
        gaps=not rows or rules.reads_group(viewer, standing.pk, rows[0].group),
    )  # fmt: skip


def _usual_group(viewer: Viewer, rows: Sequence[StandingRow]) -> str | None:
    units = rules.units_of(viewer, rules.SEE) | rules.units_of(viewer, rules.OBJECT)
    mine = (row.group for row in rows if rules.own_units(row.subject) & units)
    return next(mine, None)


@require_POST
def act(request: HttpRequest, pk: int, step: str) -> HttpResponseRedirect:
    """Compute again, open, freeze or publish a standing."""
    user = require(request.user, rules.RUN)
    standing = _standing(request, pk)
    if step not in STEPS:
        raise Http404(step)
    try:
        STEPS[step](actor=user, standing=standing)
    except contest.NotNowError as error:
        messages.error(request, str(error))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _t("Done."))
    return redirect("scorecards:standing", pk)


@require_POST
def compute(request: HttpRequest) -> HttpResponseRedirect:
    """Compute a period that has no standing yet."""
    user = require(request.user, rules.RUN)
    code, period = request.POST.get("scheme", ""), request.POST.get("period", "")
    version = queries.adopted(code, period) if periods.is_period(period) else None
    if version is None:
        messages.error(request, _t("No scheme is in force in that period."))
        return redirect("scorecards:standings")
    try:
        standing = contest.compute_standing(actor=user, scheme=version, period=period)
    except (contest.NotNowError, ValidationError) as error:
        told = error.messages if isinstance(error, ValidationError) else [str(error)]
        messages.error(request, " ".join(told))
        return redirect("scorecards:standings")
    return redirect("scorecards:standing", standing.pk)


@require_safe
def again_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What a standing would be, were it computed from the values known now. Nothing is kept."""
    standing = _standing(request, pk)
    scheme = standing_specs.of(standing.scheme)
    result = scored(scheme, standing_inputs.gather(scheme, standing.period), standing.period)
    now = {one.subject: one for one in result.standings}
    names = standing_specs.names(scheme)
    rows = [
        (row, names[row.group], f"{scheme.rounded(row.score):f}", now.get(row.subject.code))
        for row in queries.rows(request.user, standing)
        if rules.is_open(row)
    ]
    context = {
        "standing": standing, "title": standing_specs.as_text(scheme.name),
        "period": in_words(standing.period), "rows": rows,
        "changed": sum(one is None or one.score != row.score or one.rank != row.rank
                       for row, _group, _score, one in rows),
    }  # fmt: skip
    return render(request, "scorecards/standings/again.html", context)


@require_safe
def row_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One subject's points, opened down to the observations."""
    row = _row(request, pk)
    scheme = standing_specs.of(row.standing.scheme)
    names, labels = standing_specs.names(scheme), standing_specs.labels(scheme)
    whole = rules.reads_group(request.user, row.standing_id, row.group)
    steps = unpacked(row.explained)
    steps = steps if whole else [standing_pages.alone(step) for step in steps]
    trend = queries.trend(
        request.user, row.standing.scheme.code, [row.subject_id], row.standing.period
    ).get(row.subject_id, [])
    now = timezone.now()
    until = row.standing.dispute_until
    window = row.standing.state == Standing.State.DISPUTABLE and until is not None and now <= until
    outcomes = list(queries.outcomes(request.user, row.standing).filter(row=row))
    context = {
        "row": row, "standing": row.standing, "title": standing_specs.as_text(scheme.name),
        "period": in_words(row.standing.period), "group_name": names[row.group],
        "score": f"{scheme.rounded(row.score):f}",
        "gap": f"{scheme.rounded(row.gap):f}" if row.gap is not None and whole else "",
        "whole": whole,
        "moved": None if row.rank_before is None else row.rank_before - row.rank,
        "contests": standing_pages.opened(row, steps, names, labels, _stale(steps)),
        "notes": [
            line for note in row.notes for line in standing_pages.told(step_of(note), labels)
        ],
        "trend": trend, "spark": standing_pages.spark(trend),
        "trend_chart": {"periods": [one.period for one in trend],
                        "ranks": [one.rank for one in trend], "of": row.of},
        "disputes": queries.disputes(request.user).filter(row=row),
        "outcomes": outcomes, "papers": papers_of(request.user, row, outcomes),
        "may_object": window and rules.speaks_for(request.user, row.subject),
        "state": _state(row.standing), "seal": parts.seal(row.standing),
    }  # fmt: skip
    return render(request, "scorecards/standings/row.html", context)


def _stale(steps: Sequence[Step]) -> frozenset[str]:
    """References of the steps whose observation was revised since."""
    ids = {
        int(ref.partition("/")[2]): ref
        for ref in standing_pages.refs_of(steps)
        if ref.startswith("scorecards.observation/")
    }
    gone = Observation.objects.filter(pk__in=ids, current=False).values_list("pk", flat=True)
    return frozenset(ids[pk] for pk in gone)


@require_safe
def what_if_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Try another value for one observation, and see what would gain a rank. Nothing is kept."""
    row = _row(request, pk)
    if not rules.reads_group(request.user, row.standing_id, row.group):
        raise Http404(str(pk))
    whole = Standing.objects.get(pk=row.standing_id)
    scheme = standing_specs.of(row.standing.scheme)
    trial = Trial(
        scheme, standing_inputs.restored(whole.observations), whole.period, row.subject.code
    )
    labels = standing_specs.labels(scheme)
    form = WhatIfForm(request.GET or None, rows=trial.own(), labels=labels)
    found = needed = None
    if request.GET and form.is_valid():
        chosen = form.chosen
        found = trial.with_value(chosen.indicator, chosen.period, form.tried)
        if row.rank > 1:
            needed = trial.needed(chosen)
    context = {
        "row": row, "form": form, "found": found, "needed": needed, "asked": bool(request.GET),
        "score": f"{scheme.rounded(row.score):f}", "title": standing_specs.as_text(scheme.name),
        "period": in_words(whole.period),
    }  # fmt: skip
    return render(request, "scorecards/standings/what_if.html", context)


@require_safe
def scheme_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The rules, for `jiulong score`."""
    standing = _whole(request, pk)
    body = standing_exports.scheme_yaml(standing.scheme)
    return _download(body, "application/yaml", "scheme.yaml")


@require_safe
def rows_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows of a standing, for `jiulong score`: of those whom the viewer reads in full."""
    standing = _whole(request, pk)
    ranked = queries.rows(request.user, standing)
    read = {row.subject.code for row in ranked if rules.is_open(row)}
    standing.observations = [row for row in standing.observations if row[0] in read]
    body = standing_exports.observations_csv(standing)
    return _download(body, "text/csv; charset=utf-8", "observations.csv")


def _download(body: str, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _whole(request: HttpRequest, pk: int) -> Standing:
    """A standing with its input: it has everybody's values, so it is for who sees all ranks."""
    if not _takes_files(request.user):
        raise Http404(str(pk))
    return Standing.objects.select_related("scheme").get(pk=_standing(request, pk).pk)


def _takes_files(viewer: Viewer) -> bool:
    return any(may(viewer, verb) for verb in (rules.SEE, rules.RUN))


def _standing(request: HttpRequest, pk: int) -> Standing:
    try:
        return queries.standing(request.user, pk)
    except Standing.DoesNotExist as error:
        raise Http404(str(pk)) from error


def _row(request: HttpRequest, pk: int) -> StandingRow:
    try:
        return queries.row(request.user, pk)
    except StandingRow.DoesNotExist as error:
        raise Http404(str(pk)) from error


def _require_reader(viewer: Viewer) -> None:
    if not any(may(viewer, verb) for verb in (rules.SEE, rules.RUN, rules.OBJECT)):
        require(viewer, rules.SEE)
