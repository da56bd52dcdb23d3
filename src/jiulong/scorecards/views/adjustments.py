"""Bonuses, deductions and vetoes: the list, filing, confirming, withdrawing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from jiulong.evidence.files import RefusedFileError
from jiulong.evidence.queries import files_of
from jiulong.organisation.rules import Viewer, may, require
from jiulong.pages.columns import Column, as_clock
from jiulong.pages.filters import Choice
from jiulong.pages.lights import light
from jiulong.pages.lists import Action, Asked, Empty, ListPage
from jiulong.scorecards import schemes_section, standing_specs
from jiulong.scorecards import standing_rules as rules
from jiulong.scorecards.actions import standings as contest
from jiulong.scorecards.engine import periods
from jiulong.scorecards.models import Adjustment, SchemeVersion, Subject
from jiulong.scorecards.queries import standings as queries
from jiulong.scorecards.standing_forms import AdjustmentForm, WhyForm, uploads
from jiulong.scorecards.views.standings import _require_reader

KINDS = {"bonus": "met", "penalty": "near", "veto": "over", "exempt": "none"}


def _kind(row: Adjustment) -> Any:
    return light(KINDS[row.kind], row.get_kind_display())


def _state(row: Adjustment) -> Any:
    if row.withdrawn_at:
        return light("none", _t("Withdrawn"))
    if row.confirmed_at:
        return light("met", _t("Confirmed"))
    return light("near", _t("Waits for confirmation"))


class AdjustmentList(ListPage):
    """Bonuses, deductions and vetoes."""

    title = _("Bonuses, deductions, vetoes")
    lead = _("Filed with proof by one person, confirmed by another; then they count.")
    order = "-filed_at"
    file_name = "adjustments"
    columns = (
        Column(name="kind", label=_("Kind"), value=lambda row: row, show=_kind, short=True,
               sort=("kind",), export=lambda row: row.get_kind_display()),
        Column(name="subject", label=_("Of whom"), value="subject.name", opens=True,
               sort=("subject__name",)),
        Column(name="period", label=_("Period"), sort=("period",), short=True),
        Column(name="reason", label=_("Reason"), wide=True),
        Column(name="amount", label=_("How many"), numeric=True,
               value=lambda row: f"{row.amount.normalize():f}"),
        Column(name="state", label=_("State"), value=lambda row: row, show=_state,
               export=lambda row: "confirmed" if row.confirmed_at else ""),
        Column(name="filed_at", label=_("Filed"), show=as_clock, sort=("filed_at",)),
    )  # fmt: skip
    filters = (Choice(name="kind", label=_("Kind"), choices=Adjustment.Kind.choices),)
    empty = Empty(
        title=_("Nothing filed"), text=_("Commendations, circulars and vetoes stand here."),
        icon="award",
    )  # fmt: skip

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Adjustment]:
        _require_reader(viewer)
        found = queries.adjustments(viewer)
        return found.filter(kind=asked.filters["kind"]) if asked.filters["kind"] else found

    def row_address(self, row: Adjustment) -> str:
        return reverse("scorecards:adjustment", args=[row.pk])

    def actions(self, viewer: Viewer) -> Sequence[Action]:
        if not may(viewer, rules.ADJUST):
            return ()
        return [
            Action(
                label=f"{_t('File')}: {standing_specs.as_text(standing_specs.of(one).name)}",
                address=reverse("scorecards:adjustment_new") + f"?scheme={code}",
                icon="plus", primary=n == 0,
            )
            for n, (code, one) in enumerate(_schemes().items())
        ]  # fmt: skip


def _schemes() -> dict[str, SchemeVersion]:
    """Schemes in force today that know bonuses, deductions or vetoes."""
    today = timezone.localdate()
    return {
        code: one
        for code, one in schemes_section.newest().items()
        if standing_specs.adjustable(one)
        and (one.effective_to is None or one.effective_to >= today)
    }


def new_page(request: HttpRequest) -> HttpResponse:
    """File one, with its proof."""
    user = require(request.user, rules.ADJUST)
    schemes = _schemes()
    version = schemes.get(request.GET.get("scheme", "")) or next(iter(schemes.values()), None)
    if version is None:
        raise Http404("scheme")
    scheme = standing_specs.of(version)
    subjects = Subject.objects.filter(pk__in=standing_specs.members(scheme)).order_by("code")
    last = periods.previous(periods.of(timezone.localdate(), scheme.frequency))
    form = AdjustmentForm(
        request.POST or None, request.FILES or None, initial={"period": last},
        facts=standing_specs.adjustable(version), subjects=subjects,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = {key: value for key, value in form.cleaned_data.items() if key != "proof"}
        try:
            row = contest.file_adjustment(actor=user, scheme=version, files=uploads(form), **given)
        except ValidationError as error:
            form.blame(error)
        except RefusedFileError as error:
            form.add_error("proof", str(error))
        else:
            messages.success(request, _t("Filed; another person confirms it."))
            return redirect("scorecards:adjustment", row.pk)
    context = {
        "form": form, "heading": _t("File a bonus, deduction or veto"),
        "lead": standing_specs.as_text(scheme.name), "submit": _t("File"),
        "back": reverse("scorecards:adjustments"),
        "back_words": _t("Bonuses, deductions, vetoes"),
    }  # fmt: skip
    return render(request, "scorecards/standings/form.html", context)


@require_safe
def adjustment_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them with its proof; confirming and withdrawing."""
    return _page(request, _adjustment(request, pk), WhyForm())


def _page(request: HttpRequest, row: Adjustment, form: WhyForm) -> HttpResponse:
    version = schemes_section.newest().get(row.scheme)
    facts = standing_specs.adjustable(version) if version else {}
    fact = facts.get(row.criterion)
    own = row.filed_by_id == request.user.pk
    waits = row.confirmed_at is None and row.withdrawn_at is None
    runs = may(request.user, rules.RUN)
    context = {
        "row": row, "fact": fact, "kind": _kind(row), "state": _state(row), "form": form,
        "scheme": standing_specs.as_text(standing_specs.of(version).name) if version else "",
        "files": files_of(request.user, "scorecards.adjustment", row.pk),
        "may_confirm": waits and runs and not own,
        "may_withdraw": row.withdrawn_at is None and (runs or (own and waits)),
    }  # fmt: skip
    return render(request, "scorecards/standings/adjustment.html", context)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Confirm what another person filed."""
    row = _adjustment(request, pk)
    try:
        contest.confirm_adjustment(actor=request.user, adjustment=row)
    except contest.NotNowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _t("Confirmed; it counts from the next computation on."))
    return redirect("scorecards:adjustment", pk)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back, with a reason."""
    row = _adjustment(request, pk)
    form = WhyForm(request.POST)
    try:
        contest.withdraw_adjustment(
            actor=request.user, adjustment=row, reason=request.POST.get("reason", "")
        )
    except contest.NotNowError as error:
        messages.error(request, str(error))
    except ValidationError as error:
        form.is_valid()
        form.errors.clear()
        form.blame(error)
        return _page(request, row, form)
    else:
        messages.success(request, _t("Withdrawn."))
    return redirect("scorecards:adjustment", pk)


def _adjustment(request: HttpRequest, pk: int) -> Adjustment:
    _require_reader(request.user)
    found = queries.adjustments(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return found
