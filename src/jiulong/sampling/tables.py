"""Tables of packs: hold times of this site. Reads only."""

from __future__ import annotations

from jiulong.sampling import holding
from jiulong.sampling.models import HoldTime


def hold_table() -> dict[str, holding.Hold]:
    """Hold times by factor code as they hold on this site. One query."""
    rows = HoldTime.objects.values_list("factor_code", "hours", "source")
    return holding.holds({code: holding.Hold(hours, source) for code, hours, source in rows})
