"""Checks of instruments, with their limits."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from jiulong.evidence import queries as evidence
from jiulong.monitoring.views.spans import midnight
from jiulong.monitoring.words import as_point, factor_name, point_title
from jiulong.organisation.rules import Viewer, require
from jiulong.pages.columns import Column, as_clock, as_number
from jiulong.pages.filters import Choice, Day
from jiulong.pages.lists import Asked, Empty, Preset
from jiulong.upkeep import actions, queries, words
from jiulong.upkeep.forms import WithdrawForm
from jiulong.upkeep.models import QcTest
from jiulong.upkeep.views.acting import FORM_ERROR, do, done, find
from jiulong.upkeep.views.switches import UpkeepList

PASSING = (
    ("yes", pgettext_lazy("a check", "Passed")),
    ("no", pgettext_lazy("a check", "Failed")),
)


class CheckList(UpkeepList):
    """Every check of the stations that the viewer sees, newest first."""

    title = _("Checks of instruments")
    lead = _(
        "A failed check makes values invalid back to the last passed one and forward to the next."
    )
    file_name = "checks"
    search_hint = _("Enterprise, point or operating firm")
    order = "-at"
    columns = (
        Column(name="passed", label=_("Result"), show=words.passed_light,
               export=lambda passed: "yes" if passed else "no", sort=("passed", "at"), short=True),
        Column(name="kind", label=_("Check"), value="get_kind_display", opens=True),
        Column(name="point", label=_("Point"), show=as_point, export=point_title, wide=True,
               sort=("point__outfall__enterprise__name", "at")),
        Column(name="factor", label=_("Factor"), value=lambda row: factor_name(row.factor)),
        Column(name="reference", label=_("True value"), show=as_number(), numeric=True),
        Column(name="measured", label=_("Measured"), show=as_number(), numeric=True),
        Column(name="error", label=_("Error (limit)"), value=words.error, numeric=True),
        Column(name="at", label=_("At"), show=as_clock, sort=("at", "id"), short=True),
        Column(name="source", label=_("Source"), value="get_source_display", on_phone=False),
    )  # fmt: skip
    filters = (
        Choice(name="passed", label=_("Result"), choices=PASSING),
        Choice(name="kind", label=_("Check"), choices=QcTest.Kind.choices),
        Day(name="since", label=_("From day")),
    )
    presets = (
        Preset(label=_("All")),
        Preset(label=PASSING[1][1], query={"passed": "no"}),
        Preset(label=QcTest.Kind.COMPARISON.label, query={"kind": "comparison"}),
    )
    empty = Empty(
        title=_("No checks"),
        text=_("Checks are entered by the operating firm or sent by loggers."),
        icon="shield-check",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[QcTest]:
        passed, since = asked.filters["passed"], asked.filters["since"]
        return queries.checks(
            viewer, q=asked.search, passed=None if not passed else passed == "yes",
            kind=asked.filters["kind"] or "", since=midnight(since) if since else None,
        )  # fmt: skip

    def row_address(self, row: QcTest) -> str:
        return reverse("upkeep:check", args=[row.pk])


def check_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One check: how it was judged, and its proof."""
    return _page(request, find(QcTest, request.user, pk))


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a check that was entered wrongly."""
    require(request.user, "mark_data")
    test = find(QcTest, request.user, pk)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _page(request, test, form, FORM_ERROR)
    reason = form.cleaned_data["reason"]
    status = do(form, lambda: actions.withdraw_check(actor=request.user, test=test, reason=reason))
    if status != 200:
        return _page(request, test, form, status)
    return done(request, reverse("upkeep:check", args=[pk]), _t("The check was withdrawn."))


def _page(
    request: HttpRequest, test: QcTest, form: WithdrawForm | None = None, status: int = 200
) -> HttpResponse:
    if form is None and queries.takes_back(request.user, test):
        form = WithdrawForm()
    context = {
        "test": test,
        "point": test.point,
        "light": words.passed_light(test.passed),
        "error": words.error(test),
        "limit": words.limit(test),
        "files": evidence.files_of(request.user, "upkeep.qctest", test.pk),
        "withdraw": form,
    }
    return render(request, "upkeep/check.html", context, status=status)
