"""Accounts: the list, one of them with the rows behind its numbers, signing and publishing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiulong.documents import DOCX, PDF, as_docx, as_pdf
from jiulong.evidence.queries import files_of
from jiulong.organisation.rules import Viewer, may, require
from jiulong.pages.columns import Column, as_clock
from jiulong.pages.filters import Choice
from jiulong.pages.lists import Action, Asked, Empty, ListPage
from jiulong.reports import actions, choices, paper, queries
from jiulong.reports.forms import DraftForm, ShowForm, WordsForm
from jiulong.reports.models import PublicOutfall, Report
from jiulong.reports.scope import Scope
from jiulong.reports.sections import Shown
from jiulong.reports.shown import page_blocks
from jiulong.reports.spans import Span
from jiulong.reports.tables import KINDS, Kind

LIGHTS = {"draft": "near", "published": "met", "replaced": "none"}


def _since(outfall: Any) -> str:
    public: PublicOutfall | None = getattr(outfall, "public", None)
    return public.since.isoformat() if public else ""


class ReportList(ListPage):
    """Accounts of months and years, newest first."""

    title = pgettext_lazy("account", "Accounts")
    lead = _("How the network ran and who met the limits, month by month and year by year.")
    order = "-first_on"
    file_name = "accounts"
    columns = (
        Column(
            name="title", label=pgettext_lazy("account", "Account"), value=paper.title, opens=True
        ),
        Column(
            name="first_on", label=pgettext_lazy("account", "From"), sort=("first_on",), short=True
        ),
        Column(name="edition", label=pgettext_lazy("account", "Edition"), numeric=True),
        Column(name="state", label=_("State"), value="get_state_display", sort=("state",)),
        Column(name="number", label=_("Document number"), on_phone=False),
        Column(name="drafted_by", label=_("Author"), on_phone=False),
        Column(name="published_at", label=_("Published"), show=as_clock, sort=("published_at",)),
    )
    filters = (
        Choice(name="kind", label=_("Time"), choices=Report.Kind.choices),
        Choice(name="state", label=_("State"), choices=Report.State.choices),
    )
    empty = Empty(
        title=_("No account yet"),
        text=_("An account is drafted when its month or year has ended, and signed by two."),
        icon="report",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Report]:
        wanted = {name: value for name, value in asked.filters.items() if value}
        require(viewer, "see_all")
        return queries.reports(viewer).filter(**wanted)

    def row_address(self, row: Report) -> str:
        return reverse("reports:report", args=[row.pk])

    def actions(self, viewer: Viewer) -> Sequence[Action]:
        if not may(viewer, "publish_report"):
            return ()
        return (
            Action(label=_("Public page"), address=reverse("reports:outfalls"), icon="eye"),
            Action(
                label=_("Draft an account"),
                address=reverse("reports:new"),
                icon="plus",
                primary=True,
            ),
        )


class RowList(ListPage):
    """The rows behind a number of an account."""

    template_name = "reports/rows.html"
    empty = Empty(title=_("No such rows"), text=_("Nothing was counted here."), icon="check")
    report: Report
    kind: Kind
    scope: Scope

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.report = _report(request, kwargs["pk"])
        if kwargs["kind"] not in KINDS:
            raise Http404(kwargs["kind"])
        self.kind = KINDS[kwargs["kind"]]
        span = Span.of(self.report.kind, self.report.first_on)
        # As it was when it was counted: what came into service later was not in it.
        self.scope = Scope.of(request.user, span, self.report.area, self.report.counted_at)
        self.__dict__.update(
            title=str(self.kind.title),
            lead=paper.title(self.report),
            columns=self.kind.columns,
            order=self.kind.order,
            file_name=kwargs["kind"],
            filters=choices.filters(tuple(self.kind.filters), self.report, self.scope),
        )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Any]:
        return self.kind.rows(viewer, self.scope, asked.filters)

    def row_address(self, row: Any) -> str:
        if self.kind is KINDS["cases"]:
            return reverse("cases:case", args=[row.pk])
        point = row if self.kind is KINDS["points"] else getattr(row, "point", None)
        return reverse("monitoring:point", args=[point.code]) if point else ""


class OutfallList(ListPage):
    """Which outfalls the public page shows."""

    title = _("What the public may see")
    template_name = "reports/outfalls.html"
    order = "enterprise"
    columns = (
        Column(
            name="enterprise",
            label=_("Enterprise"),
            value="enterprise.name",
            sort=("enterprise__name",),
        ),
        Column(name="outfall", label=_("Outfall"), value="name", sort=("code",), opens=True),
        Column(name="since", label=_("Public since"), value=_since),
    )
    empty = Empty(title=_("No outfall yet"), icon="droplet")

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Any]:  # noqa: ARG002 - no filters
        require(viewer, actions.VERB)
        return queries.outfalls(viewer)

    def row_address(self, row: Any) -> str:
        return reverse("reports:show", args=[row.pk])

    def more(self, viewer: Viewer) -> dict[str, Any]:  # noqa: ARG002 - the same for all
        return {"public_on": settings.PUBLIC_PAGE}


@require_safe
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its chapters as on paper, every number with the way to its rows."""
    report = _report(request, pk)
    shown = Shown(Span.of(report.kind, report.first_on), link=_linker(report))
    signed = [one for one in report.signatures.all() if one.digest == report.digest]
    author = may(request.user, actions.VERB)
    context = {
        "report": report,
        "title": paper.title(report),
        "light": LIGHTS[report.state],
        "chapters": [(k, h, page_blocks(b)) for k, h, b in paper.chapters(report, shown)],
        "annexes": [(h, page_blocks(b)) for h, b in paper.annexes(report, shown)],
        "signed": signed,
        "mine": any(one.by_id == request.user.pk for one in signed),
        "ready": len({one.by_id for one in signed}) >= paper.SIGNERS,
        "may_edit": author and report.state == Report.State.DRAFT,
        "files": files_of(request.user, "reports.report", report.pk),
    }
    return render(request, "reports/report.html", context)


