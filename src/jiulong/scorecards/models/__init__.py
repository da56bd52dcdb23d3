"""What is aimed at, what was reported, and who ranks where."""

from jiulong.scorecards.models.indicators import Indicator, Subject, Target
from jiulong.scorecards.models.reporting import Observation, Sheet, SheetPlan
from jiulong.scorecards.models.standings import (
    Adjustment,
    Assignment,
    Dispute,
    JudgeScore,
    Outcome,
    Panel,
    SchemeVersion,
    Standing,
    StandingRow,
)

__all__ = [
    "Adjustment",
    "Assignment",
    "Dispute",
    "Indicator",
    "JudgeScore",
    "Observation",
    "Outcome",
    "Panel",
    "SchemeVersion",
    "Sheet",
    "SheetPlan",
    "Standing",
    "StandingRow",
    "Subject",
    "Target",
]
