"""Pairings: who owes visits, one with its visits and gaps, a leader's duties, the phone form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiulong.bulletins import actions, rules, targets
from jiulong.bulletins.models import Pairing, PairVisit
from jiulong.bulletins.pairing_forms import UNITS, PairForm, VisitForm
from jiulong.bulletins.queries import of_pairings as queries
from jiulong.cases import rules as case_rules
from jiulong.cases import words as case_words
from jiulong.evidence.queries import files_of
from jiulong.organisation.rules import Viewer, may, reach, require
from jiulong.pages import lights
from jiulong.pages.columns import Column
from jiulong.pages.filters import Choice
from jiulong.pages.lists import Action, Asked, Empty, ListPage, Preset

#: Visits of a pairing that its page shows.
SHOWN = 20
WORDS = {
    "met": _("In time"), "near": _("Due within a week"), "over": _("Overdue"), "none": _("Ended"),
}  # fmt: skip


def _light(line: queries.Line) -> Any:
    return lights.light(line.due.light, WORDS[line.due.light])


def _kinds(_viewer: Any = None) -> list[tuple[str, str]]:
    return [(key, str(one.name)) for key, one in targets.kinds().items()]


class PairingList(ListPage):
    """Pairings, the most urgent first."""

    title = _("Pairings")
    lead = _("Which leader looks after which project, enterprise or village, and the visits due.")
    search_hint = _("Post or thing")
    file_name = "pairings"
    sorts_itself = True
    columns = (
        Column(name="light", label=pgettext_lazy("pairing", "Visit"), value=lambda line: line,
               show=_light,
               export=lambda line: str(WORDS[line.due.light]), short=True),
        Column(name="title", label=_("Paired with"), value="pairing.title", opens=True),
        Column(name="kind", label=_("Kind"), value="kind.name", on_phone=False),
        Column(name="post", label=pgettext_lazy("pairing", "Leader"), value="pairing.leader_post"),
        Column(name="unit", label=_("Unit"), value="pairing.unit", on_phone=False),
        Column(name="last", label=_("Last visit"), value="last_on"),
        Column(name="due", label=_("Next due"), value="due.on"),
        Column(name="problems", label=_("Open problems"), numeric=True),
    )  # fmt: skip
    filters = (
        Choice(name="due", label=pgettext_lazy("pairing", "Visit"), choices=list(WORDS.items())),
        Choice(name="kind", label=_("Kind"), choices=_kinds),
    )
    presets = (
        Preset(label=_("All")),
        Preset(label=_("Overdue"), query={"due": "over"}),
        Preset(label=_("Due within a week"), query={"due": "near"}),
    )
    empty = Empty(
        title=_("No pairing yet"), text=_("Pair a leader with what is to be looked after."),
        icon="heart-handshake",
    )  # fmt: skip

    def rows(self, viewer: Viewer, asked: Asked) -> Sequence[queries.Line]:
        require(viewer, rules.SEE)
        wanted = Q(title__icontains=asked.search) | Q(leader_post__icontains=asked.search)
        kind = targets.kinds().get(asked.filters["kind"] or "")
        if kind is not None:
            wanted &= Q(label=kind.label)
        found = queries.lines(viewer, timezone.localdate(), wanted=wanted)
        light = asked.filters["due"]
        return [line for line in found if not light or line.due.light == light]

    def row_address(self, row: queries.Line) -> str:
        return reverse("bulletins:pairing", args=[row.pk])

    def actions(self, viewer: Viewer) -> Sequence[Action]:
        found = [Action(label=_("By leader"), address=reverse("bulletins:leaders"), icon="users")]
        if may(viewer, rules.PAIR):
            new = reverse("bulletins:pair")
            found.append(
                Action(
                    label=pgettext_lazy("leader", "Pair"), address=new, icon="plus", primary=True
                )
            )
        return found


@require_safe
def leaders_page(request: HttpRequest) -> HttpResponse:
    """Every leader with duties, visits of the year and what is overdue."""
    user = require(request.user, rules.SEE)
    found = queries.leaders(user, timezone.localdate())
    return render(request, "bulletins/leaders.html", {"leaders": found})


@require_safe
def leader_page(request: HttpRequest, key: str) -> HttpResponse:
    """One leader's duties: what is due, what was seen."""
    user, today = require(request.user, rules.SEE), timezone.localdate()
    found = queries.of_leader(user, key, today)
    if not found:
        raise Http404(key)
    rows = [
        (line, _light(line), queries.gaps(line.pairing, today)[:1],
         actions.may_visit(user, line.pairing))
        for line in found
    ]  # fmt: skip
    first = found[0].pairing
    seen = queries.open_problems([line.pairing for line in found])
    now = timezone.now()
    problems = [(one, _become(user, one, now)) for one in seen]
    context = {"problems": problems, "rows": rows, "post": first.leader_post, "unit": first.unit}
    return render(request, "bulletins/leader.html", context)


