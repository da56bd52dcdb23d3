"""Responsibility letters: the list, one with clauses and points, signing, assessing, scoring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiulong.bulletins import actions, kinds, rules
from jiulong.bulletins.letter_forms import AssessForm, HandOutForm, RefuseForm, ScoreForm
from jiulong.bulletins.models import Letter, LetterScheme
from jiulong.bulletins.queries import of_letters as queries
from jiulong.evidence.queries import files_of
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer, posted, reach, require
from jiulong.packs import text
from jiulong.pages import lights
from jiulong.pages.columns import Column, as_clock
from jiulong.pages.filters import Choice
from jiulong.pages.lists import Action, Asked, Empty, ListPage

LIGHTS = {"out": "near", "signed": "told", "waits": "near", "scored": "met"}


def _state(row: Letter) -> Any:
    return lights.light(LIGHTS[row.state], row.get_state_display())


def _name(row: Letter) -> str:
    return text.show(row.scheme.spec.get("name"))


class LetterList(ListPage):
    """Letters of all years that the viewer may see."""

    title = _("Responsibility letters")
    lead = _("What units promised for the year, how they see themselves, and what they were given.")
    search_hint = _("Unit")
    order = "-year"
    file_name = "letters"
    columns = (
        Column(name="unit", label=_("Unit"), opens=True, sort=("unit__path",)),
        Column(name="scheme", label=pgettext_lazy("responsibility", "Letter"), value=_name,
               sort=("scheme__code",)),
        Column(name="year", label=_("Year"), numeric=True, sort=("year",)),
        Column(name="state", label=_("State"), value=lambda row: row, show=_state,
               export=lambda row: row.get_state_display(), sort=("state",)),
        Column(name="signed_at", label=_("Signed"), show=as_clock, sort=("signed_at",)),
        Column(name="points", label=pgettext_lazy("score", "Points"), numeric=True,
               sort=("points",)),
    )  # fmt: skip
    filters = (Choice(name="state", label=_("State"), choices=Letter.State.choices),)
    empty = Empty(
        title=_("No letter yet"),
        text=_("A pack brings the text; whoever scores hands it out for the year."),
        icon="writing-sign",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Letter]:
        require(viewer, rules.SEE)
        found = queries.letters(viewer).filter(unit__name__icontains=asked.search)
        state = asked.filters["state"]
        return found.filter(state=state) if state else found

    def row_address(self, row: Letter) -> str:
        return reverse("bulletins:letter", args=[row.pk])

    def actions(self, viewer: Viewer) -> Sequence[Action]:
        if not queries.schemes(viewer):
            return ()
        new = reverse("bulletins:hand_out")
        return (Action(label=_("Hand letters out"), address=new, icon="send", primary=True),)


@require_safe
def letter_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter: clauses, quarters, points, vetoes, signature."""
    letter = find(request, pk)
    item = kinds.ResponsibilityItem.model_validate(letter.spec)
    clauses = queries.clauses(letter)
    quarters = [f"{letter.year}Q{n}" for n in (1, 2, 3, 4)]
    office = Unit.objects.filter(code=item.issuer).values_list("pk", flat=True).first()
    mine = reach(request.user, rules.ANSWER).covers(letter.unit_id)
    scores = reach(request.user, rules.SCORE).covers(office)
    scores = scores and letter.unit_id not in posted(request.user)
    rows = [
        (clause, [(row, [row.by_quarter.get(q) for q in quarters]) for row in clause.rows])
        for clause in clauses
    ]
    context = {
        "letter": letter, "item": item, "rows": rows, "quarters": quarters,
        "light": LIGHTS[letter.state], "vetoes": queries.vetoes(letter),
        "claimed": queries.claimed(clauses),
        "may_sign": mine and letter.state == Letter.State.HANDED_OUT,
        "may_assess": mine and letter.state == Letter.State.SIGNED,
        "may_score": letter.state == Letter.State.SIGNED and scores,
        "may_refuse": letter.state == Letter.State.WAITS and scores,
        "may_confirm": letter.state == Letter.State.WAITS
        and scores
        and letter.scored_by_id != request.user.pk,
        "may_draft": reach(request.user, rules.DRAFT),
        "files": files_of(request.user, "bulletins.letter", letter.pk),
    }  # fmt: skip
    return render(request, "bulletins/letter.html", context)


