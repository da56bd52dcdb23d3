"""Key projects."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.utils import timezone

from jiulong.cases.models import MatterType
from jiulong.projects.models import Easing, Milestone, MonthReport, Project
from jiulong.projects.stages import moves_from
from tests.days.addresses.common import FILE, SENT, Look
from tests.projects.scene import make_matter as obstacle_matter
from tests.projects.wall.scene import district as key_projects


def on_the_wall() -> list[Any]:
    """The wall has projects on it."""
    a_project()
    return []


def a_project() -> list[Any]:
    """Any key project; where there are none, some are made."""
    if not Project.objects.exists():
        key_projects(6)
    return [Project.objects.order_by("pk")[0].pk]


def a_years_plan() -> list[Any]:
    return [*a_project(), timezone.localdate().year]


def a_month() -> list[Any]:
    return [*a_project(), f"{timezone.localdate():%Y-%m}"]


def a_move() -> list[Any]:
    """The next stage of a project that is not at its end."""
    a_project()
    found = Project.objects.exclude(stage="producing").order_by("pk")[0]
    return [found.pk, moves_from(found.stage)[0]]


def an_obstacle() -> list[Any]:
    """A matter that holds projects up, of the pack or made."""
    if not MatterType.objects.filter(code="xiangmu.funds").exists():
        obstacle_matter()
    return [*a_project(), "xiangmu.funds"]


def a_milestone() -> list[Any]:
    """Any node, reached or not."""
    found, _made = Milestone.objects.get_or_create(
        project_id=a_project()[0], title="主体封顶", defaults={"planned_on": date(2026, 6, 30)}
    )
    return [found.pk]


def a_months_report() -> list[Any]:
    """A word on a month."""
    a_project()
    return [MonthReport.objects.order_by("pk")[0].pk]


def a_wish_for_less() -> list[Any]:
    """A wish to ask less of a project."""
    found, _made = Easing.objects.get_or_create(
        project_id=a_project()[0], kind="drop", state="open",
        defaults={
            "reason": "并入另一项目", "asked_by_name": "项目单位", "asked_at": timezone.now(),
        },
    )  # fmt: skip
    return [found.pk]


LOOKS: Final = (
    Look("projects:wall", "supervisor", on_the_wall),
    Look("projects:wall", "supervisor", on_the_wall, "board", "?view=board&by=zone"),
    Look("projects:wall", "supervisor", on_the_wall, "milestones", "?view=gantt"),
    Look("projects:wall", "supervisor", on_the_wall, "curve", "?view=curve&light=red"),
    Look("projects:wall_brief", "supervisor", a_project),
    Look("projects:projects", "supervisor", on_the_wall),
    Look("projects:project", "supervisor", a_project),
    Look("projects:obstacles", "supervisor"),
    Look("projects:means", "supervisor", on_the_wall, "by unit", "?by=unit"),
    Look("projects:lights", "supervisor", on_the_wall),
    Look("projects:due", "supervisor", on_the_wall),
    Look("projects:import", "supervisor"),
    Look("projects:new", "supervisor"),
    Look("projects:change", "supervisor", a_project),
    Look("projects:plan", "supervisor", a_years_plan),
    Look("projects:move", "supervisor", a_move),
    Look("projects:drop", "supervisor", a_project),
    Look("projects:override", "supervisor", a_project),
    Look("projects:obstacle", "supervisor", an_obstacle),
    Look("projects:milestone", "supervisor", a_project),
    Look("projects:reached", "supervisor", a_milestone),
    Look("projects:funds", "supervisor", a_project),
    Look("projects:contact", "supervisor", a_project),
    Look("projects:report", "supervisor", a_month),
    Look("projects:return", "supervisor", a_months_report),
    Look("projects:refuse", "supervisor", a_wish_for_less),
)  # fmt: skip
OTHERS: Final = {
    SENT: """
        projects:confirm projects:confirm_milestone projects:end_override projects:grant
        projects:withdraw_easing
    """,
    FILE: "projects:brief projects:leader projects:template",
}
