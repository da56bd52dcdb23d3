"""Severe exceedance (alarm catalogue SEV): far over the limit, or a metal of class 1 at all."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.judgements.base import Window, register
from jiulong.monitoring.judgements.exceedance import Exceedance
from jiulong.monitoring.judgements.spells import Judged, Seen, Spell, seen
from jiulong.monitoring.models import Limit, Period, Severity


@register
class SevereExceedance(Exceedance):
    """An hour more than twice its limit; of class-1 substances any hour over it."""

    code = "severe_exceedance"
    name = _("Severe exceedance")
    meaning = _("An hourly mean is more than twice its limit, or a class-1 metal is over it.")
    kind = "SEV"
    severity = Severity.SERIOUS
    respond = "4 hours"
    close = "3 working_days"
    source = "GB 8978-1996, table 1"
    period = Period.HOUR
    statistic = Limit.Statistic.HOUR
    thresholds = {"serious_multiple": thresholds.SERIOUS_MULTIPLE}

    def held_against(self, judged: Judged, code: str, window: Window) -> Seen:
        one = seen(judged, code)
        if not one.hit or code in thresholds.CLASS_ONE:
            return one
        least = window.settings.at(self.code, judged.at)["serious_multiple"]
        far = judged.maximum is not None and judged.value > judged.maximum * (1 + least)
        return one if far and one.multiple is not None else one._replace(hit=False)

    def severity_of(self, spell: Spell, window: Window) -> str:
        return window.settings.at(self.code, spell.started_at).severity
