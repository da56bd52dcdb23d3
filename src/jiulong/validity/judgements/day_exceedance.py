"""Daily exceedance (alarm catalogue EXD): the effective daily mean outside its limit.

By Fujian's order 230, art. 26 this is the violation: the effective daily mean of an outlet, by
natural day, pH excepted. It stands or falls with the validity of its day: a mark or a failed check
that comes later may take it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import numbers, thresholds
from jiulong.monitoring.catalogue import Catalogue
from jiulong.monitoring.judgements.base import register
from jiulong.monitoring.models import Alarm, Factor, Severity
from jiulong.validity.dayrules import Stretch
from jiulong.validity.engine.rules import Judgement, RuleSet, plain
from jiulong.validity.judgements.base import DayRule, Wanted, columns
from jiulong.validity.rule_sets import known

#: Valid means outside the limit of their day. The mean is compared as it is, without rounding.
OVER: Final = """
SELECT d.point_id, d.factor_id, d."on", d.mean, l.minimum, l.maximum, d.n_valid, d.n_expected,
       d.revision, d.rule
FROM unnest(%(points)s::bigint[], %(factors)s::smallint[], %(firsts)s::date[], %(lasts)s::date[])
     AS s(point, factor, first, last)
JOIN validity_daystatistic d ON d.point_id = s.point AND d.factor_id = s.factor
     AND d."on" BETWEEN s.first AND s.last
JOIN monitoring_limit l ON l.point_id = d.point_id AND l.factor_id = d.factor_id
     AND l.statistic = 'day' AND d."on" >= l.valid_from
     AND (l.valid_to IS NULL OR d."on" <= l.valid_to)
WHERE d.valid AND d.over
  AND d.mean NOT BETWEEN coalesce(l.minimum, '-Infinity') AND coalesce(l.maximum, 'Infinity')
ORDER BY d.point_id, d.factor_id, d."on"
"""


@register
class DayExceedance(DayRule):
    """One day is one finding; days in a row are `continuous_days`."""

    code = "day_exceedance"
    name = _("Daily exceedance")
    meaning = _("The effective daily mean is outside the limit for daily means: the violation.")
    kind = "EXD"
    family = Alarm.Family.LIMIT
    respond = "next_day 12:00"
    close = "5 working_days"
    source = "福建省政府令第230号 第二十六条"
    thresholds = {"serious_multiple": thresholds.SERIOUS_MULTIPLE}

    def wanted(self, stretches: Sequence[Stretch], now: datetime) -> Iterable[Wanted]:
        least = Catalogue.read().at(self.code, now)["serious_multiple"]
        codes, sets = dict(Factor.objects.values_list("pk", "code")), known()
        with connection.cursor() as cursor:
            cursor.execute(OVER, columns(stretches))
            rows = cursor.fetchall()
        for point, factor, on, mean, minimum, maximum, valid, expected, revision, rule in rows:
            code = codes[factor]
            breach = numbers.breach(mean, minimum, maximum, code=code)
            if breach is None or not _judged(code, sets.get(rule)):
                continue
            far = breach.multiple is not None and breach.multiple > least
            yield Wanted(
                point, factor, on, mean, breach.bound, breach.multiple,
                Severity.SERIOUS if far or code in thresholds.CLASS_ONE else self.severity,
                {"n_valid": valid, "n_expected": expected, "mean": f"{mean.normalize():f}"},
                revision,
            )  # fmt: skip


def _judged(code: str, rules: RuleSet | None) -> bool:
    """Whether a factor is judged by its day: the rule set of the day says so; pH never is."""
    if code in numbers.LOGARITHMIC:
        return False
    said = rules.judgement if rules is not None else Judgement()
    return said.statistic == "day" and plain(code) not in said.excepted
