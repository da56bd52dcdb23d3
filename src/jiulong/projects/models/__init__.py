"""Key projects: what they are, what they promised, how far they are, and how that is judged."""

from jiulong.projects.models.easing import Easing
from jiulong.projects.models.judged import Colour, Light, LightOverride, LightRules
from jiulong.projects.models.progress import (
    Funding,
    Milestone,
    MonthReport,
    Obstacle,
    PlanMonth,
    ReportRevision,
    YearPlan,
)
from jiulong.projects.models.project import Project, StageMove

__all__ = [
    "Colour",
    "Easing",
    "Funding",
    "Light",
    "LightOverride",
    "LightRules",
    "Milestone",
    "MonthReport",
    "Obstacle",
    "PlanMonth",
    "Project",
    "ReportRevision",
    "StageMove",
    "YearPlan",
]
