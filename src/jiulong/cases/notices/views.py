"""Notices: the bell, the list, and each person's choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from jiulong.cases.models import Notice
from jiulong.cases.notices import actions, queries, words
from jiulong.cases.notices.forms import ChoiceForm
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer
from jiulong.pages import lights
from jiulong.pages.columns import Column, as_ago
from jiulong.pages.filters import Choice
from jiulong.pages.lists import Action, Asked, Empty, ListPage, Preset

#: Above this the bell says "99+".
MOST = 99


def _as_told(row: dict[str, Any]) -> Any:
    told: words.Told = row["told"]
    new = (
        ""
        if row["notice"].read_at
        else format_html('<b class="notice-new">{}</b>', pgettext("notice", "New"))
    )
    light = lights.light(told.light, told.title)
    return format_html('{}<span class="notice-text">{} {}</span>', light, told.text, new)


class NoticeList(ListPage):
    """What the viewer was told, newest first."""

    title = pgettext_lazy("page", "Notices")
    file_name = "notices"
    order = "-at"
    live = ("notices",)
    template_name = "cases/notices/list.html"
    columns = (
        Column(name="what", label=pgettext_lazy("notice", "What"), value=lambda row: row,
               show=_as_told, wide=True,
               export=lambda row: f"{row['told'].title} {row['told'].text}".strip()),
        Column(name="case", label=_("Case"), value="about", opens=True),
        Column(name="at", label=_("When"), show=as_ago, sort=("at",), short=True),
        Column(name="outside", label=_("Sent outside"), on_phone=False),
    )  # fmt: skip
    filters = (
        Choice(name="unread", label=_("State"),
               choices=[("yes", _("Unread")), ("no", _("Read"))]),
        Choice(name="kind", label=_("Kind"),
               choices=[(kind, label) for kind, (_light, label) in words.KINDS.items()]),
    )  # fmt: skip
    presets = (
        Preset(label=_("All")),
        Preset(label=_("Unread"), query={"unread": "yes"}),
        Preset(label=_("Reminders"), query={"kind": "reminder"}),
    )
    empty = Empty(
        title=_("Nobody has told you anything yet"),
        text=_("What is assigned to you, reminded of or answered comes here."),
        icon="bell",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Notice]:
        unread = asked.filters["unread"]
        return queries.notices(
            viewer, unread=None if not unread else unread == "yes", kind=asked.filters["kind"] or ""
        )

    def dress(self, rows: Sequence[Notice]) -> Sequence[dict[str, Any]]:
        dressed = []
        for row in rows:
            told = words.told(row)
            dressed.append({
                "notice": row, "told": told, "about": told.about, "at": row.at,
                "outside": words.channels(row),
            })  # fmt: skip
        return dressed

    def row_address(self, row: dict[str, Any]) -> str:
        return reverse("notices:open", args=[row["notice"].pk])

    def row_state(self, row: dict[str, Any]) -> str:
        return "notice-read" if row["notice"].read_at else "notice-unread"

    def actions(self, viewer: Viewer) -> Sequence[Action]:  # noqa: ARG002 - everybody may
        return (
            Action(label=_("How to tell me"), address=reverse("notices:choices"), icon="settings"),
        )

    def more(self, viewer: Viewer) -> dict[str, Any]:
        return {"unread": queries.unread(viewer)}


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """The bell of the page head with the number of unread notices, asked for by htmx."""
    count = queries.unread(request.user, MOST)
    shown = f"{MOST}+" if count > MOST else str(count)
    return render(request, "cases/notices/bell.html", {"count": count, "shown": shown})


@require_safe
def open_notice(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Mark a notice as read and go to its case."""
    try:
        notice = queries.notice(request.user, pk)
    except Notice.DoesNotExist as error:
        raise Http404(str(pk)) from error
    actions.mark_read(actor=request.user, notice=notice)
    return redirect("cases:case", notice.case_id) if notice.case_id else redirect("notices:list")


@require_POST
def read_all(request: HttpRequest) -> HttpResponseRedirect:
    """Mark every notice of the viewer as read."""
    n = actions.mark_read(actor=request.user)
    told = ngettext("%(n)d notice marked as read.", "%(n)d notices marked as read.", n)
    messages.success(request, told % {"n": n})
    return redirect("notices:list")


def choices(request: HttpRequest) -> HttpResponse:
    """Where the viewer wants to be told outside of the app, and of what."""
    form = ChoiceForm(request.POST or None, initial=_initial(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose(actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _t("Kept. From now on you are told so."))
            return redirect("notices:choices")
    shown = {
        "form": form,
        "mail_ready": settings.MAIL_READY,
        "schemes": [f"{scheme}://" for scheme in settings.NOTICE_CHANNELS],
    }
    return render(request, "cases/notices/choices.html", shown)


def _initial(viewer: Viewer) -> dict[str, Any]:
    held = queries.choice(viewer) if isinstance(viewer, User) else None
    if held is None:
        mail = viewer.email if isinstance(viewer, User) else ""
        return {"mail": mail, "kinds": words.USUAL, "language": get_language()}
    return {
        "mail": held.mail, "address": held.address, "kinds": held.kinds, "language": held.language
    }  # fmt: skip
