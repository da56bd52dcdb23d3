"""Home, wall, switches and health."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from jiulong.desk import board
from jiulong.desk.context import THEMES
from jiulong.desk.hints import HINTS
from jiulong.organisation import actions

YEAR_S = 365 * 24 * 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is live, what is wrong, what is late."""
    return render(request, "desk/home.html", board.home(request.user, timezone.now()))


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """The same at six metres."""
    view, rotate = request.GET.get("view", ""), request.GET.get("rotate", "")
    shown = board.wall(request.user, timezone.now(), view, rotate)
    return render(request, "desk/wall.html", shown)


@require_POST
def close_hint(request: HttpRequest) -> HttpResponse:
    """A page's hint is not shown to this person again; back to the page."""
    page = request.POST.get("page", "")
    if page not in HINTS:
        raise BadRequest("no such hint")
    actions.close_hint(actor=request.user, page=page)
    return HttpResponse() if "HX-Request" in request.headers else _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page that asked, if it is one of ours."""
    after = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, request.is_secure()):
        after = "/"
    return HttpResponse(status=303, headers={"Location": after})


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system has it; kept in a cookie, back to where the viewer was."""
    response = _back(request)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(
            "theme", theme, max_age=YEAR_S, samesite="Lax", secure=settings.BEHIND_TLS
        )
    return response


@login_not_required
@require_GET
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """200 when this process serves and the database answers; for load balancers and supervisors."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
