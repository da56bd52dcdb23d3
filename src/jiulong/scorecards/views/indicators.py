"""Indicators: the list, one of them through the year, its targets, its figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from jiulong.organisation.rules import Viewer, may, reach, require
from jiulong.pages.columns import Column
from jiulong.pages.filters import Choice
from jiulong.pages.lists import Asked, Empty, ListPage
from jiulong.scorecards import checking, words
from jiulong.scorecards.actions import causes, revise_observation
from jiulong.scorecards.actions.splitting import set_target, split_target
from jiulong.scorecards.forms import RevisionForm, SplitForm, TargetForm
from jiulong.scorecards.models import Indicator, Observation, Subject, Target
from jiulong.scorecards.queries import parts as queries
from jiulong.scorecards.queries.lines import AimLine, aim_lines, years
from jiulong.scorecards.sheeting import name_of
from jiulong.scorecards.standing_rules import is_own
from jiulong.scorecards.views.aims import asked, shown


class IndicatorList(ListPage):
    """What is measured."""

    title = _("Indicators")
    lead = _("Their definitions come from packs; their codes are their names in schemes.")
    order = "position"
    file_name = "indicators"
    search_hint = _("Name or code")
    columns = (
        Column(name="name", label=_("Indicator"), value=name_of, opens=True),
        Column(name="code", label=_("Code"), sort=("code",), on_phone=False),
        Column(name="measure", label=_("Unit of measure"), short=True),
        Column(name="every", label=_("Every"), value="get_every_display", sort=("every",)),
        Column(name="source", label=_("Source"), value="get_source_display", sort=("source",)),
        Column(name="owner", label=_("Owner"), value="owner.name", sort=("owner__code",)),
        Column(name="position", label=_("Order"), sort=("position",), numeric=True,
               on_phone=False),
    )  # fmt: skip
    filters = (
        Choice(name="source", label=_("Source"), choices=Indicator.Source.choices),
        Choice(name="every", label=_("Every"), choices=Indicator.Every.choices),
    )
    empty = Empty(
        title=_("No indicator"), text=_("Apply a pack that has some, such as targets-2023."),
        icon="target",
    )  # fmt: skip

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Indicator]:
        found = queries.indicators(viewer)
        found = found.filter(**{name: one for name, one in asked.filters.items() if one})
        if asked.search:
            found = found.filter(code__icontains=asked.search) | found.filter(
                names__icontains=asked.search
            )
        return found

    def row_address(self, row: Indicator) -> str:
        return reverse("scorecards:indicator", args=[row.code])


def _indicator(request: HttpRequest, code: str) -> Indicator:
    return get_object_or_404(queries.indicators(request.user), code=code)


def _line(request: HttpRequest, row: Indicator, subject: Subject, year: int, on: date) -> Any:
    found = [one for one in aim_lines(request.user, [subject], year, on) if one.indicator == row]
    return found[0] if found else None


@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator of a subject in a year: curve, figures, who contributed, what was revised."""
    row, wanted = _indicator(request, code), asked(request)
    line: AimLine | None = _line(request, row, wanted.subject, wanted.year, wanted.on)
    target = line.target if line else None
    months = queries.months(row, wanted.subject, wanted.year, wanted.on, target)
    known = [one for one in months if one.value]
    period = known[-1].period if known else str(wanted.year)
    spoken, parts = queries.parts(request.user, line, row, wanted.subject, period)
    context = {
        "indicator": row, "name": name_of(row), "subject": wanted.subject, "year": wanted.year,
        "years": years()[:6], "line": shown([line])[0] if line else None, "target": target,
        "months": [_month(row, one) for one in months], "chart": _chart(row, months),
        "parts": [_part(row, one) for one in parts],
        "period": words.period_words(spoken, cumulative=row.cumulative),
        "revisions": [_revision(row, one)
                      for one in queries.revisions(row, wanted.subject, wanted.year)],
        "may_set": reach(request.user, "set_targets").covers(wanted.subject.unit_id),
        "is_rate": row.kind == Indicator.Kind.GROWTH or row.measure == "%",
        "here": urlencode({"subject": wanted.subject.code, "year": str(wanted.year)}),
    }  # fmt: skip
    return render(request, "scorecards/indicator.html", context)


