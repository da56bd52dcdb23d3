"""The rules by which a criterion turns figures into points; one small class each."""

from typing import Annotated

from pydantic import Field

from jiulong.scorecards.engine.rules.base import Column, Mark, Rule, Strike
from jiulong.scorecards.engine.rules.base_and_cap import BaseAndCap
from jiulong.scorecards.engine.rules.completion import Completion
from jiulong.scorecards.engine.rules.computed import Computed
from jiulong.scorecards.engine.rules.facts import Bonus, Exemption, Penalty, Veto
from jiulong.scorecards.engine.rules.growth_level import GrowthLevel
from jiulong.scorecards.engine.rules.judges import Judges
from jiulong.scorecards.engine.rules.scales import Linear, RankPoints, ShareOfSpread, Steps

AnyRule = Annotated[
    Completion
    | GrowthLevel
    | RankPoints
    | Steps
    | BaseAndCap
    | ShareOfSpread
    | Linear
    | Judges
    | Computed
    | Bonus
    | Penalty
    | Veto,
    Field(discriminator="kind"),
]

__all__ = ["AnyRule", "Column", "Exemption", "Mark", "Rule", "Strike"]
