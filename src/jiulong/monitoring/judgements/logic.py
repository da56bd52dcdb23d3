"""Contradictions between factors (alarm catalogue LOGIC): a part above its whole."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.catalogue import Setting
from jiulong.monitoring.judgements.base import register
from jiulong.monitoring.judgements.hours import HourRuns

#: A part and the whole it belongs to: ammonia in total nitrogen, BOD5 and the permanganate index in
#: COD, phosphate in total phosphorus, hexavalent chromium in chromium.
WHOLE: Final = {
    "w21003": "w21001",
    "w01017": "w01018",
    "w01019": "w01018",
    "w20117": "w20116",
}


@register
class Logic(HourRuns):
    """Two instruments may cross within their errors; three hours beyond that may not be."""

    code = "logic"
    name = _("Contradictory values")
    meaning = _("A part was measured higher than the whole it belongs to, three hours on end.")
    kind = "LOGIC"
    hours = "hours"
    thresholds = {"hours": thresholds.LOGIC_HOURS, "share": thresholds.LOGIC_SHARE}

    def judges(self, code: str) -> bool:
        return code in WHOLE

    def second(self, code: str) -> str | None:
        return WHOLE[code]

    def condition(self, setting: Setting) -> str:
        return f"coalesce(value > other * (1 + {setting['share']}) AND other > 0, false)"

    def bound(self, setting: Setting) -> str:  # noqa: ARG002
        return "other"
