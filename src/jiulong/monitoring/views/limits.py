"""Limits of a point with where each comes from; the library of standards; the rules' numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from jiulong.monitoring import actions, limits, queries, rulebook
from jiulong.monitoring.forms import LimitForm, LoadForm, StandardForm
from jiulong.monitoring.models import Point
from jiulong.organisation.rules import may, require


def limits_page(request: HttpRequest, code: str) -> HttpResponse:
    """Every limit of a point, in force and past, and the forms of whoever may set them."""
    return _page(request, _point(request, code), {})


def _page(
    request: HttpRequest, point: Point, forms: dict[str, Any], status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    rows = queries.limits_of(point)
    in_force = [
        row
        for row in rows
        if row.valid_from <= today and (row.valid_to is None or row.valid_to >= today)
    ]
    context = {
        "point": point,
        "in_force": in_force,
        "others": [row for row in rows if row not in in_force],
        "standards": queries.standards_of(point),
        "loads": queries.permitted_loads(point.outfall),
        "today": today,
        "waiting": limits.waiting(point.pk),
        "may_set": may(request.user, "set_limit"),
        "limit_form": forms.get("limit") or LimitForm(),
        "standard_form": forms.get("standard") or StandardForm(),
        "load_form": forms.get("load") or LoadForm(initial={"year": today.year}),
    }
    return render(request, "monitoring/limits.html", context, status=status)


@require_POST
def set_limit(request: HttpRequest, code: str) -> HttpResponse:
    """Enter a permit's limit."""
    point, form = _point(request, code), LimitForm(request.POST)
    return _done(
        request, point, "limit", form,
        lambda data: actions.set_limit(actor=request.user, point=point, **data),
    )  # fmt: skip


@require_POST
def assign_standard(request: HttpRequest, code: str) -> HttpResponse:
    """Hold the point to a grade of a standard."""
    point, form = _point(request, code), StandardForm(request.POST)
    return _done(
        request, point, "standard", form,
        lambda data: actions.assign_standard(actor=request.user, point=point, **data),
    )  # fmt: skip


@require_POST
def set_load(request: HttpRequest, code: str) -> HttpResponse:
    """Enter the permitted quantity of a year."""
    point, form = _point(request, code), LoadForm(request.POST)
    return _done(
        request, point, "load", form,
        lambda data: actions.set_permitted_load(
            actor=request.user, outfall=point.outfall, **data
        ),
    )  # fmt: skip


def _done(
    request: HttpRequest, point: Point, name: str, form: Any, act: Callable[[Any], object]
) -> HttpResponse:
    require(request.user, "set_limit")
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as error:
            form.blame(error)
        else:
            messages.success(request, _entered(point, form.cleaned_data))
            return redirect("monitoring:limits", code=point.code)
    return _page(request, point, {name: form}, status=422)


def _entered(point: Point, data: Mapping[str, Any]) -> str:
    """What follows from it: what is over is judged anew, by itself or by a command."""
    first = data.get("valid_from")
    if first is None or first >= timezone.localdate():
        return _t("Entered.")
    if waiting := limits.waiting(point.pk):
        told = _t(
            "Entered. %(count)s days since %(day)s and their hours are judged anew by themselves."
        )
    else:
        told = _t(
            "Entered. Nothing is judged anew by itself. Where days were judged since %(day)s, "
            "somebody runs: jiulong judge --since %(day)s"
        )
    return told % {"day": first.isoformat(), "count": waiting}


def standards_page(request: HttpRequest) -> HttpResponse:
    """The library of standards: every grade with its numbers, clauses and how sure we are."""
    grades = list(queries.standards())
    return render(request, "monitoring/standards.html", {"grades": grades})


def rules_page(request: HttpRequest) -> HttpResponse:
    """What each rule stands on today, with its source."""
    context = {"entries": list(rulebook.entries(timezone.now()))}
    return render(request, "monitoring/rules.html", context)


def _point(request: HttpRequest, code: str) -> Point:
    seen = queries.visible_points(request.user).select_related("outfall__enterprise")
    point = seen.filter(code=code).first()
    if point is None:
        raise Http404(code)
    return point
