"""The numbers of the home page and the loop bar, and today's discharge strip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from jiulong.monitoring import thresholds
from jiulong.monitoring.models import Finding, Period
from jiulong.monitoring.queries.findings import findings
from jiulong.monitoring.queries.points import points
from jiulong.monitoring.queries.scope import visible_findings, visible_points
from jiulong.monitoring.queries.strip import StripRow, discharge_strip
from jiulong.organisation.rules import Viewer

NEWEST_FINDINGS: Final = 8
_LIVENESS: Final[list[str]] = ["liveness"]  # an annotation of `points`

#: Readings that speak of the last hour and day. Walks the primary key, never the values.
FRAMES: Final = """
SELECT count(*) FILTER (WHERE at > %(hour)s), count(*)
FROM reading
WHERE point = ANY(%(points)s) AND period = ANY(%(periods)s) AND at > %(day)s AND at <= %(until)s
"""


@dataclass(frozen=True, slots=True)
class Overview:
    """All counts of home page and loop bar, for what the viewer may see."""

    live: int
    late: int
    offline: int
    open_findings: int
    open_by_severity: dict[str, int]
    open_by_rule: dict[str, int]
    unacknowledged: int
    points_with_findings: int
    newest: tuple[Finding, ...]
    strip: tuple[StripRow, ...]
    frames_hour: int
    frames_day: int

    @property
    def points(self) -> int:
        """Points in service."""
        return self.live + self.late + self.offline


@dataclass(frozen=True, slots=True)
class Received:
    """Readings of the last hour and of the last 24."""

    hour: int
    day: int


def overview(viewer: Viewer, now: datetime | None = None) -> Overview:
    """What is live, what is wrong, what is late. A fixed number of queries."""
    now = now or timezone.now()
    states = dict(
        points(viewer, now=now).order_by().values_list(*_LIVENESS).annotate(n=Count("pk"))
    )
    standing = visible_findings(viewer).filter(ended_at=None).order_by()
    came = received(viewer, now)
    by_severity = dict(standing.values_list("severity").annotate(n=Count("pk")))
    return Overview(
        live=states.get("live", 0),
        late=states.get("late", 0),
        offline=states.get("offline", 0),
        open_findings=sum(by_severity.values()),
        open_by_severity={name: by_severity.get(name, 0) for name in Finding.Severity.values},
        open_by_rule=dict(standing.values_list("rule").annotate(n=Count("pk"))),
        **standing.aggregate(
            unacknowledged=Count("pk", filter=Q(acknowledged_at=None)),
            points_with_findings=Count("point", distinct=True),
        ),
        newest=tuple(findings(viewer)[:NEWEST_FINDINGS]),
        strip=discharge_strip(viewer, now),
        frames_hour=came.hour,
        frames_day=came.day,
    )


def received(viewer: Viewer, now: datetime) -> Received:
    """How many readings of the viewer's points speak of the last hour and of the last day."""
    parameters: dict[str, Any] = {
        "points": list(visible_points(viewer).values_list("pk", flat=True)),
        "periods": [Period.REALTIME, Period.MINUTE, Period.HOUR, Period.DAY],
        "hour": now - timedelta(hours=1),
        "day": now - timedelta(days=1),
        "until": now + thresholds.CLOCK_AHEAD,
    }
    with connection.cursor() as cursor:
        cursor.execute(FRAMES, parameters)
        return Received(*cursor.fetchone())
