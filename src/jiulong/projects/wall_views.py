"""The wall of projects: the page, the meeting room's screen, a brief beside the map."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import json_script
from django.views.decorators.http import require_safe

from jiulong.organisation.rules import require
from jiulong.projects import wall_queries, wall_shown, wall_words
from jiulong.projects.lights.gathering import month_of
from jiulong.projects.wall_queries import Wall

#: Years before this one hold no projects, years after it no plans.
FIRST_YEAR: Final = 2000
#: How long a view of the meeting room's screen may stand, in seconds.
FASTEST_S: Final = 5
SLOWEST_S: Final = 3600
#: Rows that can be read at six metres.
LAGGING: Final = 10


class Compact(DjangoJSONEncoder):
    """Without blanks, and Chinese as it is: a third of the size."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"separators": (",", ":"), "ensure_ascii": False}))


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """Map, board, Gantt and curve of the projects the viewer may see; `?full=1` for six metres.

    `?plain=1` has the same as tables: a browser without scripts goes there by itself, so that all
    others need not carry what they never show.
    """
    require(request.user, "see_projects")
    today = timezone.localdate()
    found = wall_queries.wall(request.user, _year(request.GET.get("year", ""), today), today)
    if request.GET.get("full") == "1":
        return render(request, "projects/wall_full.html", _full(request, found))
    return render(request, "projects/wall.html", _page(request, found))


@require_safe
def wall_brief(request: HttpRequest, pk: int) -> HttpResponse:
    """A project in short, for beside the map; a page of its own without scripts."""
    require(request.user, "see_projects")
    today = timezone.localdate()
    year = _year(request.GET.get("year", ""), today)
    brief = wall_queries.brief(request.user, pk, year, today)
    if brief is None:
        raise Http404(str(pk))
    month = request.GET.get("month", "")
    inside = month.isdecimal() and 1 <= int(month[:3]) <= brief.wall.through
    row = wall_shown.Row(
        brief.wall.courses[0], brief.wall, int(month[:3]) if inside else brief.wall.through
    )
    alone = "HX-Request" not in request.headers
    template = "projects/wall_brief_page.html" if alone else "projects/wall_brief.html"
    return render(
        request, template, {"brief": brief, "row": row, "alone": alone, "wall": brief.wall}
    )


def _year(raw: str, today: date) -> int:
    if raw.isdecimal() and FIRST_YEAR <= int(raw[:5]) <= today.year + 1:
        return int(raw)
    return month_of(today).year


def _shown(request: HttpRequest, found: Wall) -> dict[str, Any]:
    """What both looks of the wall share."""
    asked = wall_shown.read(found, request.GET.dict(), request.user)
    rows = wall_shown.rows(found, asked)
    return {
        "wall": found,
        "asked": asked,
        "rows": rows,
        "counts": wall_shown.Counts(rows, asked.month),
        "data": json_script(found.as_json(), "pw-data", encoder=Compact),
        "words": json_script(wall_words.for_scripts(), "pw-words", encoder=Compact),
    }


def _page(request: HttpRequest, found: Wall) -> dict[str, Any]:
    shown = _shown(request, found)
    plain = request.GET.get("plain") == "1"
    return shown | (_tables(found, shown) if plain else {}) | {
        "views": wall_words.VIEWS,
        "groups_by": wall_words.GROUPS,
        "plain": plain,
        "numbers": range(1, found.through + 1),
        "years": [year for year in (found.year - 1, found.year + 1) if year <= found.today.year],
        "tianditu_key": settings.TIANDITU_KEY,
    }  # fmt: skip


def _tables(found: Wall, shown: dict[str, Any]) -> dict[str, Any]:
    asked = shown["asked"]
    by = "light" if asked.view == "map" else asked.by
    return {
        "groups": wall_shown.grouped(shown["rows"], by),
        "months": wall_shown.course_of_year(found, shown["rows"]),
    }


def _full(request: HttpRequest, found: Wall) -> dict[str, Any]:
    shown = _shown(request, found)
    view, rotate = request.GET.get("view", ""), request.GET.get("rotate", "")
    here = view if view in wall_words.FULL else "map"
    order = list(wall_words.FULL)
    seconds = int(rotate[:5]) if rotate.isdecimal() else 0
    return shown | {
        "theme": "dark",
        "view": here,
        "views": wall_words.FULL,
        "after": order[(order.index(here) + 1) % len(order)],
        "rotate": min(max(seconds, FASTEST_S), SLOWEST_S) if seconds else 0,
        "lagging": wall_shown.lagging(shown["rows"], LAGGING),
        "groups": wall_shown.grouped(shown["rows"], "stage"),
        "months": wall_shown.course_of_year(found, shown["rows"]),
        "now": timezone.now(),
    }
