"""Load without flow (alarm catalogue LOGIC): where no water flows nothing is carried."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.catalogue import Setting
from jiulong.monitoring.judgements.base import register
from jiulong.monitoring.judgements.hours import HourRuns
from jiulong.monitoring.judgements.runs import Key, Stretch
from jiulong.monitoring.judgements.sieve import Sieve, Truths
from jiulong.monitoring.numbers import LOGARITHMIC


@register
class LoadWithoutFlow(HourRuns):
    """The logger's own sum of the hour (`-Cou`) is above nought while its flow is nought."""

    code = "load_without_flow"
    name = _("Load without flow")
    meaning = _("The logger told of a load for two hours on end while no water flowed.")
    kind = "LOGIC"
    hours = "hours"
    thresholds = {"hours": thresholds.LOAD_HOURS}

    def judges(self, code: str) -> bool:
        return code not in LOGARITHMIC

    def may_hold(
        self,
        sieve: Sieve,
        stretches: dict[Key, Stretch],  # noqa: ARG002
        setting: Setting,
    ) -> Truths | None:
        return sieve.held(sieve.flow <= 0, self.span(setting))

    def condition(self, setting: Setting) -> str:  # noqa: ARG002
        return "coalesce(total > 0 AND total <> 'NaN' AND flow <= 0, false)"

    def bound(self, setting: Setting) -> str:  # noqa: ARG002
        return "flow"
