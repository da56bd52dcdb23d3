"""The public page, off unless the site turns it on: for anybody, computed once in ten minutes."""

from __future__ import annotations

import csv
import io
import zlib
from itertools import groupby
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiulong.cases.throttle import WINDOW_S, too_often
from jiulong.pages.export import cell
from jiulong.reports import public

#: Seconds that an answer is kept and may be kept by others.
KEPT_S: Final = 600
#: Requests of an address in a minute: a reader asks less, a crawler can wait.
MOST: Final = 20


@login_not_required
@require_safe
def open_page(request: HttpRequest) -> HttpResponse:
    """Limits and effective daily means of the last days, without an account."""
    _check()
    if too_often(request, "open", MOST):
        return _too_often()
    asked = _kept("page", public.PAGE_DAYS)
    english = (get_language() or "").startswith("en")
    context = {
        "groups": _grouped(asked["rows"], english=english),
        "computed_at": public.age(asked["computed_at"]),
        "days": public.PAGE_DAYS,
    }
    response = render(request, "reports/open.html", context)
    # Not for caches that people share: the switch of the language carries a token.
    response["Cache-Control"] = f"private, max-age={KEPT_S}"
    return response


@login_not_required
@require_safe
def open_csv(request: HttpRequest) -> HttpResponse:
    """The same of a month as CSV, in UTF-8 with a mark that spreadsheets know."""
    _check()
    if too_often(request, "open", MOST):
        return _too_often()
    key = f"open:csv:{timezone.localdate()}"
    packed: bytes | None = cache.get(key)
    if packed is None:
        packed = zlib.compress(_csv(public.opened(timezone.localdate(), public.FILE_DAYS)))
        cache.set(key, packed, KEPT_S)
    response = HttpResponse(zlib.decompress(packed), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="daily-means.csv"'
    response["Cache-Control"] = f"public, max-age={KEPT_S}"
    return response


def _check() -> None:
    if not settings.PUBLIC_PAGE:
        raise Http404("public page")


def _too_often() -> HttpResponse:
    response = HttpResponse(
        _("Too many questions from here. Wait a minute."), status=429, content_type="text/plain"
    )
    response["Retry-After"] = str(WINDOW_S)
    response["Cache-Control"] = "no-store"
    return response


def _kept(what: str, days: int) -> dict[str, Any]:
    """What was asked of the database, at most once in ten minutes for all who read."""
    today = timezone.localdate()
    found: dict[str, Any] | None = cache.get(f"open:{what}:{today}")
    if found is None:
        found = public.opened(today, days)
        cache.set(f"open:{what}:{today}", found, KEPT_S)
    return found


def _grouped(rows: list[dict[str, Any]], *, english: bool) -> list[dict[str, Any]]:
    """By outfall, then by factor with its last days."""
    groups = []
    shown = sorted({row["on"] for row in rows}, reverse=True)
    for (enterprise, outfall), of_outfall in groupby(
        rows, key=lambda row: (row["enterprise"], row["outfall"])
    ):
        factors = []
        for _key, of_factor in groupby(of_outfall, key=lambda row: (row["point"], row["factor"])):
            known = {row["on"]: row for row in of_factor}
            newest = known[max(known)]
            days = [known.get(on) for on in shown]
            name = newest["factor_en"] if english else newest["factor"]
            factors.append({"name": name, "limit": _limit(newest), "unit": newest["unit"],
                            "days": days})  # fmt: skip
        groups.append(
            {"enterprise": enterprise, "outfall": outfall, "factors": factors, "shown": shown}
        )
    return groups


def _limit(row: dict[str, Any]) -> str:
    if row["minimum"] is None:
        return row["maximum"] or "–"
    return f"{row['minimum']}–{row['maximum'] or ''}"


def _csv(asked: dict[str, Any]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([
        "enterprise", "outfall", "point", "factor", "unit", "limit_minimum", "limit_maximum",
        "day", "effective", "mean", "valid_hours", "expected_hours", "revision",
    ])  # fmt: skip
    for row in asked["rows"]:
        writer.writerow([
            cell(row["enterprise"]), cell(row["outfall"]), row["point"], row["factor"],
            row["unit"], row["minimum"], row["maximum"], row["on"], "yes" if row["valid"] else "no",
            row["mean"], row["n_valid"], row["n_expected"], row["revision"],
        ])  # fmt: skip
    return b"\xef\xbb\xbf" + out.getvalue().encode()
