"""Bulletins: the list, one of them with its figures' sources, drafting and editing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from jiulong.bulletins import actions, kinds, paper, queries, rules, verifying, words
from jiulong.bulletins.forms import DraftForm, WordsForm
from jiulong.bulletins.lifecycle import FROZEN
from jiulong.bulletins.models import Bulletin
from jiulong.bulletins.views import shown
from jiulong.evidence.queries import files_of
from jiulong.organisation.rules import Viewer, may, reach, require
from jiulong.pages import lights
from jiulong.pages.columns import Column, as_clock
from jiulong.pages.filters import Choice
from jiulong.pages.lists import Action, Asked, Empty, ListPage, Preset


def _kinds(_viewer: Any = None) -> list[tuple[str, str]]:
    return [(key, str(one.name)) for key, one in kinds.kinds().items()]


def _state(row: Bulletin) -> Any:
    return lights.light(shown.LIGHTS[row.state], row.get_state_display())


class BulletinList(ListPage):
    """Bulletins, newest first."""

    title = _("Bulletins")
    lead = _("What was announced, ordered and laid before meetings; every figure opens its source.")
    search_hint = _("Title or number")
    order = "-drafted_at"
    file_name = "bulletins"
    template_name = "bulletins/list.html"
    columns = (
        Column(name="title", label=pgettext_lazy("bulletin", "Title"), opens=True, sort=("title",)),
        Column(name="kind", label=_("Kind"), value="kind_name", sort=("kind",)),
        Column(name="number", label=_("Document number"), sort=("number",)),
        Column(name="state", label=_("State"), value=lambda row: row, show=_state,
               export=lambda row: row.get_state_display(), sort=("state",)),
        Column(name="unit", label=pgettext_lazy("bulletin", "Office"), on_phone=False),
        Column(name="drafted_at", label=_("Drafted"), show=as_clock, sort=("drafted_at",),
               on_phone=False),
        Column(name="issued_at", label=_("Issued"), show=as_clock, sort=("issued_at",)),
    )  # fmt: skip
    filters = (
        Choice(name="kind", label=_("Kind"), choices=_kinds),
        Choice(name="state", label=_("State"), choices=Bulletin.State.choices),
    )
    presets = (
        Preset(label=_("All")),
        Preset(label=pgettext_lazy("bulletin", "In force"), query={"state": "issued"}),
        Preset(label=_("Being passed"), query={"state": "waiting"}),
        Preset(label=_("Drafts"), query={"state": "draft"}),
    )
    empty = Empty(
        title=_("No bulletin yet"),
        text=_("A circular is written from a frozen standing, a meeting pack from its meeting."),
        icon="news",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Bulletin]:
        require(viewer, rules.SEE)
        wanted = {name: value for name, value in asked.filters.items() if value}
        found = queries.bulletins(viewer).filter(**wanted)
        if asked.search:
            found = found.filter(shown.about_words(asked.search))
        return found

    def dress(self, rows: Sequence[Any]) -> Sequence[Any]:
        names = dict(_kinds())
        for row in rows:
            row.kind_name = names.get(row.kind, row.kind)
        return rows

    def row_address(self, row: Bulletin) -> str:
        return reverse("bulletins:bulletin", args=[row.pk])

    def actions(self, viewer: Viewer) -> Sequence[Action]:
        found = []
        if may(viewer, rules.FORMS):
            found.append(
                Action(
                    label=pgettext_lazy("bulletin", "Forms"),
                    address=reverse("bulletins:forms"),
                    icon="file-text",
                )
            )
        if may(viewer, rules.DRAFT):
            found.append(
                Action(label=_("Draft a bulletin"), address=reverse("bulletins:new"),
                       icon="plus", primary=True)
            )  # fmt: skip
        return found

    def more(self, viewer: Viewer) -> dict[str, Any]:
        return {"to_sign": queries.to_sign(viewer)}


@require_safe
def bulletin_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One bulletin as it prints; each figure leads to where it was read; the chain; what to do."""
    bulletin = find(request, pk)
    result = verifying.verify(bulletin)
    office = reach(request.user, rules.DRAFT).covers(bulletin.unit_id)
    draft = bulletin.state == Bulletin.State.DRAFT
    context = {
        "bulletin": bulletin,
        "kind": kinds.of(bulletin),
        "light": shown.LIGHTS[bulletin.state],
        "told": paper.printed(bulletin, list(bulletin.quotes.all())),
        "sections": shown.sections(bulletin, result),
        "result": result,
        "chain": shown.chain(bulletin),
        "loose": words.listed(shown.loose(bulletin)),
        "may_edit": office and draft,
        "may_sign": rules.may_sign(request.user, bulletin),
        "may_correct": office and bulletin.state == Bulletin.State.ISSUED,
        "may_publish": _may_publish(request.user, bulletin),
        "frozen": bulletin.state in FROZEN,
        "files": files_of(request.user, "bulletins.bulletin", bulletin.pk),
    }
    return render(request, "bulletins/bulletin.html", context)


def new_page(request: HttpRequest) -> HttpResponse:
    """Draft a bulletin: which kind, about what."""
    user = require(request.user, rules.DRAFT)
    form = DraftForm(request.POST or None, viewer=user, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft_bulletin(
                actor=user, kind=form.cleaned_data["kind"], about=form.subject,
                now=timezone.now(),
            )  # fmt: skip
        except ValidationError as error:
            form.blame(error)
        else:
            messages.success(request, _t("The bulletin is drafted. Read it, then hand it in."))
            return redirect("bulletins:bulletin", made.pk)
    context = {"form": form, "heading": _t("Draft a bulletin"), "button": _t("Draft a bulletin")}
    return render(request, "bulletins/form.html", context)


def edit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the words of a draft; figures stay as they were read."""
    bulletin = find(request, pk)
    user = rules.require_office(request.user, rules.DRAFT, bulletin.unit_id)
    if bulletin.state != Bulletin.State.DRAFT:
        messages.error(request, _t("It is no draft any more."))
        return redirect("bulletins:bulletin", pk)
    form = WordsForm(request.POST or None, bulletin=bulletin)
    if request.method == "POST" and form.is_valid():
        bulletin.version = form.cleaned_data["version"]
        try:
            actions.edit_bulletin(actor=user, bulletin=bulletin, **form.words)
        except ValidationError as error:
            form.blame(error)
        except actions.ChangedError:
            return changed(request, pk)
        else:
            messages.success(request, _t("Saved."))
            return redirect("bulletins:bulletin", pk)
    context = {
        "form": form, "heading": _t("Edit the words"), "bulletin": bulletin,
        "quotes": bulletin.quotes.all(),
    }  # fmt: skip
    return render(request, "bulletins/edit.html", context)


def find(request: HttpRequest, pk: int) -> Bulletin:
    """One bulletin that the asker may read. Raises Http404."""
    try:
        return queries.bulletin(request.user, pk)
    except Bulletin.DoesNotExist as error:
        raise Http404(str(pk)) from error


def changed(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the paper, which is another by now."""
    messages.error(request, _t("The bulletin has changed meanwhile. Read it again."))
    return redirect("bulletins:bulletin", pk)


def _may_publish(viewer: Viewer, bulletin: Bulletin) -> bool:
    return (
        bulletin.state == Bulletin.State.ISSUED
        and kinds.of(bulletin).see == "all"
        and reach(viewer, rules.APPROVE).covers(bulletin.unit_id)
    )
