"""Offline (alarm catalogue OFF): a logger is not heard any more.

What the journal holds shows past silences; the recorder's `PointState` shows the present one. A
point that never sent anything is not judged: its page says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.catalogue import Setting
from jiulong.monitoring.judgements.base import Rule, Window, register
from jiulong.monitoring.models import Alarm, Finding, PointState, Watch

#: An open finding's `last_at` is written this often, not at every look.
REFRESH: Final = timedelta(minutes=5)

#: Pauses between the new readings of a point, and between them and what was heard before.
PAUSES: Final = """
WITH heard AS (
    SELECT r.point, r.received_at,
           coalesce(lag(r.received_at) OVER (PARTITION BY r.point ORDER BY r.received_at),
                    w.heard_at) AS before
    FROM reading r LEFT JOIN monitoring_watch w ON w.point_id = r.point
    WHERE r.batch > %(after)s AND r.batch <= %(upto)s
)
SELECT h.point, h.before, h.received_at
FROM heard h JOIN monitoring_point p ON p.id = h.point
WHERE h.received_at - h.before >
      greatest(%(offline)s, %(intervals)s * p.realtime_interval_s * interval '1 second')
ORDER BY h.point, h.received_at
"""
#: What the judge has heard, for the next window.
REMEMBER: Final = """
INSERT INTO monitoring_watch AS w (point_id, heard_at)
SELECT point, heard_at
FROM unnest(%(points)s::int[], %(heard)s::timestamptz[]) AS n(point, heard_at)
ON CONFLICT (point_id) DO UPDATE SET heard_at = greatest(w.heard_at, excluded.heard_at)
"""

#: A point, when it was last heard, and when again.
Pause = tuple[int, datetime, datetime]


@register
class Offline(Rule):
    """No frame for longer than the threshold; from the last frame heard to the next."""

    code = "offline"
    name = _("Offline")
    meaning = _("No frame came for more than 30 minutes; serious from two hours on.")
    kind = "OFF"
    family = Alarm.Family.LINE
    respond = "12 hours"
    close = "5 working_days"
    source = "HJ 355-2019"
    thresholds = {
        "offline_after": thresholds.OFFLINE_AFTER,
        "serious_after": thresholds.OFFLINE_SERIOUS_AFTER,
        "intervals": thresholds.LATE_INTERVALS,
    }

    def judge(self, window: Window) -> Iterable[Finding]:
        setting = window.settings.at(self.code, window.horizon)
        standing = {
            finding.point_id: finding
            for finding in Finding.objects.filter(rule=self.code, ended_at=None)
        }
        pauses = self._pauses(window, setting)
        known = self._known(pauses)
        for point, before, after in pauses:
            open_one = standing.get(point)
            if open_one is not None and before <= open_one.started_at < after:
                yield self._ended(standing.pop(point), after, setting)
            elif (point, before) not in known:
                yield self._ended(self._paused(point, before, window, setting), after, setting)
        for point, first in _first_heard(window).items():
            open_one = standing.get(point)
            if open_one is not None and first > open_one.started_at:
                yield self._ended(standing.pop(point), first, setting)
        _remember(window)
        if window.live:
            yield from self._silent_now(window.horizon, standing, setting)

    def _pauses(self, window: Window, setting: Setting) -> list[Pause]:
        parameters: dict[str, Any] = {
            "after": window.after,
            "upto": window.upto,
            "offline": setting["offline_after"],
            "intervals": setting["intervals"],
        }
        if not _may_have_paused(window, setting):
            return []  # the usual case: nothing needs to be read
        with connection.cursor() as cursor:
            cursor.execute(PAUSES, parameters)
            return list(cursor.fetchall())

    def _paused(self, point: int, before: datetime, window: Window, setting: Setting) -> Finding:
        known = window.known_at(before + setting["offline_after"])
        return self.new(point_id=point, started_at=before, found_at=known)

    def _known(self, pauses: list[Pause]) -> set[tuple[int, datetime]]:
        """Pauses that are findings already, so that judging again is harmless."""
        found = Finding.objects.filter(
            rule=self.code,
            point__in={point for point, _before, _after in pauses},
            started_at__in={before for _point, before, _after in pauses},
        )
        return set(found.values_list("point", "started_at"))

    def _silent_now(
        self, now: datetime, standing: dict[int, Finding], setting: Setting
    ) -> Iterator[Finding]:
        in_service = Q(point__active_to=None) | Q(point__active_to__gt=now)
        for state in PointState.objects.filter(
            in_service, heard_at__lt=now - setting["offline_after"]
        ).select_related("point"):
            seldom = setting["intervals"] * timedelta(seconds=state.point.realtime_interval_s)
            finding = standing.pop(state.point_id, None)
            if now - state.heard_at <= seldom:
                continue
            if finding is None:
                finding = self.new(
                    point_id=state.point_id,
                    started_at=state.heard_at,
                    last_at=state.heard_at,
                    found_at=now,
                )
            if finding.pk is None or now - finding.last_at >= REFRESH:
                finding.last_at = now
                yield self._graded(finding, setting)
        yield from self._over(now, standing, setting)

    def _over(
        self, now: datetime, standing: dict[int, Finding], setting: Setting
    ) -> Iterator[Finding]:
        """Open findings of points that are heard again, or that went out of service."""
        for state in PointState.objects.filter(point__in=standing).select_related("point"):
            retired = state.point.active_to
            over_at = retired if retired is not None and retired <= now else state.heard_at
            yield self._ended(standing[state.point_id], over_at, setting)

    def _ended(self, finding: Finding, at: datetime, setting: Setting) -> Finding:
        finding.last_at = finding.ended_at = max(at, finding.started_at)
        return self._graded(finding, setting)

    def _graded(self, finding: Finding, setting: Setting) -> Finding:
        lasted = finding.last_at - finding.started_at
        serious = lasted > setting["serious_after"]
        finding.severity = Finding.Severity.SERIOUS if serious else self.severity
        finding.detail = {"seconds": int(lasted.total_seconds())}
        return finding


def _may_have_paused(window: Window, setting: Setting) -> bool:
    """Whether any point's new readings can hide a pause, among them or before them."""
    heard = dict(Watch.objects.filter(point__in=window.points).values_list("point", "heard_at"))
    return any(
        stretch.last_received - min(heard.get(stretch.point, first), first)
        > setting["offline_after"]
        for stretch in window.touched
        for first in (stretch.first_received,)
    )


def _first_heard(window: Window) -> dict[int, datetime]:
    first: dict[int, datetime] = {}
    for stretch in window.touched:
        held = first.get(stretch.point, stretch.first_received)
        first[stretch.point] = min(held, stretch.first_received)
    return first


def _remember(window: Window) -> None:
    heard: dict[int, datetime] = {}
    for stretch in window.touched:
        held = heard.get(stretch.point, stretch.last_received)
        heard[stretch.point] = max(held, stretch.last_received)
    if window.live:
        # Heartbeats are no readings, but a logger that sends them is not offline.
        behind = Watch.objects.filter(
            point__state__heard_at__gt=F("heard_at") + thresholds.OFFLINE_AFTER / 2
        )
        heard |= dict(behind.values_list("point_id", "point__state__heard_at"))
    if heard:
        with connection.cursor() as cursor:
            cursor.execute(REMEMBER, {"points": list(heard), "heard": list(heard.values())})
