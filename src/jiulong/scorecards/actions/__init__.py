"""Every write of targets, values and sheets."""

from jiulong.scorecards.actions.observing import Seen, observe
from jiulong.scorecards.actions.revising import revise_observation
from jiulong.scorecards.actions.targets import place_targets

__all__ = ["Seen", "observe", "place_targets", "revise_observation"]
