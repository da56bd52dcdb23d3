"""Loads against the permitted quantity (class LOAD): the year's, and the month's share of it.

Only effective and substituted loads count (DOMAIN A8). The finding is of the day on which the sum
went over: what came before was within the permit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import numbers
from jiulong.monitoring.judgements.base import register
from jiulong.monitoring.models import Alarm, Severity
from jiulong.validity.dayrules import Stretch
from jiulong.validity.judgements.base import DayRule, Wanted

#: The first day on which the running sum of an outfall's effluent is over the permitted quantity.
CROSSED: Final = """
WITH asked AS (
    SELECT DISTINCT p.outfall_id AS outfall, s.factor, date_trunc(%(span)s, n)::date AS start
    FROM unnest(%(points)s::bigint[], %(factors)s::smallint[], %(firsts)s::date[],
                %(lasts)s::date[]) AS s(point, factor, first, last)
    JOIN monitoring_point p ON p.id = s.point
    CROSS JOIN LATERAL generate_series(date_trunc(%(span)s, s.first::timestamp), s.last,
                                       ('1 ' || %(span)s)::interval) AS n
), summed AS (
    SELECT a.outfall, a.factor, a.start, d.point_id, d."on", d.revision, l.tonnes, l.source,
           sum(d.load_kg) OVER (PARTITION BY a.outfall, a.factor, a.start
                                ORDER BY d."on", d.point_id) AS kg
    FROM asked a
    JOIN monitoring_permittedload l ON l.outfall_id = a.outfall AND l.factor_id = a.factor
         AND l.year = extract(year FROM a.start)
    JOIN monitoring_point p ON p.outfall_id = a.outfall AND p.position = 'effluent'
    JOIN validity_daystatistic d ON d.point_id = p.id AND d.factor_id = a.factor
         AND d."on" >= a.start AND d."on" < a.start + ('1 ' || %(span)s)::interval
         AND d.load_kg IS NOT NULL AND d.over
)
SELECT DISTINCT ON (outfall, factor, start)
       point_id, factor, "on", kg, tonnes * 1000 / %(share)s, revision, source, start
FROM summed WHERE kg > tonnes * 1000 / %(share)s
ORDER BY outfall, factor, start, "on", point_id
"""


class LoadRule(DayRule):
    """The running sum of a span of time over its share of the year's permitted quantity."""

    family = Alarm.Family.LIMIT
    respond = "24 hours"
    close = "5 working_days"
    #: `date_trunc`'s name of the span, and how many of them a year has.
    span: ClassVar[str]
    share: ClassVar[int]

    def scope(self, stretches: Sequence[Stretch]) -> Sequence[Stretch]:
        """The whole spans, at every effluent point of the outfalls: the sum is theirs together."""
        with connection.cursor() as cursor:
            cursor.execute(SISTERS, {"points": sorted({s.point_id for s in stretches})})
            sisters: dict[int, list[int]] = {}
            for point, sister in cursor:
                sisters.setdefault(point, []).append(sister)
        return [
            Stretch(sister, stretch.factor_id, *self._whole(stretch.first, stretch.last))
            for stretch in stretches
            for sister in sisters.get(stretch.point_id, ())
        ]

    def _whole(self, first: date, last: date) -> tuple[date, date]:
        if self.span == "year":
            return first.replace(month=1, day=1), last.replace(month=12, day=31)
        after = (last.replace(day=1) + timedelta(days=32)).replace(day=1)
        return first.replace(day=1), after - timedelta(days=1)

    def wanted(self, stretches: Sequence[Stretch], now: datetime) -> Iterable[Wanted]:  # noqa: ARG002
        if not stretches:
            return
        parameters: dict[str, Any] = {
            "points": [s.point_id for s in stretches], "factors": [s.factor_id for s in stretches],
            "firsts": [s.first for s in stretches], "lasts": [s.last for s in stretches],
            "span": self.span, "share": self.share,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(CROSSED, parameters)
            rows = cursor.fetchall()
        for point, factor, on, kg, most, revision, source, start in rows:
            yield Wanted(
                point, factor, on, kg / 1000, most / 1000, numbers.rounded(kg / most - 1),
                detail={"span": self.span, "since": start.isoformat(), "source": source},
                revision=revision,
            )  # fmt: skip


#: Effluent points that share an outfall with the points, themselves included, where it has a quota.
SISTERS: Final = """
SELECT p.id, q.id FROM monitoring_point p
JOIN monitoring_point q ON q.outfall_id = p.outfall_id AND q.position = 'effluent'
WHERE p.id = ANY(%(points)s) AND p.position = 'effluent'
  AND EXISTS (SELECT FROM monitoring_permittedload l WHERE l.outfall_id = p.outfall_id)
"""


@register
class Load(LoadRule):
    """The year's load: a violation of the permit."""

    code = "load"
    name = _("Permitted quantity exceeded")
    meaning = _("The load of the year is above the quantity that the permit allows.")
    kind = "LOAD"
    severity = Severity.SERIOUS
    source = "排污许可管理条例 第十七条"
    span, share = "year", 1


@register
class LoadMonth(LoadRule):
    """A twelfth of the year's quantity in a month: a warning that the year may not hold."""

    code = "load_month"
    name = _("Monthly share exceeded")
    meaning = _("The load of the month is above a twelfth of the permitted quantity of the year.")
    kind = "LOAD"
    severity = Severity.INFORMATION
    source = ""
    span, share = "month", 12
