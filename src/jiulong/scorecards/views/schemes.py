"""Schemes: the list, one as a person reads it, drafting, simulating, adopting."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from jiulong.organisation.rules import Viewer, may, require
from jiulong.pages.columns import Column
from jiulong.pages.filters import Choice
from jiulong.pages.lights import light
from jiulong.pages.lists import Asked, Empty, ListPage
from jiulong.scorecards import standing_editing, standing_specs
from jiulong.scorecards import standing_rules as rules
from jiulong.scorecards.actions import standings as contest
from jiulong.scorecards.engine import periods
from jiulong.scorecards.models import SchemeVersion, Subject
from jiulong.scorecards.period_words import in_words
from jiulong.scorecards.queries import standings as queries
from jiulong.scorecards.rule_words import readable
from jiulong.scorecards.standing_simulation import simulate
from jiulong.scorecards.views.standings import _require_reader

LIGHTS = {"draft": "near", "adopted": "met", "retired": "none"}
#: Past periods on which a draft is tried.
TRIED = 3


def _name(row: SchemeVersion) -> str:
    return str(standing_specs.as_text(standing_specs.of(row).name))


def _state(row: SchemeVersion) -> Any:
    return light(LIGHTS[row.state], row.get_state_display())


class SchemeList(ListPage):
    """Schemes with their versions."""

    title = _("Schemes")
    lead = _("The rules of the contests. They come from packs or from drafts; versions stay.")
    order = "code"
    file_name = "schemes"
    columns = (
        Column(name="name", label=_("Scheme"), value=_name, opens=True),
        Column(name="code", label=_("Code"), sort=("code",), on_phone=False),
        Column(name="version", label=_("Version"), numeric=True, sort=("version",)),
        Column(name="state", label=_("State"), value=lambda row: row, show=_state,
               sort=("state",), export=lambda row: row.get_state_display()),
        Column(name="effective_from", label=_("In force from"), sort=("effective_from",)),
        Column(name="effective_to", label=_("In force until")),
        Column(name="note", label=_("What changed"), wide=True),
    )  # fmt: skip
    filters = (Choice(name="state", label=_("State"), choices=SchemeVersion.State.choices),)
    empty = Empty(
        title=_("No scheme"), text=_("Apply a pack that has one, such as sanbiyikan-2025."),
        icon="list-details",
    )  # fmt: skip

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[SchemeVersion]:
        _require_reader(viewer)
        found = queries.schemes(viewer)
        return found.filter(state=asked.filters["state"]) if asked.filters["state"] else found

    def row_address(self, row: SchemeVersion) -> str:
        return reverse("scorecards:scheme", args=[row.pk])


@require_safe
def scheme_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One version in words, with its groups, and what it changed."""
    version = _version(request, pk)
    scheme = standing_specs.of(version)
    versions = list(queries.schemes(request.user).filter(code=version.code))
    before = next((one for one in versions if one.version < version.version), None)
    labels = standing_specs.labels(scheme)
    members: dict[str, list[str]] = {}
    who = standing_specs.members(scheme)
    subjects = dict(Subject.objects.filter(pk__in=who).values_list("pk", "name"))
    for key, (_code, group) in who.items():
        members.setdefault(group, []).append(subjects[key])
    context = {
        "version": version, "scheme": scheme, "title": _name(version), "light": _state(version),
        "contests": readable(scheme, labels), "versions": versions, "before": before,
        "groups": [(standing_specs.as_text(group.name), sorted(members.get(group.key, [])))
                   for group in scheme.groups],
        "differences": standing_editing.differences(standing_specs.of(before), scheme)
        if before else [],
        "edits": may(request.user, rules.EDIT),
        "may_adopt": may(request.user, rules.EDIT) and version.made_by_id != request.user.pk,
    }  # fmt: skip
    return render(request, "scorecards/standings/scheme.html", context)


@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """A copy to be changed; where there is one, that."""
    user = require(request.user, rules.EDIT)
    version = _version(request, pk)
    try:
        made = contest.draft_scheme(actor=user, version=version)
    except contest.NotNowError:
        same = SchemeVersion.objects.filter(code=version.code)
        made = same.get(state=SchemeVersion.State.DRAFT)
    return redirect("scorecards:scheme_edit", made.pk)


def edit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Change weights, caps, thresholds and groups of a draft."""
    user = require(request.user, rules.EDIT)
    version = _version(request, pk)
    if version.state != SchemeVersion.State.DRAFT:
        raise Http404(str(pk))
    slots = standing_editing.slots(version.spec)
    given = {slot.name: request.POST.get(slot.name, slot.value) for slot in slots}
    faults: dict[str, list[str]] = {}
    if request.method == "POST":
        faults = _edited(user, version, given, request.POST.get("note", ""))
        if not faults:
            messages.success(request, _t("The draft is kept."))
            return redirect("scorecards:scheme", pk)
    known = {slot.name for slot in slots}
    parts = [
        (part, [(slot, given[slot.name], faults.get(slot.name, [])) for slot in own])
        for part, own in groupby(slots, key=lambda slot: slot.part)
    ]
    context = {
        "version": version, "title": _name(version), "parts": parts,
        "note": request.POST.get("note", version.note),
        "faults": [(key, text) for key, texts in faults.items() if key not in known
                   for text in texts],
        "count": sum(map(len, faults.values())),
    }  # fmt: skip
    return render(request, "scorecards/standings/scheme_edit.html", context)


def _edited(
    user: Viewer, version: SchemeVersion, given: dict[str, str], note: str
) -> dict[str, list[str]]:
    """Keep the draft; faults by field, by path where no field has it."""
    try:
        spec = standing_editing.changed(version.spec, given)
    except ValueError as error:
        return {str(error): [_t("Expected a number, or a day such as 2026-01-31.")]}
    try:
        contest.edit_scheme(actor=user, draft=version, spec=spec, note=note)
    except ValidationError as error:
        return {key.removeprefix("spec."): list(texts) for key, texts in error.message_dict.items()}
    except contest.NotNowError as error:
        return {"": [str(error)]}
    return {}


@require_safe
def simulate_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What a version would have made of the last periods."""
    require(request.user, rules.EDIT)
    version = _version(request, pk)
    found = queries.standings(request.user).filter(scheme__code=version.code)
    past = sorted(found, key=lambda one: periods.order(one.period), reverse=True)[:TRIED]
    scheme = standing_specs.of(version)
    names = standing_specs.names(scheme)
    try:
        tried = simulate(scheme, past)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        tried = []
    context = {
        "version": version, "title": _name(version), "names": names,
        "tried": [(in_words(one.period), one,
                   [(move, str(names.get(move.group, move.group))) for move in one.moves])
                  for one in tried],
    }  # fmt: skip
    return render(request, "scorecards/standings/simulate.html", context)


@require_POST
def adopt(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Put a draft of another person in force."""
    version = _version(request, pk)
    try:
        contest.adopt_scheme(actor=request.user, draft=version)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except contest.NotNowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _t("In force."))
    return redirect("scorecards:scheme", pk)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Throw a draft away."""
    version = _version(request, pk)
    try:
        contest.drop_scheme(actor=request.user, draft=version)
    except contest.NotNowError as error:
        messages.error(request, str(error))
        return redirect("scorecards:scheme", pk)
    messages.success(request, _t("The draft is gone."))
    return redirect("scorecards:schemes")


def _version(request: HttpRequest, pk: int) -> SchemeVersion:
    _require_reader(request.user)
    found = queries.schemes(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return found
