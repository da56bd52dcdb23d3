"""The page on which anybody asks by the tracking number."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jiulong.cases import tracking
from jiulong.cases.throttle import WINDOW_S, too_often

#: Questions of an address in a minute: a family asks less, a guesser gets nowhere.
MOST: Final = 20


@login_not_required
@require_safe
@never_cache
def track(request: HttpRequest) -> HttpResponse:
    """How far a case is, by its tracking number; no account needed, nothing personal shown."""
    number = request.GET.get("number", "").strip()[:40]
    shown: dict[str, Any] = {"number": number, "found": None, "asked": bool(number)}
    if number and too_often(request, "track", MOST):
        response = render(request, "cases/tracking/track.html", shown | {"often": True}, status=429)
        response["Retry-After"] = str(WINDOW_S)
        return response
    if number:
        shown["found"] = tracking.track(request.user, number)
    missing = number and shown["found"] is None
    return render(request, "cases/tracking/track.html", shown, status=404 if missing else 200)
