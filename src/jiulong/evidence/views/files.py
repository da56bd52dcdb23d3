"""Files: shown to those whom the guard of their subject lets, and added by those it lets add."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, redirect
from django.utils.dateparse import parse_datetime
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from jiulong.evidence import files, guards, queries, sniffing
from jiulong.evidence.actions import Captured, keep_file, withdraw_file
from jiulong.evidence.files import RefusedFileError, Size
from jiulong.evidence.models import Attachment
from jiulong.organisation.rules import Viewer

#: Nothing in a file may run, load or send anything, whatever a browser takes it for.
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; sandbox"
#: An hour: who loses the right to see it has seen it already.
CACHE: Final = "private, max-age=3600, immutable"
FILES_MAX: Final = 20


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """A file as it was sent, or with `?size=preview`, `thumb` or `public` a copy of a picture."""
    attachment = _attachment(request, pk)
    kept, size = attachment.file, request.GET.get("size", "")
    if size and (size not in set(Size) or not kept.is_picture):
        raise Http404(size)
    tag = f'"{kept.sha256}{size}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    content = files.copy(kept, Size(size)) if size else files.content(kept)
    media_type = sniffing.JPEG if size else kept.media_type
    charset = "; charset=utf-8" if media_type == sniffing.TEXT else ""
    response = HttpResponse(content, content_type=media_type + charset)
    download = media_type not in sniffing.SHOWN or "download" in request.GET
    response["Content-Disposition"] = content_disposition_header(download, _name(attachment)) or ""
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = CACHE
    response["ETag"] = tag
    if media_type != sniffing.TEXT:
        response["Content-Encoding"] = "identity"  # what is compressed is not compressed again
    return response


@require_POST
def attach(request: HttpRequest, label: str, subject_id: str) -> HttpResponseRedirect:
    """Add files to what they belong to; answers with the page they were sent from."""
    try:
        if not guards.may_add(request.user, label, subject_id):
            raise PermissionDenied("keep_file")
    except ValueError as error:  # no number
        raise Http404(subject_id) from error
    subject = _subject(label, subject_id)
    sent = request.FILES.getlist("files")[:FILES_MAX]
    captured = _captured(request.POST.get("captured", ""))
    kept = sum(_keep(request, subject, one, captured.get(place)) for place, one in enumerate(sent))
    if kept:
        text = ngettext("%(n)d file added.", "%(n)d files added.", kept) % {"n": kept}
        messages.success(request, text)
    elif not sent:
        messages.warning(request, _t("No file was chosen."))
    return _back(request)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """No longer show a file that one added by mistake; it is kept, with the reason."""
    attachment = _attachment(request, pk)
    try:
        withdraw_file(
            actor=_user(request), attachment=attachment, reason=request.POST.get("reason", "")
        )
    except ValueError:
        messages.error(request, _t("Say why the file is withdrawn."))
    else:
        messages.success(request, _t("The file is withdrawn."))
    return _back(request)


def _user(request: HttpRequest) -> Viewer:
    return request.user


def _attachment(request: HttpRequest, pk: int) -> Attachment:
    try:
        return queries.attachment(request.user, pk)
    except Attachment.DoesNotExist as error:
        raise Http404(str(pk)) from error


def _subject(label: str, subject_id: str) -> Model:
    try:
        model = apps.get_model(label)
        found: Model = get_object_or_404(model, pk=subject_id)
    except (LookupError, ValueError) as error:
        raise Http404(label) from error
    return found


def _keep(
    request: HttpRequest, subject: Model, sent: UploadedFile[Any], captured: Captured | None
) -> int:
    """Keep one; 1 if it was kept. What is refused is told, and the others are kept."""
    try:
        keep_file(
            actor=request.user,
            content=sent.file,  # type: ignore[arg-type]  # a binary stream
            name=sent.name or "",
            subject=subject,
            purpose=request.POST.get("purpose", ""),
            note=request.POST.get("note", ""),
            captured=captured,
        )
    except RefusedFileError as error:
        messages.error(request, f"{sent.name}: {error}")
        return 0
    return 1


def _captured(text: str) -> dict[int, Captured]:
    """What capture.js tells of each file by its place; nothing of what it cannot have told."""
    try:
        listed = json.loads(text or "[]")
        return {
            int(place): told
            for place, one in enumerate(listed)
            if (told := read_captured(one)) is not None
        }
    except (ValueError, TypeError, RecursionError):
        return {}


def read_captured(told: Any) -> Captured | None:
    """`{"sha256": …, "at": …, "longitude": …, "latitude": …, "accuracy_m": …}` of a device."""
    digest = told.get("sha256") if isinstance(told, dict) else None
    if (
        not isinstance(digest, str)
        or len(digest) != 64
        or not set(digest) <= set("0123456789abcdef")
    ):
        return None
    return Captured(
        sha256=digest,
        at=_moment(told.get("at")),
        longitude=_number(told.get("longitude"), 180),
        latitude=_number(told.get("latitude"), 90),
        accuracy_m=_number(told.get("accuracy_m"), 1e7),
    )


def _moment(value: Any) -> datetime | None:
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and is_aware(found) else None


def _number(value: Any, most: float) -> float | None:
    good = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most
    return float(value) if good else None


def _name(attachment: Attachment) -> str:
    """As the sender called it, with the ending of what it is."""
    ending = sniffing.ENDINGS[attachment.file.media_type]
    name = attachment.name
    same = name.lower().endswith((ending, ".jpeg" if ending == ".jpg" else ending))
    if attachment.file.media_type == sniffing.TEXT and name.lower().endswith(".csv"):
        same = True
    return name if same else name + ending


def _back(request: HttpRequest) -> HttpResponseRedirect:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return redirect(wanted if safe else "home")
