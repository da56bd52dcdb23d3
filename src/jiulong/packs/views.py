"""Packs: what the box holds, what was applied, and what applying would change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from jiulong.organisation.rules import Viewer, may, require
from jiulong.packs import actions, queries, sections, words
from jiulong.packs.planning import MistakenError, Outcome
from jiulong.packs.queries import Listed
from jiulong.pages.columns import Column, as_clock
from jiulong.pages.lights import light
from jiulong.pages.lists import Asked, Empty, ListPage

#: Tone of the light for each state of a pack.
TONES: Final = {"new": "none", "applied": "met", "changed": "near", "mistaken": "over",
                "gone": "none", "outside": "met"}  # fmt: skip
#: States in which the box has no files to apply.
NO_FILES: Final = frozenset({"gone", "outside"})
#: Longer plans are shown in part: a district's first application is hundreds of lines.
MOST_LINES: Final = 300


def as_state(state: str) -> SafeString:
    """How the files stand to what was applied."""
    return light(TONES[state], words.state_word(state))


def as_holds(holds: Mapping[str, int]) -> str:
    """What a pack holds: “Units 180 · Roles 1”."""
    return " · ".join(f"{sections.label(key)} {count}" for key, count in holds.items()) or "—"


class PackList(ListPage):
    """Packs of the box, and those that were applied."""

    title = _("Packs")
    lead = _(
        "Each of the district's systems is a pack: units, registers, matters and clocks as data. "
        "Applying one sets it up; applying it again changes only what differs."
    )
    file_name = "packs"
    order = "name"
    columns = (
        Column(name="title", label=_("Pack"), opens=True, value=lambda row: row.title.show()),
        Column(name="name", label=_("Name"), sort=("name",), short=True),
        Column(name="state", label=_("State"), show=as_state, sort=("state",), short=True,
               export=words.state_word),
        Column(name="version", label=_("Version"), sort=("version",), short=True),
        Column(name="holds", label=_("Holds"), show=as_holds, export=as_holds, wide=True),
        Column(name="at", label=_("Applied"), show=as_clock, on_phone=False,
               value=lambda row: row.applied and row.applied.applied_at),
        Column(name="by", label=_("By"), on_phone=False,
               value=lambda row: row.applied and row.applied.actor_name),
    )  # fmt: skip
    empty = Empty(
        title=_("The box is empty"),
        text=_("JIULONG_PACKS names the folder in which packs are looked for."),
        icon="stack-2",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> list[Listed]:
        found = queries.packs(viewer)
        wanted = (asked.search or "").casefold()
        return [row for row in found if wanted in _told(row).casefold()]

    def row_address(self, row: Listed) -> str:
        return reverse("packs:pack", args=[row.name])


def _told(row: Listed) -> str:
    return f"{row.name} {row.title.zh} {row.title.en} {row.summary.zh}"


def pack_page(request: HttpRequest, name: str) -> HttpResponse:
    """One pack: what it holds, what applying it would change, and when it was applied."""
    return _page(request, name, demo=request.GET.get("demo") == "on")


@require_POST
def apply_pack(request: HttpRequest, name: str) -> HttpResponse:
    """Apply a pack of the box and what it requires."""
    user = require(request.user, "apply_pack")
    listed = _found(request, name)
    demo = request.POST.get("demo") == "on"
    try:
        outcomes = actions.apply_packs(actor=user, paths=[listed.name], demo=demo)
    except MistakenError as error:
        messages.error(request, _t("Nothing was changed: the pack cannot be applied."))
        return _page(request, name, demo=demo, refused=error, status=409)
    for outcome in outcomes:
        messages.success(request, next(words.told(outcome)))
    return redirect("packs:pack", name)


def _found(request: HttpRequest, name: str) -> Listed:
    """The pack of that name. Raises Http404, PermissionDenied."""
    for listed in queries.packs(request.user):
        if listed.name == name:
            return listed
    raise Http404(name)


def _page(
    request: HttpRequest,
    name: str,
    *,
    demo: bool,
    refused: MistakenError | None = None,
    status: int = 200,
) -> HttpResponse:
    listed = _found(request, name)
    outcomes: list[Outcome] = []
    if listed.state not in NO_FILES and refused is None:
        try:
            outcomes = queries.plan(request.user, [name], demo=demo)
        except MistakenError as error:
            refused = error
    lines = [_line(key, change) for one in outcomes for key, some in one.changes.items()
             for change in some]  # fmt: skip
    context: dict[str, Any] = {
        "pack": listed,
        "state": as_state(listed.state),
        "holds": as_holds(listed.holds),
        "mistakes": refused.mistakes if refused else (),
        "outcomes": outcomes,
        "lines": lines[:MOST_LINES],
        "more": max(0, len(lines) - MOST_LINES),
        "count": len(lines),
        "same": sum(one.same for one in outcomes if one.pack.name == name),
        "others": [one.pack.name for one in outcomes if one.changed and one.pack.name != name],
        "demo": demo,
        "may_apply": may(request.user, "apply_pack") and listed.state not in NO_FILES,
        "history": queries.history(request.user, name),
    }
    return render(request, "packs/pack.html", context, status=status)


def _line(section: str, change: sections.Change) -> dict[str, Any]:
    return {
        "section": sections.label(section),
        "key": change.key,
        "kind": change.kind,
        "word": words.KINDS[change.kind],
        "sign": words.SIGNS[change.kind],
        "parts": words.differing(change),
        "text": words.summary(change),
    }
