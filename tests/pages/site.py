"""A small site for the list machinery: findings as a QuerySet, and plain rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import include, path

from jiulong.monitoring import queries
from jiulong.monitoring.models import Finding
from jiulong.organisation.rules import Viewer
from jiulong.pages.columns import Column, as_clock, as_code, as_light, as_number
from jiulong.pages.filters import Choice, Day
from jiulong.pages.lists import Action, Asked, Empty, ListPage, Preset, Switch

SEVERITIES = [("serious", "Serious"), ("warning", "Warning")]


class Findings(ListPage):
    title = "Findings"
    lead = "What is wrong, judged by rules."
    file_name = "findings"
    search_hint = "Point or enterprise"
    order = "-started"
    live = ("findings",)
    page_size = 20
    columns = (
        Column(name="severity", label="Severity", show=as_light, short=True),
        Column(name="rule", label="Rule", sort=("rule",), opens=True),
        Column(name="code", label="Point", value="point.code", sort=("point__code",), show=as_code),
        Column(
            name="multiple", label="Multiple", sort=("multiple",), numeric=True, show=as_number("×")
        ),
        Column(
            name="started", label="Since", value="started_at", sort=("started_at",), show=as_clock
        ),
        Column(name="note", label="Note", on_phone=False),
    )
    filters = (
        Choice(name="severity", label="Severity", choices=SEVERITIES),
        Day(name="since", label="Since"),
    )
    presets = (Preset(label="All"), Preset(label="Serious ones", query={"severity": "serious"}))
    switches = (
        Switch(label="List", name="findings", icon="list"),
        Switch(label="Rows", name="rows", icon="table"),
    )
    empty = Empty(
        title="Nothing is wrong", text="Findings appear here when a rule sees one.", icon="check"
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Finding]:
        return queries.findings(viewer, q=asked.search, severity=asked.filters["severity"] or "")

    def row_address(self, row: Any) -> str:
        return f"/findings/{row.pk}"

    def actions(self, _viewer: Viewer) -> Sequence[Action]:
        return (Action(label="New", address="/new", icon="plus", primary=True),)


class Rows(ListPage):
    title = "Rows"
    order = "name"
    columns = (
        Column(name="name", label="Name", sort=("name",)),
        Column(
            name="weight", label="Weight", value="size.weight", sort=("size.weight",), numeric=True
        ),
    )
    empty = Empty(title="Nothing")

    def rows(self, _viewer: Viewer, _asked: Asked) -> list[dict[str, Any]]:
        return [
            {"name": "b", "size": {"weight": 2}},
            {"name": "a", "size": {"weight": None}},
            {"name": "=c", "size": {"weight": 10}},
        ]

    def dress(self, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**row, "name": row["name"].upper()} for row in rows]


urlpatterns = [
    path("f/", Findings.as_view(), name="findings"),
    path("r/", Rows.as_view(), name="rows"),
    path("", include("jiulong.urls")),
]
