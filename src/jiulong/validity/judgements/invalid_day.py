"""Days without enough valid data (alarm catalogue MISS): fewer than 75 % of the hours count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.judgements.base import register
from jiulong.monitoring.models import Alarm
from jiulong.validity.dayrules import Stretch
from jiulong.validity.judgements.base import DayRule, Wanted, columns

#: Days over that have no mean because too few hours count, of factors that the
#: permit has measured there.
TOO_FEW: Final = """
SELECT d.point_id, d.factor_id, d."on", d.n_valid, d.n_expected, d.reasons, d.revision
FROM unnest(%(points)s::bigint[], %(factors)s::smallint[], %(firsts)s::date[], %(lasts)s::date[])
     AS s(point, factor, first, last)
JOIN validity_daystatistic d ON d.point_id = s.point AND d.factor_id = s.factor
     AND d."on" BETWEEN s.first AND s.last
WHERE NOT d.valid AND d.over AND d.reasons @> '["too_few"]'
  AND EXISTS (SELECT FROM monitoring_limit l
              WHERE (l.origin = 'permit' OR l.note = 'permit_laxer')
                AND l.point_id = d.point_id AND l.factor_id = d.factor_id
                AND d."on" >= l.valid_from AND (l.valid_to IS NULL OR d."on" <= l.valid_to))
ORDER BY d.point_id, d.factor_id, d."on"
"""


@register
class InvalidDay(DayRule):
    """A day on which no water flowed is none of these."""

    code = "invalid_day"
    name = _("Too few valid data")
    meaning = _("Fewer than 75 % of the hours of a day have valid data: the day has no mean.")
    kind = "MISS"
    family = Alarm.Family.DATA
    respond = "next_day 12:00"
    close = "1 working_days"
    source = "HJ 356-2019"

    def wanted(self, stretches: Sequence[Stretch], now: datetime) -> Iterable[Wanted]:  # noqa: ARG002
        with connection.cursor() as cursor:
            cursor.execute(TOO_FEW, columns(stretches))
            rows = cursor.fetchall()
        for point, factor, on, valid, expected, _reasons, revision in rows:
            told = {"n_valid": valid, "n_expected": expected}
            yield Wanted(point, factor, on, detail=told, revision=revision)