def new_page(request: HttpRequest) -> HttpResponse:
    """Draft an account: which month or year, of the district or of a street."""
    user = require(request.user, actions.VERB)
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    form = DraftForm(
        request.POST or None, areas=queries.streets(user), initial={"day": last, "kind": "month"}
    )
    if request.method == "POST" and form.is_valid():
        try:
            report = actions.draft_report(actor=user, **form.cleaned_data)
        except ValidationError as error:
            _add(form, error)
        else:
            messages.success(request, _t("The account is drafted."))
            return redirect("reports:report", report.pk)
    return render(request, "reports/form.html", {"form": form, "heading": _t("Draft an account")})


def explain_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something of the chapters, and give the document number."""
    user = require(request.user, actions.VERB)
    report = _report(request, pk)
    form = WordsForm(request.POST or None, report=report)
    if request.method == "POST" and form.is_valid():
        try:
            actions.explain_report(
                actor=user, report=report, texts=form.texts, number=form.cleaned_data["number"]
            )
        except actions.ChangedError:
            return _changed(request, report)
        messages.success(request, _t("What you said stands in the account."))
        return redirect("reports:report", report.pk)
    context = {
        "form": form,
        "report": report,
        "heading": _t("Explanations"),
        "title": paper.title(report),
    }
    return render(request, "reports/form.html", context)


@require_POST
def recount(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Count a draft again."""
    user = require(request.user, actions.VERB)
    report = _report(request, pk)
    try:
        actions.recount_report(actor=user, report=report)
    except actions.ChangedError:
        return _changed(request, report)
    messages.success(request, _t("Counted again."))
    return redirect("reports:report", report.pk)


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Put one's name under the draft as it was shown."""
    user = require(request.user, actions.VERB)
    report = _report(request, pk)
    try:
        actions.sign_report(actor=user, report=report, digest=request.POST.get("digest", ""))
    except actions.ChangedError:
        return _changed(request, report)
    messages.success(request, _t("Your name stands under this version."))
    return redirect("reports:report", report.pk)


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Freeze and publish what two persons signed."""
    user = require(request.user, actions.VERB)
    report = _report(request, pk)
    try:
        actions.publish_report(actor=user, report=report)
    except actions.ChangedError:
        return _changed(request, report)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _t("The account is published and does not change any more."))
    return redirect("reports:report", report.pk)


@require_safe
def print_page(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The account as .docx or .pdf in the reader's language."""
    report = _report(request, pk)
    writers = {"docx": (as_docx, DOCX), "pdf": (as_pdf, PDF)}
    if form not in writers:
        raise Http404(form)
    write, media_type = writers[form]
    response = HttpResponse(write(paper.document(report)), content_type=media_type)
    name = quote(f"{paper.title(report)}.{form}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def show_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say from when on the public may see an outfall, or that it may not."""
    user = require(request.user, actions.VERB)
    outfall = queries.outfalls(user).filter(pk=pk).first()
    if outfall is None:
        raise Http404(str(pk))
    form = ShowForm(request.POST or None, initial={"since": _since(outfall)})
    if request.method == "POST" and form.is_valid():
        actions.show_outfall(actor=user, outfall=outfall, since=form.day)
        messages.success(request, _t("Saved."))
        return redirect("reports:outfalls")
    context = {"form": form, "heading": f"{outfall.enterprise} {outfall}"}
    return render(request, "reports/form.html", context)


def _report(request: HttpRequest, pk: int) -> Report:
    try:
        return queries.report(request.user, pk)
    except Report.DoesNotExist as error:
        raise Http404(str(pk)) from error


def _linker(report: Report) -> Any:
    def link(kind: str, /, **filters: Any) -> str:
        address = reverse("reports:rows", args=[report.pk, kind])
        return f"{address}?{urlencode(filters)}" if filters else address

    return link


def _changed(request: HttpRequest, report: Report) -> HttpResponseRedirect:
    messages.error(request, _t("The account has changed meanwhile. Read it again."))
    return redirect("reports:report", report.pk)


def _add(form: Form, error: ValidationError) -> None:
    named = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    for field, texts in named.items():
        for text in texts:
            form.add_error(field if field in form.fields else None, text)
