"""Every write of projects, as a verb."""

from jiulong.projects.actions.lights import (
    compute_lights,
    end_override,
    judged_month,
    override_light,
)
from jiulong.projects.actions.obstacles import raise_obstacle

__all__ = ["compute_lights", "end_override", "judged_month", "override_light", "raise_obstacle"]
