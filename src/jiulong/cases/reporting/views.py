"""The quick report: one page, a way in for the phone's queue, and what an app needs."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from jiulong.cases.lifecycle import STAGES
from jiulong.cases.models import Case
from jiulong.cases.queries import Near, nearby
from jiulong.cases.reporting import actions, queries, reading
from jiulong.cases.routing import TERRITORY
from jiulong.organisation.models import User
from jiulong.organisation.rules import may
from jiulong.pages import words

ICON_SIZES: Final = (192, 512)
Errors = dict[str, list[str]]


def quick(request: HttpRequest) -> HttpResponse:
    """What, photo, where, one line, send. Without script it is a plain form."""
    offers = queries.offers(request.user)
    if not offers and not may(request.user, "file_case"):
        raise PermissionDenied("file_case")
    errors: Errors = {}
    near: list[Near] = []
    if request.method == "POST":
        done, errors, near = _posted(request)
        if done is not None:
            for told in done.refused:
                messages.warning(request, told)
            return redirect("reporting:done", done.case.pk)
    shown = {
        "offers": offers, "errors": errors, "near": near, "given": request.POST,
        "chosen": request.POST.get("matter") or (offers[0].code if len(offers) == 1 else ""),
        "areas": queries.areas(request.user), "mine": queries.mine(request.user),
        "own_area": request.POST.get("area") or _own_area(request.user),
    }  # fmt: skip
    return render(request, "cases/reporting/quick.html", shown)


def _posted(request: HttpRequest) -> tuple[actions.Done | None, Errors, list[Near]]:
    """The plain form: files it, or says what is wrong, or asks about what is near."""
    try:
        offer = queries.offer(request.user, request.POST.get("matter", ""))
        report = reading.read(offer, request.POST, request.FILES)
        if request.POST.get("join"):
            case = _case(request, request.POST["join"])
            return actions.join_report(actor=request.user, case=case, report=report), {}, []
        if not request.POST.get("another") and report.place is not None:
            near = nearby(request.user, offer.matter, report.place, timezone.now())
            if near:
                return None, {}, near
        return actions.file_report(actor=request.user, report=report), {}, []
    except LookupError:
        return None, {"matter": [_("Choose what it is.")]}, []
    except ValidationError as error:
        return None, dict(error.message_dict), []


@login_not_required
@require_POST
def send(request: HttpRequest) -> JsonResponse:
    """A report from the phone's queue. Sent twice it is one. Answers JSON whatever happens."""
    user = request.user
    if not isinstance(user, User):
        return JsonResponse({"error": _("Sign in to send.")}, status=401)
    if request.POST.get("user", str(user.pk)) != str(user.pk):
        return JsonResponse({"error": _("Somebody else wrote this report.")}, status=409)
    try:
        offer = queries.offer(user, request.POST.get("matter", ""))
        report = reading.read(offer, request.POST, request.FILES)
        if joined := request.POST.get("join"):
            done = actions.join_report(actor=user, case=_case(request, joined), report=report)
        else:
            done = actions.file_report(actor=user, report=report)
    except (PermissionDenied, Http404):
        return JsonResponse({"error": _("You may not report this.")}, status=403)
    except LookupError:
        return JsonResponse({"errors": {"matter": [_("This is no longer offered.")]}}, status=400)
    except ValidationError as error:
        return JsonResponse({"errors": error.message_dict}, status=400)
    return JsonResponse(_answer(done))


def _answer(done: actions.Done) -> dict[str, Any]:
    return {
        "number": done.case.number,
        "tracking": done.case.tracking,
        "joined": done.joined,
        "refused": done.refused,
        "address": reverse("reporting:done", args=[done.case.pk]),
    }


@require_GET
@never_cache
def near(request: HttpRequest) -> JsonResponse:
    """What is open alike and close by, for the hint before sending."""
    try:
        offer = queries.offer(request.user, request.GET.get("matter", ""))
        place = reading.place_of(request.GET.dict())
    except (LookupError, ValidationError):
        return JsonResponse({"near": []}, status=400)
    now = timezone.now()
    found = nearby(request.user, offer.matter, place, now) if place else []
    return JsonResponse({"near": [_told(each) for each in found]})


def _told(near: Near) -> dict[str, Any]:
    case = near.case
    age = words.span(near.age)
    told = _("%(metres)s m away, %(age)s ago") % {"metres": near.metres, "age": age}
    return {
        "id": case.pk, "number": case.number, "title": case.title, "told": told,
        "stage": str(STAGES[case.stage]),
    }  # fmt: skip


@login_not_required
@require_GET
@never_cache
def state(request: HttpRequest) -> JsonResponse:
    """Who is signed in, and the token to send with: asked by the queue before it sends."""
    user = request.user
    known = isinstance(user, User)
    return JsonResponse({"user": str(user.pk) if known else None, "token": get_token(request)})


@require_safe
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of a report: its number, and what happens next."""
    return render(request, "cases/reporting/done.html", {"case": _case(request, pk)})


@login_not_required
@require_GET
def manifest(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - the same for everybody
    """What lets the phone install the report as an app."""
    start = reverse("reporting:quick")
    icons = [
        {"src": static(f"cases/reporting/icon-{size}.png"), "sizes": f"{size}x{size}",
         "type": "image/png", "purpose": "any"}
        for size in ICON_SIZES
    ]  # fmt: skip
    told = {
        "name": _("Jiulong quick report"), "short_name": pgettext("app", "Report"),
        "start_url": start, "scope": start, "display": "standalone", "background_color": "#fbfaf6",
        "theme_color": "#1d4257", "icons": icons,
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json")


@login_not_required
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it must come from under the address that it serves."""
    response = render(
        request, "cases/reporting/worker.js", {"home": reverse("reporting:quick")},
        content_type="text/javascript",
    )  # fmt: skip
    response["Cache-Control"] = "no-cache"
    return response


def _case(request: HttpRequest, pk: str | int) -> Case:
    try:
        return queries.reported(request.user, int(pk))
    except (Case.DoesNotExist, ValueError) as error:
        raise Http404(str(pk)) from error


def _own_area(viewer: object) -> str:
    """The grid worker's own grid stands first."""
    unit = viewer.unit if isinstance(viewer, User) else None
    return unit.code if unit is not None and unit.kind in TERRITORY else ""
