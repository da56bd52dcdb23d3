"""Objections: the list, filing one's own, reading and answering one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from jiulong.evidence.files import RefusedFileError
from jiulong.evidence.queries import files_of
from jiulong.organisation.rules import Viewer, may
from jiulong.pages.columns import Column, as_clock
from jiulong.pages.filters import Choice
from jiulong.pages.lights import light
from jiulong.pages.lists import Asked, Empty, ListPage, Preset
from jiulong.scorecards import standing_pages, standing_specs
from jiulong.scorecards import standing_rules as rules
from jiulong.scorecards.actions import standings as contest
from jiulong.scorecards.models import Dispute, Observation, StandingRow
from jiulong.scorecards.period_words import in_words
from jiulong.scorecards.queries import standings as queries
from jiulong.scorecards.standing_forms import AnswerForm, DisputeForm, uploads
from jiulong.scorecards.standing_trees import unpacked
from jiulong.scorecards.views.standings import _require_reader, _row

LIGHTS = {"open": "near", "upheld": "met", "rejected": "told", "withdrawn": "none"}


def _state(row: Dispute) -> Any:
    return light(LIGHTS[row.state], row.get_state_display())


class DisputeList(ListPage):
    """Objections, the newest first."""

    title = _("Objections")
    lead = _("A unit objects to its own row while the window is open; the office answers.")
    order = "-at"
    file_name = "objections"
    columns = (
        Column(name="state", label=_("State"), value=lambda row: row, show=_state, short=True,
               sort=("state",), export=lambda row: row.get_state_display()),
        Column(name="subject", label=_("Of"), value="row.subject.name", opens=True),
        Column(name="period", label=_("Period"),
               value=lambda row: in_words(row.row.standing.period)),
        Column(name="claim", label=_("What is wrong, and what is right"), wide=True),
        Column(name="by", label=_("By"), on_phone=False),
        Column(name="at", label=_("Filed"), show=as_clock, sort=("at",)),
    )  # fmt: skip
    filters = (Choice(name="state", label=_("State"), choices=Dispute.State.choices),)
    presets = (
        Preset(label=_("All")),
        Preset(label=_("Wait for an answer"), query={"state": "open"}),
    )
    empty = Empty(title=_("No objection"), text=_("Nobody objected so far."), icon="hand-stop")

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Dispute]:
        _require_reader(viewer)
        found = queries.disputes(viewer)
        standing = self.request.GET.get("standing", "")
        if standing.isdecimal():
            found = found.filter(row__standing=int(standing))
        return found.filter(state=asked.filters["state"]) if asked.filters["state"] else found

    def row_address(self, row: Dispute) -> str:
        return reverse("scorecards:dispute", args=[row.pk])


def file_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Object to one's own row."""
    row = _row(request, pk)
    user = rules.require_own(request.user, row.subject)
    names = standing_specs.names(standing_specs.of(row.standing.scheme))
    criteria = [
        (one["criterion"], f"{names.get(one['criterion'], one['criterion'])} ({one['points']})")
        for one in row.criteria
    ]
    form = DisputeForm(request.POST or None, request.FILES or None, criteria=criteria)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            dispute = contest.file_dispute(
                actor=user, row=row, claim=given["claim"], criterion=given["criterion"],
                files=uploads(form),
            )  # fmt: skip
        except ValidationError as error:
            form.blame(error)
        except (contest.NotNowError, RefusedFileError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _t("Your objection is filed; the office answers it."))
            return redirect("scorecards:dispute", dispute.pk)
    context = {
        "form": form, "heading": _t("Object to a row"),
        "lead": f"{row.subject.name} · {in_words(row.standing.period)}",
        "back": reverse("scorecards:row", args=[row.pk]), "back_words": row.subject.name,
        "submit": _t("File the objection"),
    }  # fmt: skip
    return render(request, "scorecards/standings/form.html", context)


def dispute_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection with its proof; answering it."""
    dispute = _dispute(request, pk)
    row = queries.row(request.user, dispute.row_id)
    names = standing_specs.names(standing_specs.of(row.standing.scheme))
    answers = (
        dispute.state == Dispute.State.OPEN
        and may(request.user, rules.RUN)
        and dispute.by_id != request.user.pk
    )
    form = None
    if answers:
        given = request.POST if request.method == "POST" else None
        form = AnswerForm(given, observations=_values(row))
        if request.method == "POST" and form.is_valid() and _answered(request, dispute, form):
            return redirect("scorecards:dispute", pk)
    elif request.method == "POST":
        raise PermissionDenied(rules.RUN)
    context = {
        "dispute": dispute, "row": row, "form": form, "light": _state(dispute),
        "criterion": names.get(dispute.criterion, ""), "period": in_words(row.standing.period),
        "title": standing_specs.as_text(standing_specs.of(row.standing.scheme).name),
        "files": files_of(request.user, "scorecards.dispute", dispute.pk),
        "may_withdraw": dispute.state == Dispute.State.OPEN
        and rules.speaks_for(request.user, row.subject),
    }  # fmt: skip
    return render(request, "scorecards/standings/dispute.html", context)


def _answered(request: HttpRequest, dispute: Dispute, form: AnswerForm) -> bool:
    given = form.cleaned_data
    revision = None
    if given["observation"]:
        observation = Observation.objects.get(pk=given["observation"])
        revision = contest.Revision(observation, Decimal(given["value"]))
    try:
        contest.answer_dispute(
            actor=request.user, dispute=dispute, upheld=given["state"] == Dispute.State.UPHELD,
            answer=given["answer"], revision=revision,
        )  # fmt: skip
    except ValidationError as error:
        form.blame(error)
    except contest.NotNowError as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, _t("Answered."))
        return True
    return False


def _values(row: StandingRow) -> list[tuple[int, str]]:
    """The observations on which a row rests, for the form: id and words."""
    ids = {
        int(ref.partition("/")[2])
        for ref in standing_pages.refs_of(unpacked(row.explained))
        if ref.startswith("scorecards.observation/")
    }
    found = Observation.objects.filter(pk__in=ids, current=True, subject=row.subject_id)
    return [
        (one.pk, f"{one.indicator.names.get('zh')} · {one.period} · {one.value.normalize():f}")
        for one in found.select_related("indicator").order_by("-period", "indicator__position")
    ]


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Take one's own objection back."""
    dispute = _dispute(request, pk)
    try:
        contest.withdraw_dispute(actor=request.user, dispute=dispute)
    except contest.NotNowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _t("Withdrawn."))
    return redirect("scorecards:dispute", pk)


def _dispute(request: HttpRequest, pk: int) -> Dispute:
    found = queries.disputes(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return found
