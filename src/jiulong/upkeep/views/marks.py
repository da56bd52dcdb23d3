"""Marks: the desk's queue, and one mark with what it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from jiulong.evidence import queries as evidence
from jiulong.monitoring.models import Factor, Point
from jiulong.monitoring.words import as_point, point_title
from jiulong.organisation.rules import Viewer, require
from jiulong.pages import lights
from jiulong.pages.columns import Column, as_clock
from jiulong.pages.filters import Choice
from jiulong.pages.lists import Asked, Empty, ListPage, Preset
from jiulong.upkeep import actions, panels, queries, words
from jiulong.upkeep.forms import ReviewForm, WithdrawForm
from jiulong.upkeep.models import Mark
from jiulong.upkeep.provisions import Rulebook, rulebook
from jiulong.upkeep.views.acting import FORM_ERROR, do, done, find

LATENESS = (("yes", _("Late")), ("no", _("In time")))


@dataclass(frozen=True, slots=True)
class Line:
    """A mark in words."""

    mark: Mark
    book: Rulebook
    factors: dict[int, Factor]

    @property
    def kind(self) -> str:
        return words.kind_name(self.book, self.mark.kind)

    @property
    def about(self) -> str:
        return words.factor_names(self.mark.factors, self.factors)

    @property
    def point(self) -> Point:
        return self.mark.point


def late_light(late: bool) -> Any:
    """Whether a mark was handed in after its time."""
    return lights.light("near", LATENESS[0][1]) if late else lights.light("met", LATENESS[1][1])


class MarkList(ListPage):
    """What waits for review first; every mark that the viewer may see."""

    title = _("Marks on data")
    file_name = "marks"
    search_hint = _("Enterprise, point or operating firm")
    order = "-started"
    columns = (
        Column(name="state", label=_("State"), value=lambda line: line.mark,
               show=words.mark_light, export=lambda mark: mark.state, short=True),
        Column(name="kind", label=_("Kind"), opens=True),
        Column(name="point", label=_("Point"), show=as_point, export=point_title, wide=True),
        Column(name="about", label=_("Factor")),
        Column(name="started", label=_("From"), value="mark.started_at", show=as_clock,
               sort=("started_at",), short=True),
        Column(name="ended", label=_("Until"), value="mark.ended_at", show=as_clock, short=True),
        Column(name="by", label=_("Handed in by"), value="mark.by_name", on_phone=False),
        Column(name="entered", label=_("Handed in"), value="mark.entered_at", show=as_clock,
               sort=("entered_at",), short=True),
        Column(name="late", label=_("In time"), value="mark.late", show=late_light, short=True),
    )  # fmt: skip
    filters = (
        Choice(name="state", label=_("State"), choices=Mark.State.choices),
        Choice(name="group", label=pgettext_lazy("of a mark", "About"), choices=Mark.Group.choices),
        Choice(name="late", label=_("In time"), choices=LATENESS),
    )
    presets = (
        Preset(label=_("All")),
        Preset(label=_("To be reviewed"), query={"state": "waiting"}),
        Preset(label=_("Handed in late"), query={"late": "yes"}),
    )
    empty = Empty(
        title=_("No marks"),
        text=_(
            "Stations mark data while an instrument is broken, maintained or checked. Data that "
            "nobody marks before 12:00 of the next day are taken as true."
        ),
        icon="pencil",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Mark]:
        late = asked.filters["late"]
        return queries.marks(
            viewer, q=asked.search, state=asked.filters["state"] or "",
            group=asked.filters["group"] or "", late=None if not late else late == "yes",
        )  # fmt: skip

    def dress(self, rows: Sequence[Mark]) -> Sequence[Line]:
        ids = sorted({pk for mark in rows for pk in mark.factors})
        known = {factor.pk: factor for factor in queries.factors_named(ids)}
        book = rulebook()
        return [Line(mark, book, known) for mark in rows]

    def row_address(self, row: Line) -> str:
        return reverse("upkeep:mark", args=[row.mark.pk])


def mark_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One mark: what it says, its proof, what it does to the day, and what was said to it."""
    return _page(request, find(Mark, request.user, pk))


@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or reject a mark."""
    require(request.user, "review_marks")
    mark = find(Mark, request.user, pk)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, mark, review=form, status=FORM_ERROR)
    accepted = form.cleaned_data["decision"] == "accept"
    status = do(
        form,
        lambda: actions.review_mark(
            actor=request.user, mark=mark, accepted=accepted, reason=form.cleaned_data["reason"]
        ),
    )
    if status != 200:
        return _page(request, mark, review=form, status=status)
    said = _t("The mark was accepted.") if accepted else _t("The mark was rejected.")
    return done(request, reverse("upkeep:mark", args=[pk]), said)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own mark back."""
    require(request.user, "mark_data")
    mark = find(Mark, request.user, pk)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _page(request, mark, withdraw=form, status=FORM_ERROR)
    reason = form.cleaned_data["reason"]
    status = do(form, lambda: actions.withdraw_mark(actor=request.user, mark=mark, reason=reason))
    if status != 200:
        return _page(request, mark, withdraw=form, status=status)
    return done(request, reverse("upkeep:mark", args=[pk]), _t("The mark was withdrawn."))


def _page(
    request: HttpRequest,
    mark: Mark,
    *,
    review: ReviewForm | None = None,
    withdraw: WithdrawForm | None = None,
    status: int = 200,
) -> HttpResponse:
    book = rulebook()
    known = {factor.pk: factor for factor in queries.factors_named(mark.factors)}
    kind = book.kinds.get(mark.kind)
    stands = mark.state in {Mark.State.WAITING, Mark.State.ACCEPTED}
    context = {
        "mark": mark,
        "point": mark.point,
        "line": Line(mark, book, known),
        "light": words.mark_light(mark),
        "kind": kind,
        "files": evidence.files_of(request.user, "upkeep.mark", mark.pk),
        "panels": [mark_safe(html) for html in panels.rendered(request, mark)],  # noqa: S308
        "review": (review or ReviewForm()) if queries.reviewable(request.user, mark) else review,
        "withdraw": (withdraw or WithdrawForm())
        if stands and queries.takes_back(request.user, mark)
        else withdraw,
        "objections": queries.objections_about("upkeep.mark", mark.pk),
        "now": timezone.now(),
    }
    return render(request, "upkeep/mark.html", context, status=status)
