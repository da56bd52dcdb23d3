"""Hours that are missing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from jiulong.gaps.models import Gap
from jiulong.monitoring.models import Period, Point
from tests.days.addresses.common import FILE, SENT, Look


def a_gap() -> list[Any]:
    """Three hours that a point misses."""
    point = Point.objects.order_by("pk")[0]
    start = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=9)
    end = start + timedelta(hours=3)
    made = Gap.objects.create(
        point=point, period=Period.HOUR, minutes=60, start=start, end=end, missing=3, left=3,
        remaining=[[start, end]], found_at=end,
    )  # fmt: skip
    return [made.pk]


LOOKS: Final = (
    Look("gaps:gaps", "admin"),
    Look("gaps:months", "admin"),
    Look("gaps:gap", "officer", a_gap),
    Look("gaps:calendar", "officer", lambda: [Point.objects.order_by("pk")[0].code]),
)  # fmt: skip
OTHERS: Final = {
    SENT: "gaps:prove",
    FILE: "gaps:proof",
}
