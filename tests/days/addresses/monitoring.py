"""What is measured."""

from __future__ import annotations

from typing import Any, Final

from django.utils import timezone

from jiulong.monitoring.models import Alarm, Finding, Outfall, Point
from tests.days.addresses.common import FILE, SENT, Look
from tests.duty.scene import make_alarm


def an_alarm() -> list[Any]:
    """Any alarm; where the district had a quiet day, one is made."""
    found = Alarm.objects.order_by("pk").first()
    return [(found or make_alarm(Outfall.objects.order_by("pk")[0], now=timezone.now())).pk]


LOOKS: Final = (
    Look("monitoring:points", "admin"),
    Look("monitoring:points_map", "admin"),
    Look("monitoring:point", "admin", lambda: [Point.objects.order_by("pk")[0].code]),
    Look("monitoring:readings", "admin", lambda: [Point.objects.order_by("pk")[0].code]),
    Look("monitoring:limits", "admin", lambda: [Point.objects.order_by("pk")[0].code]),
    Look("monitoring:standards", "admin"),
    Look("monitoring:alarms", "admin"),
    Look("monitoring:rules", "admin"),
    Look("monitoring:alarm", "admin", an_alarm),
    Look("monitoring:findings", "admin"),
    Look("monitoring:finding", "admin", lambda: [Finding.objects.order_by("pk")[0].pk]),
)  # fmt: skip
OTHERS: Final = {
    SENT: """
        monitoring:finding_acknowledge monitoring:alarm_acknowledge monitoring:limit_set
        monitoring:standard_assign monitoring:load_set
    """,
    FILE: "monitoring:points_map_data monitoring:point_series",
    "needs a journal on disk; tests/monitoring looks at it": "monitoring:frame",
}
