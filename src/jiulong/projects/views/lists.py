"""Lists: projects, and what holds them up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.cases import words as case_words
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer, may, require
from jiulong.pages.columns import Column
from jiulong.pages.filters import Choice
from jiulong.pages.lists import Action, Asked, Empty, ListPage, Preset, Switch
from jiulong.pages.words import until
from jiulong.projects import queries, stages, words
from jiulong.projects.actions.obstacles import PREFIX
from jiulong.projects.models import Colour, Obstacle, Project

MORE = (
    ("late", _("Month not reported")),
    ("held", _("Obstacle open")),
    ("late_start", _("Late start")),
    ("uncounted", _("Not in the statistics")),
)


def units(viewer: Viewer) -> list[tuple[str, str]]:
    """Units that lead a project which the viewer may see."""
    led = queries.visible(viewer).order_by().values("lead_unit")
    return list(Unit.objects.filter(pk__in=led).values_list("code", "name"))


def zones(viewer: Viewer) -> list[tuple[str, str]]:
    """Zones, streets and towns in which such a project lies."""
    here = queries.visible(viewer).order_by().values("zone")
    return list(Unit.objects.filter(pk__in=here).values_list("code", "name"))


class OfProjects(ListPage):
    """A list for whoever may see projects; which ones, its query says."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        require(request.user, "see_projects")


class ProjectList(OfProjects):
    """All projects that the viewer may see; the light first."""

    title = _("Key projects")
    file_name = "projects"
    template_name = "projects/list.html"
    search_hint = _("Name, number or national code")
    order = "code"
    columns = (
        Column(name="light", label=pgettext_lazy("of a project", "Light"), value=lambda row: row,
               show=words.lamp_of, export=words.lamp_word, short=True),
        Column(name="name", label=pgettext_lazy("of a project", "Project"), sort=("name",),
               value=lambda row: row, show=words.title,
               export=lambda row: f"{row.code} {row.name}", opens=True),
        Column(name="code", label=_("Project level"), sort=("code",),
               value="get_level_display", short=True),
        Column(name="stage", label=pgettext_lazy("of a project", "Stage"),
               value=lambda row: words.stage(row.stage), short=True),
        Column(name="unit", label=_("Responsible unit"), value="lead_unit.name"),
        Column(name="year_plan", label=_("Plan of the year (10k yuan)"), show=words.bare,
               sort=("year_plan",), numeric=True, on_phone=False),
        Column(name="done", label=_("Done (10k yuan)"), show=words.bare, sort=("done",),
               numeric=True),
        Column(name="behind", label=_("Behind plan (points)"), sort=("behind",), numeric=True,
               show=words.points),
        Column(name="obstacles", label=_("Obstacles"), value="obstacles_open", numeric=True,
               sort=("obstacles_open",)),
    )  # fmt: skip
    filters = (
        Choice(name="light", label=pgettext_lazy("of a project", "Light"),
               choices=words.LIGHT_CHOICES),
        Choice(name="level", label=_("Project level"),
               choices=Project.Level.choices),
        Choice(name="stage", label=pgettext_lazy("of a project", "Stage"),
               choices=tuple(stages.STAGES.items())),
        Choice(name="kind", label=pgettext_lazy("of a project", "Kind"),
               choices=Project.Kind.choices),
        Choice(name="industry", label=pgettext_lazy("of a project", "Industry"),
               choices=Project.Industry.choices),
        Choice(name="batch", label=pgettext_lazy("of a project", "Batch"),
               choices=Project.Batch.choices),
        Choice(name="zone", label=pgettext_lazy("of a project", "Zone"), choices=zones),
        Choice(name="unit", label=_("Responsible unit"), choices=units),
        Choice(name="leader", label=_("Leader in charge"), choices=queries.leaders),
        Choice(name="more", label=pgettext_lazy("of a project", "Trouble"), choices=MORE),
    )  # fmt: skip
    presets = (
        Preset(label=_("All projects")),
        Preset(label=pgettext_lazy("light of a project", "Red"), query={"light": Colour.RED.value}),
        Preset(label=pgettext_lazy("light of a project", "Yellow"),
               query={"light": Colour.YELLOW.value}),
        Preset(label=pgettext_lazy("level of a project", "Provincial"),
               query={"level": "province"}),
        Preset(label=_("Month not reported"), query={"more": "late"}),
        Preset(label=_("Obstacle open"), query={"more": "held"}),
    )  # fmt: skip
    switches: ClassVar[Sequence[Switch]] = (
        Switch(label=_("List"), name="projects:projects", icon="list"),
        Switch(label=_("Wall"), name="projects:wall", icon="map"),
    )
    empty = Empty(
        title=_("No project yet"),
        text=_("List the first one, or import the year's list from a spreadsheet."),
        icon="crane",
    )

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    def rows(self, viewer: Viewer, asked: Asked) -> Any:
        names = ("level", "kind", "industry", "stage", "batch", "zone", "unit", "light",
                 "leader", "more")  # fmt: skip
        given = {name: asked.filters.get(name) or "" for name in names}
        return queries.projects(viewer, self.today, queries.Wanted(q=asked.search, **given))

    def row_address(self, row: Project) -> str:
        return reverse("projects:project", args=[row.pk])

    def actions(self, viewer: Viewer) -> Sequence[Action]:
        found = [
            Action(
                label=_("Lights and rules"), address=reverse("projects:lights"), icon="adjustments"
            )
        ]
        leader = self.asked.filters.get("leader")
        if leader:
            found.append(
                Action(
                    label=_("Brief of this leader (PDF)"), icon="printer",
                    address=reverse("projects:leader", args=[leader, "pdf"]),
                )
            )  # fmt: skip
        if may(viewer, "keep_projects"):
            found += [
                Action(label=_("Import"), address=reverse("projects:import"), icon="upload"),

                Action(
                    label=_("New project"), address=reverse("projects:new"), icon="plus",
                    primary=True,
                ),
            ]  # fmt: skip
        return found

    def more(self, viewer: Viewer) -> dict[str, Any]:
        told = queries.summary(viewer, self.today)
        return {
            "summary": told,
            "lights": [
                (words.lamp(colour), told.by_colour[colour], colour) for colour in words.TONES
            ],
            "done": words.wan(told.done),
            "planned": words.wan(told.planned),
        }


