"""Sheets: the list with the late ones, one of them as an entry grid, and its steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiulong.organisation.rules import Viewer, reach, require
from jiulong.pages.columns import Column, as_clock
from jiulong.pages.export import XLSX
from jiulong.pages.filters import Choice
from jiulong.pages.lights import light
from jiulong.pages.lists import Asked, Empty, ListPage, Preset
from jiulong.scorecards import grid, sheeting, signing, typists, workbook
from jiulong.scorecards.actions import sheets as acts
from jiulong.scorecards.checking import At, Fault, Typed
from jiulong.scorecards.models import Sheet
from jiulong.scorecards.queries import sheets as queries
from jiulong.scorecards.queries.sheets import Sheetful
from jiulong.scorecards.words import SHEET_LIGHTS


def state_light(row: Sheet) -> Any:
    """The state with its shape; what should be there and is not stands in red."""
    missing = row.state in acts.OPEN and row.due_at < timezone.now()
    if missing:
        return light("over", _t("Overdue"))
    return light(SHEET_LIGHTS[Sheet.State(row.state)], row.get_state_display())


def _lateness(row: Sheet) -> Any:
    return light("near", pgettext("a sheet", "Late")) if row.late else ""


class SheetList(ListPage):
    """Sheets, the newest period first."""

    title = pgettext_lazy("to be filled in", "Sheets")
    lead = _("Figures that units report: filled in, signed by levels, then locked.")
    order = "-period"
    file_name = "sheets"
    search_hint = _("Unit or sheet")
    columns = (
        Column(
            name="name",
            label=pgettext_lazy("to be filled in", "Sheet"),
            value=lambda row: sheeting.spec_of(row.plan).name.show(),
            opens=True,
        ),
        Column(name="unit", label=_("Unit"), value="unit.name", sort=("unit__code",)),
        Column(name="period", label=_("Period"), sort=("period",), short=True),
        Column(
            name="state",
            label=_("State"),
            value=lambda row: row,
            show=state_light,
            sort=("state",),
            export=lambda row: row.get_state_display(),
        ),
        Column(
            name="due_at",
            label=pgettext_lazy("of a sheet", "Due"),
            show=as_clock,
            sort=("due_at",),
        ),
        Column(
            name="submitted_at",
            label=_("Submitted"),
            show=as_clock,
            sort=("submitted_at",),
            on_phone=False,
        ),
        Column(
            name="late",
            label=pgettext_lazy("a sheet", "Late"),
            value=lambda row: row,
            show=_lateness,
            export=lambda row: pgettext("a sheet", "Late") if row.late else "",
        ),
    )
    filters = (
        Choice(name="state", label=_("State"), choices=Sheet.State.choices),
        Choice(
            name="late",
            label=pgettext_lazy("a sheet", "Late"),
            choices=[("1", _("Late or overdue"))],
        ),
        Choice(name="mine", label=_("Mine"), choices=[("1", _("Waits for me"))]),
    )
    presets = (
        Preset(label=_("All")),
        Preset(label=_("To be filled in"), query={"state": "draft"}),
        Preset(label=_("Waits for signature"), query={"state": "submitted"}),
        Preset(label=_("Late or overdue"), query={"late": "1"}),
    )
    empty = Empty(
        title=_("No sheet"),
        text=_("Sheets open by themselves when a month or quarter ends, as their pack says."),
        icon="table",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Sheet]:
        if not any(reach(viewer, verb) for verb in ("see_scores", "fill_sheet", "sign_sheet")):
            raise PermissionDenied("see_scores")
        late = asked.filters["late"]
        found = queries.late(viewer, timezone.now()) if late else queries.sheets(viewer)
        if asked.filters["state"]:
            found = found.filter(state=asked.filters["state"])
        if asked.filters["mine"]:
            found = found.filter(pk__in=queries.waiting_for(viewer))
        return queries.named(found, asked.search)

    def row_address(self, row: Sheet) -> str:
        return reverse("scorecards:sheet", args=[row.pk])


def _sheet(request: HttpRequest, pk: int) -> Sheet:
    found = queries.sheets(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def _page(request: HttpRequest, full: Sheetful) -> int:
    asked = request.POST.get("page") or request.GET.get("page") or "1"
    return min(max(int(asked), 1), full.pages) if asked.isdecimal() and len(asked) < 6 else 1


@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """A sheet as a grid; with `?check=1` what is wrong with it."""
    row = _sheet(request, pk)
    full = queries.sheetful(row)
    wrong = queries.faults(full) if request.GET.get("check") and row.state in acts.OPEN else []
    return _shown(request, full, wrong)


def _shown(request: HttpRequest, full: Sheetful, wrong: Sequence[Fault]) -> HttpResponse:
    row, page = full.sheet, _page(request, full)
    editable = row.state in acts.OPEN and reach(request.user, "fill_sheet").covers(row.unit_id)
    lines = queries.lines(full, page, wrong)
    single, may_sign = len(full.subjects) == 1, signing.may_sign(request.user, row)
    table = (
        grid.tall(lines[0], full.columns, editable=editable)
        if single else grid.body(lines, full.columns, editable=editable)
    )  # fmt: skip
    context = {
        "sheet": row, "full": full, "name": full.spec.name.show(), "table": table,
        "single": single, "editable": editable, "page": page, "pages": range(1, full.pages + 1),
        "light": state_light(row), "wrong": _places(full, wrong),
        "levels": _levels(full), "may_sign": may_sign, "typists": typists.typists(row),
        "may_return": signing.may_return(request.user, row),
        "digest": sheeting.digest_of(row, sheeting.told(row)) if may_sign else "",
    }  # fmt: skip
    return render(request, "scorecards/sheet.html", context, status=422 if wrong else 200)


def _places(full: Sheetful, wrong: Sequence[Fault]) -> list[dict[str, Any]]:
    """Each fault with where it is: name of subject and column, page, cell."""
    order = {subject.code: n for n, subject in enumerate(full.subjects)}
    names = {subject.code: subject for subject in full.subjects}
    columns = {column.key: column for column in full.columns}
    return [
        {
            "subject": names[fault.at[0]].name, "column": columns[fault.at[1]].name,
            "text": fault.text, "note": fault.note,
            "page": order[fault.at[0]] // full.per_page + 1,
            "cell": grid.name_at(names[fault.at[0]].pk, columns[fault.at[1]]),
        }
        for fault in wrong[:100]
    ]  # fmt: skip


def _levels(full: Sheetful) -> list[dict[str, Any]]:
    """Who signs at each level, and who has."""
    done = full.sheet.signatures
    return [
        {
            "name": level.name.show(), "unit": sheeting.signing_unit(full.spec, full.sheet, n).name,
            "signed": done[n] if n < len(done) else None,
        }
        for n, level in enumerate(full.spec.levels)
    ]  # fmt: skip


def _typed(request: HttpRequest, full: Sheetful) -> dict[At, Typed]:
    """The cells of the page that was sent."""
    before = full.typed()
    found = {}
    for subject in full.subjects:
        for column in full.columns:
            key, at = grid.name_at(subject.pk, column), (subject.code, column.key)
            if f"v-{key}" in request.POST:
                note = request.POST.get(f"n-{key}", before[at].note)
                value = request.POST[f"v-{key}"]
                found[at] = Typed(value.replace("\0", ""), note.replace("\0", ""))
    return found


def _version(request: HttpRequest) -> int:
    asked = request.POST.get("version", "")
    return int(asked) if asked.isdecimal() and len(asked) < 9 else 0


def _told(request: HttpRequest, error: ValidationError) -> None:
    for message in error.messages:
        messages.error(request, message)


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was typed; `submit` hands it in, `to` goes to another page of the grid."""
    row = _sheet(request, pk)
    full, now = queries.sheetful(row), timezone.now()
    try:
        acts.save_draft(
            actor=request.user, sheet=row, cells=_typed(request, full),
            version=_version(request), now=now,
        )  # fmt: skip
        if "submit" in request.POST:
            acts.submit_sheet(actor=request.user, sheet=row, version=row.version, now=now)
            messages.success(request, _t("Submitted. It waits for signature."))
            return redirect("scorecards:sheet", pk)
    except ValidationError as error:
        if request.headers.get("HX-Request"):
            # A page that is behind stays behind: else its next save would write over others.
            data = {"sheet": row, "error": error.messages[0], "version": _version(request)}
            return render(request, "scorecards/saved.html", data)
        _told(request, error)
        return redirect("scorecards:sheet", pk)
    except acts.WrongCellsError as error:
        return _shown(request, queries.sheetful(row), error.faults)
    if request.headers.get("HX-Request"):
        data = {"sheet": row, "at": now, "version": row.version}
        return render(request, "scorecards/saved.html", data)
    messages.success(request, _t("Kept as a draft."))
    to = request.POST.get("to", "")
    page = to if to.isdecimal() else request.POST.get("page", "1")
    return redirect(f"{reverse('scorecards:sheet', args=[pk])}?page={page}")


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign at the level whose turn it is."""
    row = _sheet(request, pk)
    try:
        digest = request.POST.get("digest", "")
        acts.sign_sheet(actor=request.user, sheet=row, digest=digest, now=timezone.now())
        messages.success(request, _t("Signed."))
    except ValidationError as error:
        _told(request, error)
    return redirect("scorecards:sheet", pk)


@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return it with a reason."""
    row = _sheet(request, pk)
    try:
        why = request.POST.get("why", "")
        acts.return_sheet(actor=request.user, sheet=row, why=why, now=timezone.now())
        messages.success(request, _t("Returned."))
    except ValidationError as error:
        _told(request, error)
    return redirect("scorecards:sheet", pk)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The sheet as .xlsx, to be filled in elsewhere."""
    row = _sheet(request, pk)
    answer = HttpResponse(workbook.written(queries.sheetful(row)), content_type=XLSX)
    name = f"{row.plan.code}-{row.unit.code}-{row.period}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """A filled-in .xlsx becomes the draft."""
    row = _sheet(request, pk)
    require(request.user, "fill_sheet")
    full, given = queries.sheetful(row), request.FILES.get("file")
    try:
        cells = workbook.read(full, given.read(workbook.MOST_BYTES + 1) if given else b"")
        acts.save_draft(
            actor=request.user, sheet=row, cells=cells, version=row.version, now=timezone.now()
        )
    except workbook.UnreadableError as error:
        messages.error(request, str(error))
        return redirect("scorecards:sheet", pk)
    except ValidationError as error:
        _told(request, error)
        return redirect("scorecards:sheet", pk)
    messages.success(request, _t("%(count)d values taken over.") % {"count": len(cells)})
    return redirect(f"{reverse('scorecards:sheet', args=[pk])}?check=1")