def _month(row: Indicator, one: queries.Month) -> dict[str, Any]:
    return {
        "period": words.period_words(one.period, cumulative=row.cumulative), "value": one.value,
        "told": words.figure(one.value.value, row) if one.value else "—",
        "last_year": words.figure(one.last_year, row),
        "growth": f"{one.growth:+f}%" if one.growth is not None else "—",
        "expected": words.figure(one.expected, row),
        "status": Observation.Status(one.value.status).label if one.value else "",
    }  # fmt: skip


def _chart(row: Indicator, months: list[queries.Month]) -> dict[str, Any]:
    """Floats for the picture; the table has the exact figures."""

    def number(value: Decimal | None) -> float | None:
        return None if value is None else float(value)

    return {
        "labels": [one.period for one in months],
        "value": [number(one.value.value if one.value else None) for one in months],
        "last": [number(one.last_year) for one in months],
        "expected": [number(one.expected) for one in months],
        "unit": row.measure,
        "words": {"value": _t("This year"), "last": _t("Last year"), "expected": _t("Expected")},
    }  # fmt: skip


def _part(row: Indicator, one: queries.Part) -> dict[str, Any]:
    return {
        "subject": one.subject, "value": one.value,
        "told": words.figure(one.value.value if one.value else None, row),
        "growth": f"{one.growth:+f}%" if one.growth is not None else "—",
        "share": f"{one.share:f}%" if one.share is not None else "—",
        "amount": words.figure(one.amount, row),
        "change": f"{one.change.normalize():+f}" if one.change is not None else "—",
        "up": one.change is not None and one.change > 0,
        "down": one.change is not None and one.change < 0,
        "target": words.target_words(one.target) if one.target else "—",
    }  # fmt: skip


def _revision(row: Indicator, one: Observation) -> dict[str, Any]:
    return {"row": one, "told": words.in_unit(one.value, row), "by": one.by or "Jiulong"}


def _target(request: HttpRequest, row: Indicator, period: str) -> tuple[Target | None, Subject]:
    wanted = asked(request)
    held = Target.objects.filter(
        indicator=row, subject=wanted.subject, period=period or str(wanted.year), current=True
    ).select_related("subject", "indicator")
    return held.first(), wanted.subject


def _back(row: Indicator, subject: Subject, year: str) -> str:
    query = urlencode({"subject": subject.code, "year": year})
    return f"{reverse('scorecards:indicator', args=[row.code])}?{query}"


def change(request: HttpRequest, code: str) -> HttpResponse:
    """Set or change the target of a year."""
    require(request.user, "set_targets")
    row, wanted = _indicator(request, code), asked(request)
    held, subject = _target(request, row, "")
    before = {"value": checking.shown(held.value) if held and held.value is not None else "",
              "tolerance": held.tolerance if held else "at_least",
              "words": held.words if held else ""}  # fmt: skip
    form = TargetForm(request.POST or None, initial=before)
    if request.method == "POST" and form.is_valid():
        try:
            set_target(
                actor=request.user, indicator=row, subject=subject, period=str(wanted.year),
                now=timezone.now(), **form.cleaned_data,
            )  # fmt: skip
        except ValidationError as error:
            form.blame(error)
        else:
            messages.success(request, _t("The target is set."))
            return redirect(_back(row, subject, str(wanted.year)))
    context = {"form": form, "name": name_of(row), "subject": subject, "year": wanted.year,
               "held": held, "back": _back(row, subject, str(wanted.year))}  # fmt: skip
    return render(request, "scorecards/target.html", context, status=422 if form.errors else 200)


