"""Monthly exceedance: the effective monthly mean outside a limit that speaks of months."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import numbers
from jiulong.monitoring.judgements.base import register
from jiulong.monitoring.models import Alarm, Factor
from jiulong.validity.dayrules import Stretch
from jiulong.validity.judgements.base import DayRule, Wanted, columns
from jiulong.validity.months import last_of

#: Valid means of months that are over, outside the limit of their last day.
OVER: Final = """
SELECT DISTINCT m.point_id, m.factor_id, m.month, m.mean, l.minimum, l.maximum, m.n_valid,
       m.n_expected
FROM unnest(%(points)s::bigint[], %(factors)s::smallint[], %(firsts)s::date[], %(lasts)s::date[])
     AS s(point, factor, first, last)
JOIN validity_monthstatistic m ON m.point_id = s.point AND m.factor_id = s.factor
     AND m.month BETWEEN s.first AND s.last AND m.month + interval '1 month' <= %(today)s
JOIN monitoring_limit l ON l.point_id = m.point_id AND l.factor_id = m.factor_id
     AND l.statistic = 'month' AND l.valid_from < m.month + interval '1 month'
     AND (l.valid_to IS NULL OR l.valid_to >= (m.month + interval '1 month - 1 day')::date)
WHERE m.valid
  AND m.mean NOT BETWEEN coalesce(l.minimum, '-Infinity') AND coalesce(l.maximum, 'Infinity')
ORDER BY m.point_id, m.factor_id, m.month
"""


@register
class MonthExceedance(DayRule):
    """The finding is of the month's last day, with which the mean stood: one that lasted a month
    would make one alarm of everything in it.
    """

    code = "month_exceedance"
    name = _("Monthly exceedance")
    meaning = _("The effective monthly mean is outside a limit for monthly means.")
    kind = "EXD"
    family = Alarm.Family.LIMIT
    respond = "24 hours"
    close = "5 working_days"
    source = ""

    def scope(self, stretches: Sequence[Stretch]) -> Sequence[Stretch]:
        """Whole months."""
        return [
            one._replace(first=one.first.replace(day=1), last=last_of(one.last))
            for one in stretches
        ]

    def wanted(self, stretches: Sequence[Stretch], now: datetime) -> Iterable[Wanted]:
        codes = dict(Factor.objects.values_list("pk", "code"))
        # A month is over when its last day was computed.
        today = timezone.localdate(now - timedelta(minutes=15))
        with connection.cursor() as cursor:
            cursor.execute(OVER, {**columns(stretches), "today": today})
            rows = cursor.fetchall()
        for point, factor, month, mean, minimum, maximum, valid, expected in rows:
            breach = numbers.breach(mean, minimum, maximum, code=codes[factor])
            if breach is None or codes[factor] in numbers.LOGARITHMIC:
                continue
            yield Wanted(
                point, factor, last_of(month), mean, breach.bound, breach.multiple,
                detail=_detail(month, valid, expected),
            )  # fmt: skip


def _detail(month: date, valid: int, expected: int) -> dict[str, object]:
    return {"month": f"{month:%Y-%m}", "n_valid": valid, "n_expected": expected}
