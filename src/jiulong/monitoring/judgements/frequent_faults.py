"""Frequent faults (alarm catalogue FREQ): a station that breaks down again and again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.catalogue import Catalogue
from jiulong.monitoring.judgements.base import RaisedRule, register
from jiulong.monitoring.models import Alarm, Finding

#: What counts as a fault of the station.
FAULTS: Final = frozenset({"offline", "failed_check", "over_range"})

#: The fault that was one too many, the last one, and how many there were.
Spate = tuple[datetime, datetime, int]


@register
class FrequentFaults(RaisedRule):
    """From the fault that was one too many to the last one before a week had room again.

    It follows from findings, not from readings. Such a station is worth a visit of its own: DOMAIN
    A11 [F:S33] tells of one whose falsification showed first in its many faults.
    """

    code = "frequent_faults"
    name = _("Frequent faults")
    meaning = _("The station had three or more faults within seven days.")
    kind = "FREQ"
    family = Alarm.Family.DEVICE
    respond = "24 hours"
    close = "5 working_days"
    source = ""
    thresholds = {"faults": thresholds.FAULTS, "days": thresholds.FAULT_DAYS}

    def follow(self, changed: Sequence[Finding], now: datetime) -> Iterable[Finding]:
        points = {finding.point_id for finding in changed if finding.rule in FAULTS}
        if not points:
            return
        setting = Catalogue.read().at(self.code, now)
        earliest = min(finding.started_at for finding in changed if finding.rule in FAULTS)
        since = self._beginning(points, earliest, timedelta(days=setting["days"]))
        starts: dict[int, list[datetime]] = defaultdict(list)
        faults = Finding.objects.filter(
            rule__in=FAULTS, point__in=points, withdrawn_at=None,
            started_at__gte=since - timedelta(days=setting["days"]),
        )  # fmt: skip
        for point, start in faults.order_by("started_at").values_list("point", "started_at"):
            starts[point].append(start)
        standing: dict[int, list[Finding]] = defaultdict(list)
        for finding in Finding.objects.filter(
            rule=self.code, point__in=points, withdrawn_at=None, started_at__gte=since
        ).order_by("started_at"):
            standing[finding.point_id].append(finding)
        for point in sorted(points):
            yield from self._compared(
                point,
                [
                    spate
                    for spate in spates(starts[point], setting["faults"], setting["days"])
                    if spate[0] >= since
                ],
                standing[point],
                now,
            )

    def _beginning(self, points: set[int], earliest: datetime, within: timedelta) -> datetime:
        """Since when spates may differ: a fault counts for so long, and those before it with it."""
        since = earliest
        while True:
            reaching = Finding.objects.filter(
                rule=self.code, point__in=points, withdrawn_at=None,
                started_at__lt=since, ended_at__gte=since - within,
            )  # fmt: skip
            first = reaching.aggregate(first=Min("started_at"))["first"]
            if first is None:
                return since
            since = first

    def _compared(
        self, point: int, spates: list[Spate], standing: list[Finding], now: datetime
    ) -> Iterator[Finding]:
        for first, last, count in spates:
            known = next((f for f in standing if first <= f.started_at <= last), None)
            if known is not None:
                standing.remove(known)
                if (known.started_at, known.ended_at, known.detail) == (
                    first, last, {"count": count},
                ):  # fmt: skip
                    continue
            finding = known or self.new(point_id=point, found_at=now)
            finding.started_at, finding.last_at, finding.ended_at = first, last, last
            finding.detail = {"count": count}
            yield finding
        for gone in standing:
            gone.withdrawn_at, gone.withdrawn_cause = now, "later_data"
            yield gone


def spates(starts: Sequence[datetime], most: int, days: int) -> list[Spate]:
    """Where `most` faults came within so many days; `starts` in order."""
    within = timedelta(days=days)
    found: list[Spate] = []
    for n in range(most - 1, len(starts)):
        if starts[n] - starts[n - most + 1] > within:
            continue
        if found and starts[n - most + 1] <= found[-1][1]:
            found[-1] = (found[-1][0], starts[n], found[-1][2] + 1)
        else:
            found.append((starts[n], starts[n], most))
    return found