def split(request: HttpRequest, code: str) -> HttpResponse:
    """Split a target up among the parts of its subject."""
    require(request.user, "set_targets")
    row, wanted = _indicator(request, code), asked(request)
    whole, subject = _target(request, row, wanted.period)
    if whole is None:
        raise Http404("target")
    below = list(Subject.objects.filter(parent=subject, retired_at=None).order_by("code"))
    held = {
        one.subject_id: one.value
        for one in Target.objects.filter(
            indicator=row, period=whole.period, current=True, subject__in=below
        )
    }
    form = SplitForm(request.POST or None, initial={"gap_reason": whole.gap_reason})
    fields = [(one, request.POST.get(f"part-{one.pk}", _held(held.get(one.pk)))) for one in below]
    if request.method == "POST" and form.is_valid():
        try:
            split_target(
                actor=request.user, whole=whole, parts=_read(fields), now=timezone.now(),
                **form.cleaned_data,
            )  # fmt: skip
        except ValidationError as error:
            form.blame(error)
        else:
            messages.success(request, _t("The target is split up."))
            return redirect(_back(row, subject, whole.period[:4]))
    context = {
        "form": form, "fields": fields, "whole": whole, "name": name_of(row), "subject": subject,
        "target": words.target_words(whole), "measure": row.measure,
        "adds": row.kind == Indicator.Kind.LEVEL and row.cumulative,
        "total": words.figure(sum((v for v in held.values() if v is not None), Decimal(0)), row),
        "back": _back(row, subject, whole.period[:4]),
    }  # fmt: skip
    return render(request, "scorecards/split.html", context, status=422 if form.errors else 200)


def _held(value: Decimal | None) -> str:
    return "" if value is None else checking.shown(value)


def _read(fields: list[tuple[Subject, str]]) -> dict[int, Decimal]:
    """The parts' numbers.

    Raises:
        ValidationError: one is none; it says whose.
    """
    found = {}
    for subject, text in fields:
        try:
            value = checking.number(text)
        except ValueError as error:
            told = _t("%(subject)s: “%(text)s” is no number.")
            data = {"subject": subject.name, "text": text[:40]}
            raise ValidationError(told % data) from error
        if value is not None:
            found[subject.pk] = value
    return found


@require_POST
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the owner of a line for cause and measures: opens a case."""
    row, wanted = _indicator(request, code), asked(request)
    line = _line(request, row, wanted.subject, wanted.year, wanted.on)
    if line is None:
        raise Http404("target")
    try:
        case = causes.ask_cause(actor=request.user, line=line, now=timezone.now())
        messages.success(request, _t("Case %(number)s is opened.") % {"number": case.number})
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect(_back(row, wanted.subject, str(wanted.year)))


@require_safe
def figure(request: HttpRequest, pk: int) -> HttpResponse:
    """One value: where it came from, who signed it, what stood before."""
    row = queries.observation(request.user, pk)
    if row is None:
        raise Http404(pk)
    told = [_revision(row.indicator, one) for one in queries.chain(row)]
    context = {
        "row": row, "name": name_of(row.indicator), "told": words.in_unit(row.value, row.indicator),
        "period": words.period_words(row.period, cumulative=row.indicator.cumulative),
        "chain": told, "back": _back(row.indicator, row.subject, row.period[:4]),
        "may_revise": row.current
        and may(request.user, "revise_observation")
        and not is_own(request.user, row.subject),
    }  # fmt: skip
    return render(request, "scorecards/figure.html", context)


def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a value, with a reason."""
    require(request.user, "revise_observation")
    row = queries.observation(request.user, pk)
    if row is None or not row.current:
        raise Http404(pk)
    form = RevisionForm(request.POST or None, initial={"value": checking.shown(row.value)})
    if request.method == "POST" and form.is_valid():
        status = "final" if form.cleaned_data["final"] else "revised"
        try:
            new = revise_observation(
                actor=request.user, observation=row, value=form.cleaned_data["value"],
                reason=form.cleaned_data["reason"], now=timezone.now(), status=status,
            )  # fmt: skip
        except ValidationError as error:
            form.blame(error)
        else:
            messages.success(request, _t("The corrected value stands; the old one stays."))
            return redirect("scorecards:figure", new.pk)
    context = {"form": form, "row": row, "name": name_of(row.indicator),
               "told": words.in_unit(row.value, row.indicator)}  # fmt: skip
    return render(request, "scorecards/revise.html", context, status=422 if form.errors else 200)
