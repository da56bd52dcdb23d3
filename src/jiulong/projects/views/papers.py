"""Briefs to be printed and taken along."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiulong.documents import DOCX, PDF, Document, as_docx, as_pdf
from jiulong.organisation.rules import reach, require
from jiulong.pages.export import XLSX
from jiulong.projects import importing, papers, queries
from jiulong.projects.views.common import find

WRITERS: Final[dict[str, tuple[Any, str]]] = {"docx": (as_docx, DOCX), "pdf": (as_pdf, PDF)}


@require_safe
def project(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """One project on one page."""
    found = find(request, pk)
    page = queries.page(request.user, found, timezone.localdate())
    return _answer(papers.brief(found, page, timezone.now()), form)


@require_safe
def leader(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """What a leader is in charge of, as far as the viewer may see it."""
    user = require(request.user, "see_projects")
    names = dict(queries.leaders(user))
    if key not in names:
        raise Http404(key)
    today = timezone.localdate()
    found = queries.projects(user, today, queries.Wanted(leader=key))
    rows = list(found.order_by(queries.HEAVIEST, F("behind").desc(nulls_last=True), "code"))
    month = queries.month_of(today)
    return _answer(papers.of_leader(names[key], rows, month, timezone.now()), form)


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The projects that the viewer keeps, as a sheet that can be changed and imported again."""
    user = require(request.user, "keep_projects")
    kept = reach(user, "keep_projects").within("lead_unit")
    rows = (
        queries.visible(user).filter(kept).select_related("zone", "lead_unit", "supervising_unit")
    )
    response = HttpResponse(importing.workbook(rows), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="projects.xlsx"'
    return response


def _answer(document: Document, form: str) -> HttpResponse:
    if form not in WRITERS:
        raise Http404(form)
    write, media_type = WRITERS[form]
    response = HttpResponse(write(document), content_type=media_type)
    name = quote(f"{document.title}.{form}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