class ObstacleList(OfProjects):
    """What holds projects up, the nearest promise first."""

    title = _("Obstacles")
    lead = _("What holds projects up, as cases: overdue ones climb from the task force to the "
             "district's conference.")  # fmt: skip
    file_name = "obstacles"
    order = "due"
    columns = (
        Column(name="light", label=pgettext_lazy("of a case", "Light"), value="case",
               show=lambda case: case_words.lamp(case, timezone.now()),
               export=lambda case: case_words.standing(case, timezone.now())[1], short=True),
        Column(name="title", label=_("Obstacle"), value="case.title", opens=True),
        Column(name="matter", label=pgettext_lazy("kind of casework", "Matter"),
               value=lambda row: case_words.matter_name(row.case), short=True),
        Column(name="project", label=pgettext_lazy("of a project", "Project"),
               value="project.name", sort=("project__name",)),
        Column(name="stage", label=pgettext_lazy("of a case", "Stage"),
               value=lambda row: case_words.stage(row.case.stage), short=True),
        Column(name="lead", label=_("Lead unit"),
               value=lambda row: row.case.lead or row.case.dispatch),
        Column(name="raised", label=_("Raised"), value="raised_on", sort=("raised_on",),
               short=True, on_phone=False),
        Column(name="due", label=_("Due"), value="case.due_at", show=until,
               sort=("case__due_at",), short=True),
    )  # fmt: skip
    filters = (
        Choice(name="matter", label=pgettext_lazy("kind of casework", "Matter"),
               choices=lambda _viewer: _matters()),
        Choice(name="which", label=_("Which"), choices=(("all", _("Also closed ones")),)),
    )  # fmt: skip
    presets = (
        Preset(label=_("All open")),
        Preset(label=_("Also closed ones"), query={"which": "all"}),
    )
    empty = Empty(
        title=_("Nothing is in the way"),
        text=_("Obstacles are raised on the page of a project."),
        icon="check",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Obstacle]:
        return queries.obstacles(
            viewer, open_only=asked.filters.get("which") != "all",
            matter=asked.filters.get("matter") or "",
        )  # fmt: skip

    def dress(self, rows: Sequence[Any]) -> Sequence[Any]:
        return queries.dressed(rows)

    def row_address(self, row: Obstacle) -> str:
        return reverse("cases:case", args=[row.case_id])


def _matters() -> list[tuple[str, str]]:
    return queries.matter_choices(PREFIX)
