"""What leaves the house: the bundle that verifies offline, and the printable record."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jiulong.documents import DOCX, PDF, as_docx, as_pdf
from jiulong.evidence import queries as evidence
from jiulong.organisation.rules import may
from jiulong.sampling import dossier as dossiers
from jiulong.sampling import papers, queries
from jiulong.sampling.guarding import results_of
from jiulong.sampling.views.samples import LABEL, find


@require_POST
def dossier(request: HttpRequest, pk: int) -> FileResponse:
    """Everything of one sample as one zip that verifies offline. That it was taken is recorded."""
    sample = find(request, pk)
    if not may(request.user, "see_files"):
        raise PermissionDenied("see_files")
    with TemporaryDirectory(prefix="sample") as folder:
        made = dossiers.build(request.user, sample, Path(folder) / "dossier.zip")
        # Opened before the folder goes: the system keeps the file until it is closed.
        return FileResponse(made.open("rb"), as_attachment=True, filename=f"{sample.number}.zip")


@require_safe
def paper(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The sample's record as .docx or PDF."""
    if form not in {"pdf", "docx"}:
        raise Http404(form)
    sample, viewer, now = find(request, pk), request.user, timezone.now()
    (row,) = queries.dress([sample], now)
    document = papers.record(
        row,
        results=results_of(viewer, sample),
        custody=evidence.custody_of(viewer, LABEL, sample.pk),
        events=evidence.events_of(viewer, LABEL, sample.pk),
        files=evidence.files_of(viewer, LABEL, sample.pk),
        now=now,
    )
    made = as_pdf(document) if form == "pdf" else as_docx(document)
    response = HttpResponse(made, content_type=PDF if form == "pdf" else DOCX)
    response["Content-Disposition"] = f'inline; filename="{sample.number}.{form}"'
    return response
