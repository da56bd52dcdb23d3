"""Every write of projects, as a verb."""

from jiulong.projects.actions.common import ChangedMeanwhileError
from jiulong.projects.actions.easing import grant_easing, refuse_easing, withdraw_easing
from jiulong.projects.actions.filing import change_project, drop_project, file_project
from jiulong.projects.actions.importing import Imported, import_projects
from jiulong.projects.actions.lights import compute_lights, end_override, override_light
from jiulong.projects.actions.moving import move_stage
from jiulong.projects.actions.nodes import (
    add_milestone,
    confirm_milestone,
    finish_milestone,
    set_funds,
)
from jiulong.projects.actions.obstacles import raise_obstacle
from jiulong.projects.actions.planning import revise_plan
from jiulong.projects.actions.reporting import (
    Photo,
    confirm_report,
    report_month,
    return_report,
)
from jiulong.projects.actions.writing import Planned

__all__ = [
    "ChangedMeanwhileError",
    "Imported",
    "Photo",
    "Planned",
    "add_milestone",
    "change_project",
    "compute_lights",
    "confirm_milestone",
    "confirm_report",
    "drop_project",
    "end_override",
    "file_project",
    "finish_milestone",
    "grant_easing",
    "import_projects",
    "move_stage",
    "override_light",
    "raise_obstacle",
    "refuse_easing",
    "report_month",
    "return_report",
    "revise_plan",
    "set_funds",
    "withdraw_easing",
]
