"""Every read of targets, values and sheets."""

from jiulong.scorecards.queries.rows import engine_rows
from jiulong.scorecards.queries.values import values

__all__ = ["engine_rows", "values"]
