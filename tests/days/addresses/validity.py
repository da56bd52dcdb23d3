"""Which of it counts."""

from __future__ import annotations

from typing import Any, Final

from django.utils import timezone

from jiulong.monitoring.models import Point
from jiulong.validity.models import DayStatistic
from tests.days.addresses.common import FILE, Look


def a_statistic() -> list[Any]:
    """The newest day of the first point that was computed."""
    found = DayStatistic.objects.order_by("point", "-on").first()
    return (
        [found.point.code, found.on]
        if found
        else [Point.objects.all()[0].code, timezone.localdate()]
    )


LOOKS: Final = (
    Look("validity:rates", "admin"),
    Look("validity:days", "admin", lambda: [Point.objects.order_by("pk")[0].code]),
    Look("validity:day", "admin", a_statistic),
    Look("validity:revisions", "admin"),
)  # fmt: skip
OTHERS: Final = {
    FILE: "validity:hours",
}