def hand_out_page(request: HttpRequest) -> HttpResponse:
    """Hand the letters of a year out."""
    user = require(request.user, rules.SCORE)
    form = HandOutForm(request.POST or None, schemes=queries.schemes(user))
    if request.method == "POST" and form.is_valid():
        scheme = get_object_or_404(LetterScheme, pk=form.cleaned_data["scheme"])
        made = actions.hand_out_letters(
            actor=user, scheme=scheme, year=form.cleaned_data["year"], now=timezone.now()
        )
        messages.success(request, _t("%(n)d letters are handed out.") % {"n": len(made)})
        return redirect("bulletins:letters")
    return _form(request, form, _t("Hand letters out"), None)


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign for one's unit what was read."""
    letter = find(request, pk)
    try:
        actions.sign_letter(
            actor=request.user, letter=letter, digest=request.POST.get("digest", ""),
            now=timezone.now(),
        )  # fmt: skip
    except actions.ChangedError:
        messages.error(request, _t("The letter has changed meanwhile. Read it again."))
    else:
        messages.success(request, _t("The letter is signed."))
    return redirect("bulletins:letter", pk)


def assess_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how one's unit stands in a quarter, with proofs."""
    letter = find(request, pk)
    user = rules.require_office(request.user, rules.ANSWER, letter.unit_id)
    form = AssessForm(
        request.POST or None, request.FILES or None, letter=letter, now=timezone.now()
    )
    if request.method == "POST" and form.is_valid():
        files = [(one.name or "", one.read()) for one in request.FILES.getlist("files")]
        try:
            actions.assess_letter(
                actor=user, letter=letter, files=files, now=timezone.now(), **form.given
            )
        except ValidationError as error:
            form.blame(error)
        else:
            messages.success(request, _t("Saved."))
            return redirect("bulletins:letter", pk)
    return _form(request, form, _t("Assess the quarter"), letter)


def score_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the points of the year."""
    letter = find(request, pk)
    item = kinds.ResponsibilityItem.model_validate(letter.spec)
    office = Unit.objects.filter(code=item.issuer).values_list("pk", flat=True).first()
    user = rules.require_office(request.user, rules.SCORE, office)
    form = ScoreForm(
        request.POST or None, request.FILES or None, letter=letter, clauses=queries.clauses(letter)
    )
    if request.method == "POST" and form.is_valid():
        files = [(one.name or "", one.read()) for one in request.FILES.getlist("files")]
        try:
            scored = actions.score_letter(
                actor=user, letter=letter, files=files, now=timezone.now(), **form.given
            )
        except ValidationError as error:
            form.blame(error)
        except actions.ChangedError:
            messages.error(request, _t("The letter has changed meanwhile. Read it again."))
            return redirect("bulletins:letter", pk)
        else:
            waits = scored.state == Letter.State.WAITS
            told = _t("It counts once a second person confirms it.") if waits else ""
            messages.success(request, told or _t("The letter is scored."))
            return redirect("bulletins:letter", pk)
    return _form(request, form, _t("Score the year"), letter)


@require_POST
def confirm_score(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the points that another person gave count."""
    letter = find(request, pk)
    try:
        actions.confirm_score(actor=request.user, letter=letter, now=timezone.now())
    except actions.ChangedError:
        messages.error(request, _t("The letter has changed meanwhile. Read it again."))
    else:
        messages.success(request, _t("The letter is scored."))
    return redirect("bulletins:letter", pk)


def refuse_score(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the points back, with a reason."""
    letter = find(request, pk)
    user = actions.require_scorer(request.user, letter)
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.refuse_score(actor=user, letter=letter, now=timezone.now(), **form.cleaned_data)
        except actions.ChangedError:
            messages.error(request, _t("The letter has changed meanwhile. Read it again."))
        else:
            messages.success(request, _t("The letter is to be scored anew."))
        return redirect("bulletins:letter", pk)
    return _form(request, form, _t("Refuse the points"), letter)


@require_POST
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the letter as a paper to be numbered and issued."""
    letter = find(request, pk)
    try:
        made = actions.draft_bulletin(
            actor=request.user, kind=kinds.LETTER, about=("bulletins.letter", letter.pk),
            now=timezone.now(),
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("bulletins:letter", pk)
    return redirect("bulletins:bulletin", made.pk)


def find(request: HttpRequest, pk: int) -> Letter:
    """One letter that the asker may see. Raises Http404."""
    require(request.user, rules.SEE)
    try:
        return queries.letter(request.user, pk)
    except Letter.DoesNotExist as error:
        raise Http404(str(pk)) from error


def _form(request: HttpRequest, form: Any, heading: str, letter: Letter | None) -> HttpResponse:
    back = reverse("bulletins:letters")
    if letter is not None:
        back = reverse("bulletins:letter", args=[letter.pk])
    context = {
        "form": form, "heading": heading, "back": back,
        "back_label": str(letter.unit) if letter else _t("Responsibility letters"),
    }  # fmt: skip
    return render(request, "bulletins/form.html", context)
