"""Suspicious marks (alarm catalogue MARK): too much of a month is marked away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.judgements.base import register
from jiulong.monitoring.models import Alarm
from jiulong.upkeep.queries import mark_shares
from jiulong.validity.dayrules import Stretch
from jiulong.validity.judgements.base import DayRule, Wanted

#: More than a tenth of the hours of a month.
SHARE: Final = Decimal("0.10")


@register
class SuspiciousMarks(DayRule):
    """One finding a point and month, of its first day; marks that are rejected may take it back."""

    code = "suspicious_marks"
    name = _("Suspicious marks")
    meaning = _("Device marks touch more than a tenth of the hours of a month.")
    kind = "MARK"
    family = Alarm.Family.MARK
    respond = "2 working_days"
    close = "5 working_days"
    source = ""
    thresholds = {"share": SHARE}

    def scope(self, stretches: Sequence[Stretch]) -> Sequence[Stretch]:
        """Whole months of points, whatever the factor."""
        return whole_months(stretches)

    def wanted(self, stretches: Sequence[Stretch], now: datetime) -> Iterable[Wanted]:  # noqa: ARG002
        months: dict[date, list[int]] = {}
        for stretch in stretches:
            month = stretch.first
            while month <= stretch.last:
                months.setdefault(month, []).append(stretch.point_id)
                month = month_after(month)
        for month, points in sorted(months.items()):
            for point, share in sorted(mark_shares(points, month).items()):
                if share.share > SHARE:
                    detail = {
                        "hours": share.hours, "marked_hours": share.marked_hours,
                        "marks": share.marks,
                    }  # fmt: skip
                    yield Wanted(point, None, month, detail=detail, until=month_after(month))


def whole_months(stretches: Sequence[Stretch]) -> list[Stretch]:
    """The months that the days of each point lie in, whatever the factor (0)."""
    spans: dict[int, tuple[date, date]] = {}
    for stretch in stretches:
        first, last = spans.get(stretch.point_id, (stretch.first, stretch.last))
        spans[stretch.point_id] = (min(first, stretch.first), max(last, stretch.last))
    return [
        Stretch(point, 0, first.replace(day=1), month_after(last) - timedelta(days=1))
        for point, (first, last) in spans.items()
    ]


def month_after(day: date) -> date:
    """The first day of the next month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
