"""Late data: frames received long after the time they speak of, as back-fills are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.judgements.base import Rule, Window, register
from jiulong.monitoring.models import Finding

#: The late ones among the new readings, by point and by the pauses between their arrivals.
LATE: Final = """
WITH late AS (
    SELECT r.point, r.at, r.received_at, r.received_at - (r.at + CASE r.period
               WHEN 1 THEN p.minute_interval * interval '1 minute'
               WHEN 2 THEN interval '1 hour' WHEN 3 THEN interval '1 day' ELSE interval '0' END
           ) AS delay
    FROM reading r JOIN monitoring_point p ON p.id = r.point
    WHERE r.batch > %(after)s AND r.batch <= %(upto)s AND r.period <= 3
), stepped AS (
    SELECT *, (received_at - lag(received_at) OVER w > %(pause)s)::int AS step
    FROM late WHERE delay > %(late)s
    WINDOW w AS (PARTITION BY point ORDER BY received_at)
), numbered AS (
    SELECT *, sum(step) OVER (PARTITION BY point ORDER BY received_at) AS episode FROM stepped
)
SELECT point, count(*), min(at), max(at), min(received_at), max(received_at),
       extract(epoch FROM max(delay))::bigint
FROM numbered GROUP BY point, episode ORDER BY point, min(received_at)
"""


@register
class Late(Rule):
    """Late frames that arrive together are one finding, over when the last of them came."""

    code = "late"
    name = _("Late data")
    meaning = _("Data came more than an hour after the end of the time they speak of.")
    kind = "LATE"
    severity = Finding.Severity.INFORMATION
    thresholds = {"late_after": thresholds.LATE_DATA_AFTER, "pause": thresholds.LATE_DATA_PAUSE}

    def judge(self, window: Window) -> Iterable[Finding]:
        for point, *facts in _late(window):
            count, first, last, first_received, last_received, delay = facts
            finding = self._continued(point, first, first_received)
            if finding.detail.get("batch", 0) >= window.upto:
                continue  # judged again: these were counted
            finding.started_at = min(finding.started_at, first)
            finding.last_at = max(finding.last_at, last)
            finding.ended_at = max(finding.ended_at or last_received, last_received)
            finding.detail = {
                "batch": window.upto,
                "count": finding.detail.get("count", 0) + count,
                "delay_s": max(finding.detail.get("delay_s", 0), delay),
                "received_from": finding.detail.get("received_from", first_received.isoformat()),
            }
            if finding.pk is None:
                finding.found_at = window.horizon
                finding.save()  # the next episode of this point may continue it
            yield finding

    def _continued(self, point: int, first: datetime, received: datetime) -> Finding:
        """The finding this episode belongs to: same back-fill, or the same start."""
        mine = Finding.objects.filter(rule=self.code, point=point)
        since = received - thresholds.LATE_DATA_PAUSE
        return (
            mine.filter(ended_at__gte=since).order_by("-ended_at").first()
            or mine.filter(started_at=first).first()
            or self.new(point_id=point, started_at=first, last_at=first)
        )


def _late(window: Window) -> Iterator[tuple[Any, ...]]:
    if not any(
        s.last_received - s.first
        > thresholds.LENGTH.get(s.period, s.last_received - s.first) + thresholds.LATE_DATA_AFTER
        for s in window.touched
    ):
        return  # the usual case: nothing can be late, nothing needs to be read
    parameters: dict[str, Any] = {
        "after": window.after,
        "upto": window.upto,
        "late": thresholds.LATE_DATA_AFTER,
        "pause": thresholds.LATE_DATA_PAUSE,
    }
    with connection.cursor() as cursor:
        cursor.execute(LATE, parameters)
        yield from cursor.fetchall()
