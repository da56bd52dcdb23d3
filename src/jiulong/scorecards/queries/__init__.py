"""Every read of targets, values and sheets."""

from jiulong.scorecards.queries.home import Summary, summary
from jiulong.scorecards.queries.lines import AimLine, aim_lines, visible_subjects
from jiulong.scorecards.queries.rows import engine_rows
from jiulong.scorecards.queries.values import values

__all__ = [
    "AimLine",
    "Summary",
    "aim_lines",
    "engine_rows",
    "summary",
    "values",
    "visible_subjects",
]
