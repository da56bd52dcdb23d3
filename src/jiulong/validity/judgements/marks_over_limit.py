"""Suspicious marks (alarm catalogue MARK): marks where it was over the limit, and hardly else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import numbers, thresholds
from jiulong.monitoring.catalogue import Catalogue
from jiulong.monitoring.judgements.base import register
from jiulong.monitoring.models import Alarm
from jiulong.upkeep.models import Mark
from jiulong.upkeep.queries import marks_standing
from jiulong.validity.dayrules import Stretch
from jiulong.validity.judgements.base import DayRule, Wanted, midnight
from jiulong.validity.judgements.suspicious_marks import month_after, whole_months

#: Hours under marks (a row a mark and factor; 0: all) in which something was sent that has a limit
#: for hours: how many, and in how many of them something was outside it.
MARKED: Final = """
WITH told AS (
    SELECT m.point, r.at, bool_or(
        v.value NOT BETWEEN coalesce(l.minimum, '-Infinity') AND coalesce(l.maximum, 'Infinity')
    ) AS outside
    FROM unnest(%(points)s::int[], %(factors)s::smallint[], %(starts)s::timestamptz[],
                %(ends)s::timestamptz[]) AS m(point, factor, start, stop)
    JOIN reading r ON r.point = m.point AND r.period = 2 AND r.at > m.start - interval '1 hour'
         AND r.at < m.stop AND r.at >= %(since)s AND r.at < %(until)s
    CROSS JOIN LATERAL unnest(r.factors, r.values) AS v(factor, value)
    JOIN monitoring_limit l ON l.point_id = m.point AND l.factor_id = v.factor
         AND l.statistic = 'hour' AND l.valid_from <= (r.at AT TIME ZONE %(zone)s)::date
         AND (l.valid_to IS NULL OR l.valid_to >= (r.at AT TIME ZONE %(zone)s)::date)
    WHERE m.factor IN (0, v.factor) AND v.value IS NOT NULL AND v.value <> 'NaN'
    GROUP BY m.point, r.at
)
SELECT point, count(*), count(*) FILTER (WHERE outside) FROM told GROUP BY point ORDER BY point
"""


@register
class MarksOverLimit(DayRule):
    """One finding a point and month, of its first day; marks that are rejected may take it back."""

    code = "marks_over_limit"
    name = _("Marks where it was over the limit")
    meaning = _("Most of the marked hours of a month would have been over the limit.")
    kind = "MARK"
    family = Alarm.Family.MARK
    respond = "2 working_days"
    close = "5 working_days"
    source = ""
    thresholds = {"hours": thresholds.MARKED_HOURS, "share": thresholds.MARKED_SHARE}

    def scope(self, stretches: Sequence[Stretch]) -> Sequence[Stretch]:
        """Whole months of points, whatever the factor."""
        return whole_months(stretches)

    def wanted(self, stretches: Sequence[Stretch], now: datetime) -> Iterable[Wanted]:
        setting = Catalogue.read().at(self.code, now)
        months: dict[date, list[int]] = {}
        for stretch in stretches:
            month = stretch.first
            while month <= stretch.last:
                months.setdefault(month, []).append(stretch.point_id)
                month = month_after(month)
        for month, points in sorted(months.items()):
            for point, hours, outside in _marked(points, month):
                if hours < setting["hours"] or Decimal(outside) / hours < setting["share"]:
                    continue
                share = numbers.rounded(Decimal(outside) / hours)
                detail = {"marked_hours": hours, "over_hours": outside, "share": str(share)}
                yield Wanted(point, None, month, detail=detail, until=month_after(month))


def _marked(points: Sequence[int], month: date) -> list[tuple[int, int, int]]:
    """(point, marked hours with a limited value, those of them outside the limit)."""
    start, end = midnight(month), midnight(month_after(month))
    marks = marks_standing().filter(
        point__in=points, group=Mark.Group.DEVICE, started_at__lt=end, ended_at__gt=start
    )
    rows = [
        (mark.point_id, factor, mark.started_at, mark.ended_at)
        for mark in marks.only("point_id", "factors", "started_at", "ended_at").order_by("pk")
        for factor in mark.factors or [0]
    ]
    if not rows:
        return []
    names = ("points", "factors", "starts", "ends")
    given: dict[str, Any] = {name: [row[n] for row in rows] for n, name in enumerate(names)}
    given |= {"since": start, "until": end, "zone": settings.TIME_ZONE}
    with connection.cursor() as cursor:
        cursor.execute(MARKED, given)
        return list(cursor.fetchall())
