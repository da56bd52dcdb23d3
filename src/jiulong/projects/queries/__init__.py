"""Every read of projects, for a viewer."""

from jiulong.projects.lights.gathering import month_of
from jiulong.projects.queries.easings import easing, easings, to_settle
from jiulong.projects.queries.means import MEANS, By, Means, means
from jiulong.projects.queries.one import (
    MonthRow,
    Page,
    milestone,
    months,
    override,
    page,
    project,
    report,
)
from jiulong.projects.queries.overview import HEAVIEST, Summary, lagging, percent, summary
from jiulong.projects.queries.scope import (
    Wanted,
    leaders,
    lit,
    projects,
    visible,
)
from jiulong.projects.queries.work import (
    Compared,
    Comparison,
    Due,
    compare,
    dressed,
    matter_choices,
    missing,
    obstacles,
    reporting_month,
    to_confirm,
    unreported,
)

__all__ = [
    "HEAVIEST",
    "MEANS",
    "By",
    "Compared",
    "Comparison",
    "Due",
    "Means",
    "MonthRow",
    "Page",
    "Summary",
    "Wanted",
    "compare",
    "dressed",
    "easing",
    "easings",
    "lagging",
    "leaders",
    "lit",
    "matter_choices",
    "means",
    "milestone",
    "missing",
    "month_of",
    "months",
    "obstacles",
    "override",
    "page",
    "percent",
    "project",
    "projects",
    "report",
    "reporting_month",
    "summary",
    "to_confirm",
    "to_settle",
    "unreported",
    "visible",
]