@require_safe
def pairing_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One pairing: the duty, when the next visit is due, visits with photos, gaps."""
    user, today = require(request.user, rules.SEE), timezone.localdate()
    line = _line(request, pk)
    now = timezone.now()
    visits = [
        (one, files_of(user, "bulletins.pairvisit", one.pk), _become(user, one, now))
        for one in queries.visits(line.pairing)[:SHOWN]
    ]
    context = {
        "becomes": queries.becomes(user, line.pairing),
        "problems": [
            (one, _become(user, one, now)) for one in queries.open_problems([line.pairing])
        ],
        "line": line, "pairing": line.pairing, "light": _light(line), "visits": visits,
        "every": every_words(line.pairing.every),
        "gaps": queries.gaps(line.pairing, today), "key": queries.key_of(line.pairing),
        "may_visit": actions.may_visit(user, line.pairing) and line.pairing.until is None,
        "may_pair": reach(user, rules.PAIR).covers(line.pairing.unit_id),
    }  # fmt: skip
    return render(request, "bulletins/pairing.html", context)


def visit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The phone form: when, what was seen, where, photos."""
    user = require(request.user, rules.VISIT)
    line = _line(request, pk)
    if not actions.may_visit(user, line.pairing):
        raise PermissionDenied(rules.VISIT)
    matter = queries.becomes(user, line.pairing)
    form = VisitForm(request.POST or None, request.FILES or None, matter=matter)
    if request.method == "POST" and form.is_valid():
        photos = [(one.name or "", one.read()) for one in request.FILES.getlist("photos")]
        try:
            actions.record_visit(
                actor=user, pairing=line.pairing, photos=photos, now=timezone.now(), **form.given
            )
        except ValidationError as error:
            form.blame(error)
        else:
            messages.success(request, _t("The visit is recorded."))
            return redirect("bulletins:pairing", pk)
    context = {
        "form": form, "heading": _t("Record a visit"), "lead": line.pairing.title,
        "back": reverse("bulletins:pairing", args=[pk]), "back_label": line.pairing.title,
        "script": "bulletins/visit.js",
    }  # fmt: skip
    return render(request, "bulletins/form.html", context)


def pair_page(request: HttpRequest) -> HttpResponse:
    """Pair a leader: search the thing by name, then say who and how often."""
    user = require(request.user, rules.PAIR)
    kind = request.GET.get("kind", "")
    found = targets.kinds().get(kind)
    words = request.GET.get("q", "").strip()[:60]
    options = list(found.choose(user, words)) if found is not None else []
    form = PairForm(request.POST or None, viewer=user, options=options)
    if request.method == "POST" and form.is_valid() and found is not None:
        try:
            made = actions.make_pairing(actor=user, kind=kind, now=timezone.now(), **form.given)
        except ValidationError as error:
            form.blame(error)
        else:
            messages.success(request, _t("Paired."))
            return redirect("bulletins:pairing", made.pk)
    context = {"form": form, "kinds": _kinds(), "kind": kind, "q": words, "options": options}
    return render(request, "bulletins/pair.html", context)


@require_POST
def problem(request: HttpRequest, pk: int) -> HttpResponse:
    """Make what was seen on a visit a case, in one step."""
    try:
        visit = queries.visit(request.user, pk)
    except PairVisit.DoesNotExist as error:
        raise Http404(str(pk)) from error
    try:
        case = actions.file_problem(actor=request.user, visit=visit, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _t("It is case %(number)s now.") % {"number": case.number})
    return redirect("bulletins:pairing", visit.pairing_id)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a duty today."""
    line = _line(request, pk)
    try:
        actions.end_pairing(
            actor=request.user, pairing=line.pairing, reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _t("The pairing is ended. Its visits stay."))
    return redirect("bulletins:pairing", pk)


@dataclass(frozen=True, slots=True)
class Become:
    """The case of a problem; `address` where the viewer may open it."""

    number: str
    address: str
    lamp: Any


def _become(viewer: Viewer, visit: PairVisit, now: datetime) -> Become | None:
    """None: the problem is no case yet."""
    link = getattr(visit, "opened", None)
    if link is None:
        return None
    sees = case_rules.sees(viewer, link.case)
    address = reverse("cases:case", args=[link.case_id]) if sees else ""
    return Become(link.case.number, address, case_words.lamp(link.case, now))


def every_words(every: str) -> str:
    """How often, in words."""
    number, _space, unit = every.partition(" ")
    return f"{number} {dict(UNITS)[unit]}"


def _line(request: HttpRequest, pk: int) -> queries.Line:
    try:
        return queries.line(request.user, pk, timezone.localdate())
    except Pairing.DoesNotExist as error:
        raise Http404(str(pk)) from error
