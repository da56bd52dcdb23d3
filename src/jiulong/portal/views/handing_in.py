"""Forms of what stations hand in: marks with a preview, faults, manual data, checks, lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods

from jiulong.monitoring.models import Finding, Point
from jiulong.monitoring.queries import finding as find_finding
from jiulong.organisation.rules import require
from jiulong.pages.forms import Blaming
from jiulong.portal import effects
from jiulong.portal.forms import (
    CheckForm,
    FaultForm,
    MaintenanceForm,
    ManualForm,
    MarkForm,
    ObjectionForm,
)
from jiulong.portal.views.stations import own_point
from jiulong.portal.words import local_now
from jiulong.upkeep import actions, queries
from jiulong.upkeep.models import FaultReport, Mark
from jiulong.upkeep.provisions import Rulebook, rulebook
from jiulong.upkeep.views.acting import FORM_ERROR, do, done

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def mark(request: HttpRequest, code: str) -> HttpResponse:
    """Mark data; “preview” shows what it would do to the days first."""
    point, book = own_point(request, code), rulebook()
    replaced = _replaced(request, point)
    if request.method != "POST":
        form = MarkForm(initial=_prefilled(request, replaced), point=point, book=book)
        return _mark_page(request, point, form, replaced)
    form = MarkForm(request.POST, request.FILES, point=point, book=book)
    valid = form.is_valid()
    if "preview" in request.POST:
        return _preview(request, point, form, replaced, book)
    if not valid:
        return _mark_page(request, point, form, replaced, status=FORM_ERROR)
    given = form.arguments()
    status = do(
        form,
        lambda: actions.mark_data(actor=request.user, point=point, supersedes=replaced, **given),
    )
    if status != 200:
        return _mark_page(request, point, form, replaced, status=status)
    late = timezone.now() > actions.mark_due(book, given["started_at"])
    said = _t("The mark was handed in late: it counts once a reviewer accepts it.")
    return done(request, _home(point), said if late else _t("The mark was handed in."))


def _preview(
    request: HttpRequest, point: Point, form: MarkForm, replaced: Mark | None, book: Rulebook
) -> HttpResponse:
    """The effect alone for the script, or the page with it."""
    given = form.cleaned_data
    kind = book.kinds.get(given.get("kind", ""))
    context: dict[str, Any] = {"asked": True, "invalidates": bool(kind and kind.invalidates)}
    if kind and given.get("started_at") and given.get("ended_at"):
        found = effects.of_new(
            point, started_at=given["started_at"], ended_at=given["ended_at"],
            factors=[factor.pk for factor in form.chosen()], invalidates=kind.invalidates,
            replaces=replaced,
        )  # fmt: skip
        context["effects"] = effects.Told.of(found)
        context["waits"] = timezone.now() > actions.mark_due(book, given["started_at"])
    else:
        context["missing"] = True
    if request.headers.get("HX-Target") == "effect":
        return render(request, "portal/effect.html", context)
    again = MarkForm(initial=request.POST.dict(), point=point, book=book)
    again.initial["factors"] = request.POST.getlist("factors")
    return _mark_page(request, point, again, replaced, **context)


def _mark_page(
    request: HttpRequest,
    point: Point,
    form: MarkForm,
    replaced: Mark | None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    now = timezone.now()
    context = {
        "point": point,
        "form": form,
        "replaced": replaced,
        "due": actions.mark_due(form.book, now - timedelta(days=1)),
        "now": now,
    } | more
    return render(request, "portal/mark.html", context, status=status)


def _prefilled(request: HttpRequest, replaced: Mark | None) -> dict[str, Any]:
    """Hours from the address, or those of the mark whose place is taken."""
    if replaced is not None:
        known = queries.factors_named(replaced.factors)
        return {
            "kind": replaced.kind,
            "started_at": timezone.localtime(replaced.started_at),
            "ended_at": timezone.localtime(replaced.ended_at),
            "explanation": replaced.explanation,
            "factors": [factor.code for factor in known],
        }
    asked = request.GET
    try:
        on = date.fromisoformat(asked.get("on", ""))
        first, last = int(asked.get("from", "0")), int(asked.get("to", "1"))
        if not 0 <= first < last <= 24:
            return {}
    except ValueError:
        return {}
    midnight = timezone.make_aware(datetime.combine(on, time.min))
    return {
        "started_at": timezone.localtime(midnight + timedelta(hours=first)),
        "ended_at": timezone.localtime(midnight + timedelta(hours=last)),
        "factors": asked.getlist("factor"),
    }


def _replaced(request: HttpRequest, point: Point) -> Mark | None:
    """The mark whose place is to be taken, from the address."""
    raw = request.GET.get("instead", "")
    if not raw.isdecimal() or len(raw) > 18:
        return None
    found = queries.marks(request.user, point=point.code).filter(pk=raw).first()
    if found is None:
        raise Http404(raw)
    if not queries.takes_back(request.user, found):
        raise PermissionDenied("mark_data")
    return found


@require_http_methods(METHODS)
def fault(request: HttpRequest, code: str) -> HttpResponse:
    """Report a fault."""
    point, book = own_point(request, code), rulebook()
    form = FaultForm(*_sent(request), point=point, book=book, initial={"began_at": local_now()})

    def act() -> object:
        return actions.report_fault(actor=request.user, point=point, **form.arguments())

    lead = _t("To be reported within %(limit)d hours of its beginning.") % {
        "limit": book.limit("fault_report").amount
    }
    return _handled(request, point, form, act, title=_t("Report a fault"), lead=lead)


@require_http_methods(METHODS)
def manual(request: HttpRequest, code: str) -> HttpResponse:
    """Enter the values of a manual sample."""
    point, book = own_point(request, code), rulebook()
    form = ManualForm(*_sent(request), point=point, book=book, initial={"sampled_at": local_now()})
    running = _running(request, point)

    def act() -> object:
        return actions.enter_manual(
            actor=request.user, point=point, sample=form.sample(), fault=running,
            proofs=form.attached(),
        )  # fmt: skip

    lead = _t("At least %(count)d a day, at most %(hours)d hours apart, stand in for the values.")
    told = lead % {
        "count": book.count("manual_per_day"), "hours": book.limit("manual_apart").amount,
    }  # fmt: skip
    return _handled(request, point, form, act, title=_t("Enter manual data"), lead=told)


def _running(request: HttpRequest, point: Point) -> FaultReport | None:
    raw = request.GET.get("fault", "")
    rows = queries.faults(request.user, point=point.code, standing="open")
    if raw.isdecimal() and len(raw) < 19:
        rows = rows.filter(pk=raw)
    return rows.first()


@require_http_methods(METHODS)
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Enter a check of an instrument."""
    point, book = own_point(request, code), rulebook()
    asked = {name: request.GET[name] for name in ("kind", "factor") if name in request.GET}
    form = CheckForm(*_sent(request), point=point, book=book, initial={"at": local_now(), **asked})

    def act() -> object:
        factor, checked = form.checked()
        return actions.enter_check(
            actor=request.user, point=point, factor=factor, checked=checked,
            proofs=form.attached(),
        )  # fmt: skip

    return _handled(
        request, point, form, act, title=_t("Enter a check"), template="portal/check.html",
        lead=_t("A failed check takes away the values back to the last passed one."),
    )  # fmt: skip


