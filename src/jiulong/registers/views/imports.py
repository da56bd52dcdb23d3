"""Handing in a sheet, following its check and its import, and the files around it."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jiulong.organisation.models import User
from jiulong.organisation.rules import require
from jiulong.pages.export import XLSX
from jiulong.registers import actions, queries, specs
from jiulong.registers.importing import files, sheets, steps
from jiulong.registers.models import ImportJob, Register
from jiulong.registers.views.entries import register_of

#: Faults on the page; the sheet that can be fetched has all that are kept.
SHOWN: Final = 200
#: Sheets so small are worked on while the person waits; others wait for the keeper.
AT_ONCE_BYTES: Final = 100_000
AT_ONCE_ROWS: Final = 1000
WORKING: Final = frozenset({"waiting", "checking", "queued", "importing"})


def import_entries(request: HttpRequest, code: str) -> HttpResponse:
    """Hand in a sheet of entries; it is checked before anything is entered."""
    register = register_of(request, code)
    require(request.user, "import_entries")
    if register.retired_at is not None:
        raise Http404(code)
    return _hand_in(request, register)


def import_enterprises(request: HttpRequest) -> HttpResponse:
    """Hand in a sheet of enterprises; it is checked before anything is entered."""
    require(request.user, "edit_enterprise")
    return _hand_in(request, None)


def _hand_in(request: HttpRequest, register: Register | None) -> HttpResponse:
    complaint = ""
    if request.method == "POST":
        upload = request.FILES.get("sheet")
        content = upload.read(sheets.FILE_MAX_MB * 1024 * 1024 + 1) if upload else b""
        name = (upload.name if upload else "") or ""
        try:
            job = actions.hand_in(actor=request.user, register=register, name=name, content=content)
        except ValidationError as error:
            complaint = " ".join(error.messages)
        else:
            if len(content) <= AT_ONCE_BYTES:
                steps.advance(job.pk)
            return redirect("registers:import_job", pk=job.pk)
    context = {
        "register": register, "spec": specs.register(register) if register else None,
        "complaint": complaint, "jobs": queries.imports(request.user, register),
        "rows_max": sheets.ROWS_MAX, "mb_max": sheets.FILE_MAX_MB, "list": _back(register),
        "template": _template_address(register),
    }  # fmt: skip
    return render(request, "registers/import.html", context, status=422 if complaint else 200)


def _back(register: Register | None) -> str:
    if register is None:
        return reverse("registers:enterprises")
    return reverse("registers:entries", args=[register.code])


def _template_address(register: Register | None) -> str:
    if register is None:
        return reverse("registers:enterprises_template")
    return reverse("registers:template", args=[register.code])


def _job(request: HttpRequest, pk: int) -> ImportJob:
    try:
        return queries.import_job(request.user, pk)
    except ImportJob.DoesNotExist as error:
        raise Http404(pk) from error


def import_job(request: HttpRequest, pk: int) -> HttpResponse:
    """How a sheet fares: progress, then its faults, or what importing it would do, or has done."""
    job = _job(request, pk)
    share = 100 * job.done // job.total if job.total else 0
    context = {
        "job": job, "register": job.register, "list": _back(job.register),
        "spec": specs.register(job.register) if job.register else None,
        "working": job.state in WORKING, "share": share,
        "faults": [{"at": at, "told": told} for at, told in job.faults[:SHOWN]],
        "more": max(0, job.faults_count - SHOWN),
        "whole": any(not at for at, _told_ in job.faults),
        "again": _again(job.register),
    }  # fmt: skip
    return render(request, "registers/import_job.html", context)


def _again(register: Register | None) -> str:
    if register is None:
        return reverse("registers:enterprises_import")
    return reverse("registers:import", args=[register.code])


@require_POST
def import_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Import a checked sheet: all of its rows or none."""
    job = _job(request, pk)
    try:
        actions.start_import(actor=request.user, job=job)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if job.total <= AT_ONCE_ROWS:
            steps.advance(job.pk)
    return redirect("registers:import_job", pk=pk)


@require_POST
def import_give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a sheet that has not been imported."""
    job = _job(request, pk)
    actions.give_up(actor=request.user, job=job)
    return redirect(_again(job.register))


def import_faults(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet that was handed in, with its faults marked in it."""
    job = _job(request, pk)
    if job.state != ImportJob.State.FAULTY or not job.content:
        raise Http404(pk)
    try:
        content = files.annotated(job)
    except sheets.UnreadableError as error:
        raise Http404(pk) from error
    return _workbook(content, "faults")


def template(request: HttpRequest, code: str) -> HttpResponse:
    """An empty sheet of the register, with the heads and the choices in it."""
    register = register_of(request, code)
    return _workbook(files.template(specs.register(register)), code.replace(".", "-"))


def enterprises_template(request: HttpRequest) -> HttpResponse:
    """An empty sheet of enterprises."""
    if not isinstance(request.user, User):
        raise PermissionDenied("see_entries")
    return _workbook(files.template(None), "enterprises")


def _workbook(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer
