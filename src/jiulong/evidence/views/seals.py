"""Seals: what they cover, and checking one on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from jiulong.evidence import actions, keys, queries, sources, verification
from jiulong.evidence.models import Seal
from jiulong.organisation.rules import Viewer, may, require
from jiulong.pages.columns import Column, as_clock, as_number
from jiulong.pages.filters import Choice
from jiulong.pages.lists import Asked, Empty, ListPage, Preset

#: How much of a digest a list shows: enough to compare with a printed one.
SHORT = 16


def as_short_digest(digest: bytes | memoryview) -> Any:
    """The beginning of a digest in hex."""
    return format_html('<span class="digest">{}…</span>', bytes(digest).hex()[:SHORT])


class SealList(ListPage):
    """Seals, newest first."""

    title = _("Seals")
    lead = _(
        "Every hour, the journal's frames and the events of casework are hashed, chained to the "
        "seal before and signed. Whoever noted a digest can tell later whether any was altered."
    )
    file_name = "seals"
    order = "-number"
    live = ("seals",)
    template_name = "evidence/seals.html"
    columns = (
        Column(name="number", label=_("Number"), opens=True, sort=("number",),
               value=lambda row: f"#{row.number}"),
        Column(name="end", label=_("Period up to"), value="period_end", show=as_clock,
               sort=("period_end",), short=True),
        Column(name="frames", label=_("Frames"), show=as_number(digits=0), numeric=True,
               sort=("frames",)),
        Column(name="batches", label=_("Batches"), show=as_number(digits=0), numeric=True,
               on_phone=False),
        Column(name="events", label=_("Events"), show=as_number(digits=0), numeric=True,
               sort=("events",)),
        Column(name="digest", label=_("Digest"), show=as_short_digest, wide=True,
               export=lambda digest: bytes(digest).hex()),
        Column(name="key", label=_("Key"), value="key_id", on_phone=False),
        Column(name="sealed", label=_("Signed"), value="sealed_at", show=as_clock, short=True,
               on_phone=False),
    )  # fmt: skip
    filters = (
        Choice(name="silent", label=_("Content"),
               choices=[("no", _("With frames")), ("yes", _("Without frames"))]),
    )  # fmt: skip
    presets = (
        Preset(label=_("All seals")),
        Preset(label=_("Without frames"), query={"silent": "yes"}),
    )
    empty = Empty(
        title=_("Nothing is sealed yet"),
        text=_("The keeper seals every hour when it is over."),
        icon="lock",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Seal]:
        silent = asked.filters["silent"]
        return queries.seals(viewer, silent=None if not silent else silent == "yes")

    def row_address(self, row: Seal) -> str:
        return reverse("evidence:seal", args=[row.number])

    def more(self, viewer: Viewer) -> dict[str, Any]:
        return {
            "status": queries.status(viewer, timezone.now()),
            "may_seal": may(viewer, "seal"),
        }


def seal_page(request: HttpRequest, number: int) -> HttpResponse:
    """One seal: what it covers, its digest and signature; those who may seal may recompute it."""
    if request.method == "POST":  # hashes a whole hour: not for everybody, and not by a link
        require(request.user, "seal")
    try:
        seal = queries.seal(request.user, number)
    except Seal.DoesNotExist as error:
        raise Http404(str(number)) from error
    report = None
    if request.method == "POST":
        trusted = keys.public_keys(settings.SEAL_KEYS)
        only = verification.Range(since=number, until=number)
        report = verification.verify(sources.source(), trusted, only)
    context = {
        "seal": seal,
        "root": bytes(seal.root).hex(),
        "digest": bytes(seal.digest).hex(),
        "previous": bytes(seal.previous).hex(),
        "signature": bytes(seal.signature).hex(),
        "events_root": bytes(seal.events_root or b"").hex(),
        "before": number - 1 if number > 1 else None,
        "after": number + 1 if queries.seals(request.user).filter(number=number + 1) else None,
        "report": report,
        "late_frames": queries.late_frames(seal),
        "may_check": may(request.user, "seal"),
    }
    return render(request, "evidence/seal.html", context)


@require_POST
def seal_now(request: HttpRequest) -> HttpResponseRedirect:
    """Seal all that is in the journal."""
    made: Sequence[Seal] = actions.seal_now(actor=require(request.user, "seal"))
    if made:
        text = ngettext("%(n)d new seal.", "%(n)d new seals.", len(made)) % {"n": len(made)}
        messages.success(request, text)
    else:
        messages.info(request, _t("Nothing new to seal."))
    return redirect("evidence:seals")


def public_key(request: HttpRequest) -> HttpResponse:
    """The public keys that verify the seals, PEM; what `jiulong verify --public-key` reads."""
    queries.seals(request.user)  # anyone who signed in may have them
    trusted = keys.public_keys(settings.SEAL_KEYS)
    text = b"".join(keys.pem(public) for public in trusted.values())
    response = HttpResponse(text, content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="jiulong-seal.pub"'
    return response
