"""What home and wall show, from the queries of the apps below."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jiulong.desk import loop
from jiulong.monitoring import queries
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer


def home(viewer: Viewer, now: datetime) -> dict[str, Any]:
    counts = loop.count(viewer, now)
    if isinstance(viewer, User):
        loop.remember(viewer, counts)
    return {
        "segments": loop.segments(counts),
        "overview": queries.overview(viewer, now),
        "now": now,
    }


def wall(viewer: Viewer, now: datetime, wanted: str) -> dict[str, Any]:
    return home(viewer, now) | {"view": wanted}
