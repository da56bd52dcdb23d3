"""All cases: as a list, on the map, as a board by stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from jiulong.cases import queries, rules, words
from jiulong.cases.lifecycle import ENDED, ROAD, SUSPENDED
from jiulong.cases.models import Case
from jiulong.cases.views.choices import (
    STAGE_CHOICES,
    matter_choices,
    street_choices,
    unit_choices,
)
from jiulong.organisation.rules import Viewer
from jiulong.pages.columns import Column, as_clock
from jiulong.pages.filters import Choice, Day
from jiulong.pages.lists import Action, Asked, Empty, ListPage, Preset, Switch
from jiulong.pages.words import until

#: Cards shown of a column of the board; the count says how many there are.
CARDS = 12


def lamp(case: Case) -> Any:
    return words.lamp(case, timezone.now())


def lamp_word(case: Case) -> str:
    return words.standing(case, timezone.now())[1]


def _open_until(case: Case) -> Any:
    """Until when, while its clock runs: an ended case is neither late nor in time any more."""
    rests = case.stage in ENDED or case.stage == SUSPENDED
    return until(None if rests else words.until_of(case))


class CaseList(ListPage):
    """All cases that the viewer may see, newest first."""

    title = _("Cases")
    file_name = "cases"
    search_hint = _("Number, title or address")
    order = "-filed"
    live = ("cases",)
    columns = (
        Column(name="light", label=pgettext_lazy("of a case", "Light"), value=lambda row: row,
               show=lamp, export=lamp_word, short=True),
        Column(name="title", label=pgettext_lazy("of a case", "Case"), opens=True),
        Column(name="number", label=_("Number"), sort=("number",), short=True),
        Column(name="matter", label=pgettext_lazy("kind of casework", "Matter"),
               value=words.matter_name, on_phone=False),
        Column(name="stage", label=pgettext_lazy("of a case", "Stage"),
               value=lambda row: words.stage(row.stage), short=True),
        Column(name="unit", label=pgettext_lazy("of a case", "Unit"),
               value=lambda row: row.lead or row.dispatch),
        Column(name="filed", label=pgettext_lazy("when", "Filed"), value="filed_at", show=as_clock,
               sort=("filed_at",), short=True, on_phone=False),
        Column(name="due", label=_("Due"), value=lambda row: row, show=_open_until,
               export=lambda row: row.due_at, sort=("due_at",), short=True),
    )  # fmt: skip
    filters = (
        Choice(name="matter", label=pgettext_lazy("kind of casework", "Matter"),
               choices=matter_choices),
        Choice(name="stage", label=pgettext_lazy("of a case", "Stage"), choices=STAGE_CHOICES),
        Choice(name="light", label=pgettext_lazy("of a case", "Light"),
               choices=words.LIGHT_CHOICES),
        Choice(name="unit", label=pgettext_lazy("of a case", "Unit"), choices=unit_choices),
        Choice(name="street", label=_("Street or town"), choices=street_choices),
        Day(name="since", label=_("From day")),
        Day(name="until", label=_("Until day")),
    )  # fmt: skip
    presets = (
        Preset(label=_("All cases")),
        Preset(label=_("All open"), query={"stage": "open"}),
        Preset(label=_("Overdue"), query={"light": "late"}),
        Preset(label=pgettext_lazy("stage", "Closed"), query={"stage": "closed"}),
    )
    switches: ClassVar[Sequence[Switch]] = (
        Switch(label=_("List"), name="cases:cases", icon="list"),
        Switch(label=_("Map"), name="cases:map", icon="map"),
        Switch(label=_("Board"), name="cases:board", icon="layout-grid"),
    )
    empty = Empty(
        title=_("No case yet"),
        text=_("Cases come from the desk, the phone, residents and from what the engines find."),
        icon="flag",
    )

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Case]:
        return queries.cases(viewer, self.now, **wanted(asked))

    def dress(self, rows: Sequence[Any]) -> Sequence[Any]:
        return queries.furnished(rows)

    def row_address(self, row: Case) -> str:
        return reverse("cases:case", args=[row.pk])

    def actions(self, viewer: Viewer) -> Sequence[Action]:
        if not rules.files(viewer):
            return ()
        to = reverse("cases:choose")
        return (Action(label=_("New case"), address=to, icon="plus", primary=True),)


class CaseMap(CaseList):
    """The same cases with their lights on the map; the list stays beneath."""

    template_name = "cases/map.html"
    page_size = 20

    def more(self, viewer: Viewer) -> dict[str, Any]:  # noqa: ARG002
        query = self.request.GET.urlencode()
        source = reverse("cases:map_data") + (f"?{query}" if query else "")
        return {"map_source": source, "tianditu_key": settings.TIANDITU_KEY}


class CaseBoard(CaseList):
    """The same cases as columns by stage."""

    template_name = "cases/board.html"

    def more(self, viewer: Viewer) -> dict[str, Any]:
        found = queries.cases(viewer, self.now, **wanted(self.asked))
        return {"stages": queries.board(found, (*ROAD, SUSPENDED), CARDS), "now": self.now}


def wanted(asked: Asked) -> dict[str, Any]:
    """The filters of the address as `queries.cases` takes them."""
    names = ("matter", "stage", "light", "unit", "street")
    given = {name: asked.filters.get(name) or "" for name in names}
    since, until = asked.filters["since"], asked.filters["until"]
    return {
        **given,
        "q": asked.search,
        "since": midnight(since) if since else None,
        "until": midnight(until) + timedelta(days=1) if until else None,
    }


def midnight(day: Any) -> datetime:
    """The first moment of a day in Beijing."""
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


@require_safe
def map_data(request: HttpRequest) -> HttpResponse:
    """Places and lights of the open cases, for the map's script."""
    page = CaseMap()
    page.setup(request)
    found = queries.cases(request.user, page.now, **wanted(page.asked))
    points = [
        {
            "light": words.tone_of(row["light"], row["due_at"], page.now),
            "title": row["title"],
            "number": row["number"],
            "stage": words.stage(row["stage"]),
            "longitude": row["longitude"],
            "latitude": row["latitude"],
            "address": reverse("cases:case", args=[row["pk"]]),
        }
        for row in queries.placed(found)
    ]
    return JsonResponse({"points": points})
