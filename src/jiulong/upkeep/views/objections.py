"""Objections and their answers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from jiulong.evidence import queries as evidence
from jiulong.monitoring.words import as_point, point_title
from jiulong.organisation.rules import Viewer, require
from jiulong.pages import lights
from jiulong.pages.columns import Column, as_clock
from jiulong.pages.filters import Choice
from jiulong.pages.lists import Asked, Empty, Preset
from jiulong.upkeep import actions, queries
from jiulong.upkeep.forms import AnswerForm
from jiulong.upkeep.models import Objection
from jiulong.upkeep.views.acting import FORM_ERROR, do, done, find
from jiulong.upkeep.views.switches import UpkeepList

#: What may be objected to → its name and the page that shows it.
ABOUT = {
    "monitoring.finding": (pgettext_lazy("an objection is about", "Finding"), "monitoring:finding"),
    "upkeep.mark": (pgettext_lazy("an objection is about", "Review of a mark"), "upkeep:mark"),
}
WAITING = (
    ("yes", pgettext_lazy("an objection", "Waits for its answer")),
    ("no", pgettext_lazy("an objection", "Answered")),
)


def objection_light(one: Objection) -> Any:
    """Waiting, overdue, or how it was answered."""
    if one.answered_at is None:
        if timezone.now() > one.answer_by:
            return lights.light("over", _("Answer is overdue"))
        return lights.light("near", WAITING[0][1])
    if one.upheld:
        return lights.light("met", pgettext_lazy("an objection", "The firm is right"))
    return lights.light("told", pgettext_lazy("an objection", "Dismissed"))


def about_words(one: Objection) -> str:
    """What it is about."""
    name = ABOUT.get(one.about)
    return f"{name[0] if name else one.about} {one.about_id}"


def about_address(one: Objection) -> str:
    """The page of what it is about; empty where it has none."""
    name = ABOUT.get(one.about)
    try:
        return reverse(name[1], args=[one.about_id]) if name else ""
    except NoReverseMatch:
        return ""


class ObjectionList(UpkeepList):
    """Objections, by the clock."""

    title = _("Objections")
    file_name = "objections"
    search_hint = _("Enterprise, point or operating firm")
    order = "-entered"
    columns = (
        Column(name="state", label=_("State"), value=lambda row: row, show=objection_light,
               export=lambda row: "" if row.upheld is None else str(row.upheld), short=True),
        Column(name="about", label=_("About"), value=about_words, opens=True),
        Column(name="point", label=_("Point"), show=as_point, export=point_title, wide=True),
        Column(name="text", label=_("Reasons"), value=lambda row: row.text[:120], wide=True),
        Column(name="entered", label=_("Handed in"), value="entered_at", show=as_clock,
               sort=("entered_at",), short=True),
        Column(name="answer_by", label=_("Answer by"), show=as_clock, sort=("answer_by",),
               short=True),
    )  # fmt: skip
    filters = (Choice(name="waiting", label=_("State"), choices=WAITING),)
    presets = (
        Preset(label=_("All")),
        Preset(label=WAITING[0][1], query={"waiting": "yes"}),
    )
    empty = Empty(
        title=_("No objections"),
        text=_("Enterprises may object to findings and to reviews of their marks."),
        icon="check",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Objection]:
        waiting = asked.filters["waiting"]
        return queries.objections(
            viewer, q=asked.search, waiting=None if not waiting else waiting == "yes"
        )

    def row_address(self, row: Objection) -> str:
        return reverse("upkeep:objection", args=[row.pk])


def objection_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection and its answer."""
    return _page(request, find(Objection, request.user, pk))


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer an objection."""
    require(request.user, "review_marks")
    objection = find(Objection, request.user, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, objection, form, FORM_ERROR)
    given = form.cleaned_data
    status = do(
        form,
        lambda: actions.answer_objection(
            actor=request.user, objection=objection, upheld=given["decision"] == "upheld",
            answer=given["answer"],
        ),
    )  # fmt: skip
    if status != 200:
        return _page(request, objection, form, status)
    return done(request, reverse("upkeep:objection", args=[pk]), _t("The objection is answered."))


def _page(
    request: HttpRequest, objection: Objection, form: AnswerForm | None = None, status: int = 200
) -> HttpResponse:
    if form is None and queries.answerable(request.user, objection):
        form = AnswerForm()
    context = {
        "objection": objection,
        "point": objection.point,
        "light": objection_light(objection),
        "about": about_words(objection),
        "about_address": about_address(objection),
        "files": evidence.files_of(request.user, "upkeep.objection", objection.pk),
        "form": form,
    }
    return render(request, "upkeep/objection.html", context, status=status)
