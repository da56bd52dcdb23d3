"""What is done to a bulletin: hand in, sign, return, count again, correct, print, take along."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from jiulong.bulletins import actions, paper, queries, templating, verifying, words
from jiulong.bulletins.actions.passing import form_of
from jiulong.bulletins.lifecycle import FROZEN
from jiulong.bulletins.models import Bulletin, Quote
from jiulong.bulletins.views import shown
from jiulong.bulletins.views.papers import changed, find
from jiulong.documents import DOCX, PDF, as_pdf
from jiulong.evidence.dossiers import build_dossier
from jiulong.pages.words import MISSING

MEDIA_TYPES: Final = {"pdf": PDF, "docx": DOCX}


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a draft in for its signatures."""
    return _done(request, pk, lambda one: actions.submit_bulletin(
        actor=request.user, bulletin=_seen(request, one), now=timezone.now()
    ), _t("Handed in. It waits for its first signature."))  # fmt: skip


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the next step; the last one issues the paper."""
    return _done(request, pk, lambda one: actions.pass_bulletin(
        actor=request.user, bulletin=one, digest=request.POST.get("digest", ""),
        note=request.POST.get("note", ""), now=timezone.now(),
    ), _t("Your name stands under this version."))  # fmt: skip


@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it back to its authors, with a reason."""
    return _done(request, pk, lambda one: actions.return_bulletin(
        actor=request.user, bulletin=_seen(request, one),
        reason=request.POST.get("reason", ""), now=timezone.now(),
    ), _t("Returned to its authors."))  # fmt: skip


@require_POST
def recount(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a draft anew from the data as it is now."""
    return _done(request, pk, lambda one: actions.recount_bulletin(
        actor=request.user, bulletin=_seen(request, one), now=timezone.now()
    ), _t("Written anew from the data as it is now."))  # fmt: skip


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a draft up."""
    return _done(request, pk, lambda one: actions.withdraw_bulletin(
        actor=request.user, bulletin=_seen(request, one),
        reason=request.POST.get("reason", ""), now=timezone.now(),
    ), _t("The draft is given up. It is kept."))  # fmt: skip


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show it to everybody, or no more."""
    public = request.POST.get("public") == "on"
    told = _t("Everybody may read it now.") if public else _t("It is no longer public.")
    return _done(request, pk, lambda one: actions.publish_bulletin(
        actor=request.user, bulletin=one, public=public, now=timezone.now()
    ), told)  # fmt: skip


@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft a new bulletin that replaces or revokes this one when it is issued."""
    old = find(request, pk)
    try:
        made = actions.draft_bulletin(
            actor=request.user, kind=old.kind, about=(old.about_label, old.about_pk),
            corrects=old, effect=request.POST.get("effect", ""), unit=old.unit,
            now=timezone.now(),
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("bulletins:bulletin", pk)
    messages.success(request, _t("A correction is drafted; until it is issued the old one holds."))
    return redirect("bulletins:bulletin", made.pk)


@require_safe
def print_page(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The bulletin as .docx or .pdf: an issued one as it was kept, any other as it is now."""
    bulletin = find(request, pk)
    if form not in MEDIA_TYPES:
        raise Http404(form)
    try:
        content = queries.kept(bulletin, form) if bulletin.state in FROZEN else _now(bulletin, form)
    except queries.NotKeptError:
        messages.error(request, _t("The file that was kept at the issue is missing or altered."))
        return redirect("bulletins:verify", pk)
    response = HttpResponse(content, content_type=MEDIA_TYPES[form])
    name = quote(paper.file_name(bulletin, form))
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _now(bulletin: Bulletin, form: str) -> bytes:
    told = paper.printed(bulletin, list(bulletin.quotes.all()))
    if form == "pdf":
        return as_pdf(paper.document(told))
    return templating.fill(form_of(bulletin), told)


@require_safe
def verify_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Every figure read again beside what was printed."""
    bulletin = find(request, pk)
    result = verifying.verify(bulletin)
    context = {"bulletin": bulletin, "result": result, "unfolded": True}
    return render(request, "bulletins/verify.html", context)


@require_POST
def dossier(request: HttpRequest, pk: int) -> FileResponse:
    """The bulletin with its files, events and proofs as one zip that verifies offline."""
    bulletin = find(request, pk)
    facts = [
        (_t("Number"), bulletin.number or MISSING),
        (_t("Digest"), bulletin.digest),
        (_t("Issued"), words.day(bulletin.issued_at) if bulletin.issued_at else MISSING),
        *(_source(one) for one in bulletin.quotes.all()),
    ]  # fmt: skip
    with TemporaryDirectory(prefix="dossier") as folder:
        made = build_dossier(
            viewer=request.user, title=str(bulletin), facts=facts,
            subjects=[("bulletins.bulletin", bulletin.pk)],
            out=Path(folder) / "dossier.zip", now=timezone.now(),
        )  # fmt: skip
        # Opened before the folder goes: the system keeps the file until it is closed.
        return FileResponse(
            made.open("rb"), as_attachment=True, filename=f"bulletin-{bulletin.pk}.zip"
        )


@login_not_required
@require_safe
def open_list(request: HttpRequest) -> HttpResponse:
    """Public bulletins, newest first; only where the setting opens the house."""
    _open()
    return render(
        request, "bulletins/open_list.html", {"bulletins": queries.public_bulletins()[:100]}
    )


@login_not_required
@require_safe
def open_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One public bulletin, with the digests of its figures."""
    _open()
    try:
        bulletin = queries.public_bulletin(pk)
    except Bulletin.DoesNotExist as error:
        raise Http404(str(pk)) from error
    told = paper.printed(bulletin, list(bulletin.quotes.all()))
    context = {"bulletin": bulletin, "told": told, "sections": shown.filled(told.sections)}
    return render(request, "bulletins/open.html", context)


def _source(one: Quote) -> tuple[str, str]:
    """A figure as a line of the dossier."""
    return f"{one.key} {one.what}", (
        f"{one.text} · {one.label} {one.pk_text} {one.field} · {one.digest}"
    )


def _open() -> None:
    if not settings.PUBLIC_PAGE:
        raise Http404("off")


def _seen(request: HttpRequest, bulletin: Bulletin) -> Bulletin:
    """As the asker saw it: its version stands in the form."""
    version = request.POST.get("version", "")
    bulletin.version = int(version) if version.isdecimal() else bulletin.version
    return bulletin


def _done(request: HttpRequest, pk: int, act: object, told: str) -> HttpResponse:
    bulletin = find(request, pk)
    try:
        act(bulletin)  # type: ignore[operator]
    except actions.ChangedError:
        return changed(request, pk)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, told)
    return redirect("bulletins:bulletin", pk)
