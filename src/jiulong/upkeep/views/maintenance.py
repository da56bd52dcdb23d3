"""Maintenance: what is due where, by operating firm, and one record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.evidence import queries as evidence
from jiulong.monitoring.models import Point
from jiulong.monitoring.words import as_point, point_title
from jiulong.organisation.rules import Viewer
from jiulong.pages import lights
from jiulong.pages.columns import Column
from jiulong.pages.filters import Choice
from jiulong.pages.lists import Asked, Empty, Preset
from jiulong.upkeep import queries, words
from jiulong.upkeep.actions.maintenance import is_abnormal
from jiulong.upkeep.models import MaintenanceRecord
from jiulong.upkeep.provisions import Rulebook, rulebook
from jiulong.upkeep.queries import DueWork, StationRow
from jiulong.upkeep.views.acting import find
from jiulong.upkeep.views.switches import UpkeepList

STATES = (
    ("over", pgettext_lazy("maintenance", "Overdue")),
    ("near", pgettext_lazy("maintenance", "Due soon")),
    ("met", pgettext_lazy("maintenance", "Done in time")),
    ("none", words.NO_PLAN),
)
STATE_WORDS = dict(STATES)


def state_light(state: str) -> Any:
    """A light for how far maintenance is."""
    return lights.light(state, STATE_WORDS[state])


@dataclass(frozen=True, slots=True)
class Line:
    """A station's row in words."""

    row: StationRow
    book: Rulebook

    @property
    def point(self) -> Point:
        return self.row.point

    @property
    def operator(self) -> str:
        return self.row.point.operator.name if self.row.point.operator else ""

    @property
    def due(self) -> str:
        """The lists that are not done in time, with their dates."""
        late = [one for one in self.row.work if one.state != "met"] or self.row.work[:1]
        return "、".join(_when(one, self.book) for one in late)

    @property
    def checks(self) -> str:
        return f"{self.row.checks - self.row.failed} / {self.row.checks}"


def _when(one: DueWork, book: Rulebook) -> str:
    return f"{words.form_name(book, one.form)} {one.due_on:%m-%d}"


def operators(viewer: Viewer) -> list[tuple[str, str]]:
    """Firms that operate stations which the viewer sees."""
    found = queries.visible_points(viewer).filter(operator__isnull=False)
    return sorted(set(found.values_list("operator__code", "operator__name")))


class MaintenanceList(UpkeepList):
    """Every station with what is due, the most overdue first."""

    title = _("Maintenance of stations")
    file_name = "maintenance"
    search_hint = _("Enterprise, point or operating firm")
    columns = (
        Column(name="state", label=_("State"), value="row.state", show=state_light, short=True),
        Column(name="point", label=_("Point"), show=as_point, export=point_title, opens=True),
        Column(name="operator", label=_("Operating firm")),
        Column(name="due", label=_("Due"), wide=True),
        Column(name="checks", label=_("Checks passed, 30 days"), numeric=True),
        Column(name="faults", label=_("Open faults"), value="row.open_faults", numeric=True),
    )
    filters = (
        Choice(name="state", label=_("State"), choices=STATES),
        Choice(name="operator", label=_("Operating firm"),
               choices=operators),
    )  # fmt: skip
    presets = (
        Preset(label=_("All")),
        Preset(label=STATES[0][1], query={"state": "over"}),
        Preset(label=STATES[1][1], query={"state": "near"}),
    )
    empty = Empty(title=_("No stations"), icon="settings")

    def rows(self, viewer: Viewer, asked: Asked) -> Sequence[Line]:
        state, operator = asked.filters["state"], asked.filters["operator"]
        book = rulebook()
        return [
            Line(row, book)
            for row in queries.maintenance(viewer, now=timezone.now(), q=asked.search)
            if (not state or row.state == state)
            and (not operator or (row.point.operator and row.point.operator.code == operator))
        ]

    def row_address(self, row: Line) -> str:
        return reverse("monitoring:point", args=[row.point.code])


def record_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One list that was worked through."""
    record = find(MaintenanceRecord, request.user, pk)
    book = rulebook()
    form = book.forms.get(record.form)
    items = [
        (one.label.show(), words.item_value(one, record.values.get(one.key, "")),
         is_abnormal(one, record.values.get(one.key, "")))
        for one in (form.fields if form else ())
    ]  # fmt: skip
    context = {
        "record": record,
        "point": record.point,
        "name": words.form_name(book, record.form),
        "source": form.source.show() if form else "",
        "items": items,
        "files": evidence.files_of(request.user, "upkeep.maintenancerecord", record.pk),
    }
    return render(request, "upkeep/record.html", context)
