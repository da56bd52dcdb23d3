"""What upkeep does without anybody's act."""

from __future__ import annotations

from datetime import datetime

from jiulong.upkeep.actions import follow_contracts


def contracts_step(now: datetime) -> bool:
    """Let stations pass to the firms whose contracts began. One pass does all of it."""
    follow_contracts(now=now)
    return False
