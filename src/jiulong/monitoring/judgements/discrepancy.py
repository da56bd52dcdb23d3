"""Discrepancies: a second frame for the same moment that says something else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.judgements.base import Rule, Window, register
from jiulong.monitoring.models import Alarm, Discrepancy, Finding, Period

#: How many cases a finding shows in full; the table of discrepancies keeps all.
EXAMPLES: Final = 20


@register
class Contradiction(Rule):
    """All contradictions about one point and one local day are one finding."""

    code = "discrepancy"
    name = _("Discrepancy")
    meaning = _("Two frames give different values for the same moment. Both are kept.")

    kind = "DISC"
    family = Alarm.Family.DATA
    respond = "24 hours"
    close = "3 working_days"
    source = "HJ 356-2019"

    def judge(self, window: Window) -> Iterable[Finding]:
        days: dict[tuple[int, date], list[Discrepancy]] = defaultdict(list)
        for row in Discrepancy.objects.filter(
            other_batch__gt=window.after, other_batch__lte=window.upto
        ).order_by("at", "id"):
            days[row.point_id, timezone.localdate(row.at)].append(row)
        for (point, day), rows in days.items():
            yield self._counted(point, day, rows, window)

    def _counted(self, point: int, day: date, rows: list[Discrepancy], window: Window) -> Finding:
        start = timezone.make_aware(
            datetime.combine(day, time.min), timezone.get_default_timezone()
        )
        finding = Finding.objects.filter(
            rule=self.code,
            point=point,
            started_at__gte=start,
            started_at__lt=start + timedelta(days=1),
        ).first() or self.new(
            point_id=point, started_at=rows[0].at, last_at=rows[-1].at, found_at=window.horizon
        )
        if finding.detail.get("batch", 0) >= window.upto:
            return finding  # judged again: these were counted
        examples = [*finding.detail.get("examples", []), *map(_example, rows[:EXAMPLES])]
        finding.started_at = min(finding.started_at, rows[0].at)
        finding.last_at = finding.ended_at = max(finding.last_at, rows[-1].at)
        finding.detail = {
            "batch": window.upto,
            "count": finding.detail.get("count", 0) + len(rows),
            "examples": examples[:EXAMPLES],
        }
        return finding


def _example(row: Discrepancy) -> dict[str, Any]:
    return {
        "at": row.at.isoformat(),
        "period": Period(row.period).name.lower(),
        "kept": [row.kept_batch, row.kept_ordinal],
        "other": [row.other_batch, row.other_ordinal],
        "differences": row.differences,
    }
