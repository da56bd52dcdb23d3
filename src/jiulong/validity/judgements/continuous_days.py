"""Days in a row over the limit (alarm catalogue EXC)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.catalogue import Catalogue
from jiulong.monitoring.judgements.base import RaisedRule, register
from jiulong.monitoring.models import Alarm, Finding, Severity
from jiulong.validity.judgements.base import ONE_DAY, islands, midnight

Key = tuple[int, int | None]


@register
class ContinuousDays(RaisedRule):
    """It follows from `day_exceedance`: two days or more of one factor at one point."""

    code = "continuous_days"
    name = _("Days in a row over the limit")
    meaning = _("The effective daily means of two or more days in a row are outside the limit.")
    kind = "EXC"
    family = Alarm.Family.LIMIT
    severity = Severity.SERIOUS
    respond = "24 hours"
    close = "5 working_days"
    source = ""
    thresholds = {"days": thresholds.CONTINUOUS_DAYS}

    def follow(self, changed: Sequence[Finding], now: datetime) -> Iterable[Finding]:
        keys = {(f.point_id, f.factor_id) for f in changed if f.rule == "day_exceedance"}
        if not keys:
            return
        over: dict[Key, dict[date, Finding]] = defaultdict(dict)
        standing: dict[Key, list[Finding]] = defaultdict(list)
        rows = Finding.objects.filter(
            rule__in=("day_exceedance", self.code), point__in={point for point, _factor in keys},
            withdrawn_at=None,
        ).order_by("started_at")  # fmt: skip
        for finding in rows:
            key = (finding.point_id, finding.factor_id)
            if key not in keys:
                continue
            if finding.rule == self.code:
                standing[key].append(finding)
            else:
                over[key][timezone.localdate(finding.started_at)] = finding
        least = int(Catalogue.read().at(self.code, now)["days"])
        for key in sorted(keys, key=lambda key: (key[0], key[1] or 0)):
            in_a_row = [days for days in islands(over[key]) if len(days) >= least]
            found = [([over[key][day] for day in days], days) for days in in_a_row]
            yield from self._compared(key, found, standing[key], now, least)

    def _compared(
        self,
        key: Key,
        found: list[tuple[list[Finding], list[date]]],
        standing: list[Finding],
        now: datetime,
        least: int,
    ) -> Iterator[Finding]:
        for over, days in found:
            first, last = midnight(days[0]), midnight(days[-1] + ONE_DAY)
            known = next((f for f in standing if f.started_at < last and f.last_at > first), None)
            if known is not None:
                standing.remove(known)
            worst = max(over, key=_gravity)
            wanted = {
                "started_at": first, "last_at": last, "ended_at": last, "value": worst.value,
                "limit_value": worst.limit_value, "multiple": worst.multiple,
                "detail": {"days": len(days)},
            }  # fmt: skip
            if known and all(getattr(known, name) == value for name, value in wanted.items()):
                continue
            found_at = over[least - 1].found_at
            finding = known or self.new(point_id=key[0], factor_id=key[1], found_at=found_at)
            for name, value in wanted.items():
                setattr(finding, name, value)
            yield finding
        for gone in standing:
            gone.withdrawn_at, gone.withdrawn_cause = now, "later_data"
            yield gone


def _gravity(finding: Finding) -> tuple[object, ...]:
    return finding.multiple or 0, finding.value or 0, finding.started_at