@require_http_methods(METHODS)
def maintenance(request: HttpRequest, code: str) -> HttpResponse:
    """Work through a list: which one stands in the address."""
    point, book = own_point(request, code), rulebook()
    item = book.forms.get(request.GET.get("form", "weekly"))
    if item is None:
        raise Http404("form")
    form = MaintenanceForm(
        *_sent(request), item=item, initial={"at": local_now(), "people": str(request.user)}
    )

    def act() -> object:
        return actions.record_maintenance(
            actor=request.user, point=point, form=item.key, at=form.cleaned_data["at"],
            values=form.values(), people=form.cleaned_data["people"],
            note=form.cleaned_data["note"], place=form.place(), proofs=form.attached(),
        )  # fmt: skip

    others = [(one.key, one.name.show()) for one in book.forms.values() if one.key != item.key]
    return _handled(
        request, point, form, act, title=item.name.show(), lead=item.source.show(),
        template="portal/maintenance.html", others=others,
    )  # fmt: skip


@require_http_methods(METHODS)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Object to a finding at one's own station."""
    require(request.user, "mark_data")
    try:
        found = find_finding(request.user, pk)
    except Finding.DoesNotExist as error:
        raise Http404(str(pk)) from error
    return _objection(request, found.point, found)


@require_http_methods(METHODS)
def objection_to_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Object to the review of a mark of one's own station."""
    require(request.user, "mark_data")
    found = queries.marks(request.user).filter(pk=pk, accepted=False).first()
    if found is None:
        raise Http404(str(pk))
    return _objection(request, found.point, found)


def _objection(request: HttpRequest, point: Point, about: Any) -> HttpResponse:
    if not queries.own_points(request.user).filter(pk=point.pk).exists():
        raise Http404(point.code)
    form = ObjectionForm(*_sent(request))

    def act() -> object:
        return actions.raise_objection(
            actor=request.user, point=point, about=about, text=form.cleaned_data["text"],
            proofs=form.attached(),
        )  # fmt: skip

    lead = _t("It is answered within %(days)d working days.") % {
        "days": rulebook().limit("objection_answer").amount
    }
    return _handled(request, point, form, act, title=_t("Object"), lead=lead)


def _sent(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _home(point: Point) -> str:
    return reverse("portal:station", args=[point.code])


def _handled(
    request: HttpRequest,
    point: Point,
    form: Blaming,
    act: Callable[[], object],
    *,
    template: str = "portal/form.html",
    **context: Any,
) -> HttpResponse:
    """The form, or doing what it says and back to the station."""
    status = 200
    if request.method == "POST":
        status = do(form, act) if form.is_valid() else FORM_ERROR
        if status == 200:
            return done(request, _home(point), _t("Handed in."))
    page = {"point": point, "form": form, **context}
    return render(request, template, page, status=status)
