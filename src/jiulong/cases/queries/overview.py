"""How the casework stands in a few figures: for the loop bar, the home page and the wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from jiulong.cases.lifecycle import ACCEPTED, ASSIGNED, FILED, REPLIED, SUSPENDED, VERIFIED
from jiulong.cases.models import Case
from jiulong.cases.queries.scope import IS_OPEN, past, visible
from jiulong.organisation.rules import Viewer


@dataclass(frozen=True, slots=True)
class Overview:
    """Open cases that the viewer may see."""

    filed: int = 0
    filed_late: int = 0
    running: int = 0
    due_today: int = 0
    running_late: int = 0
    replied: int = 0
    replied_late: int = 0
    blue: int = 0
    yellow: int = 0
    red: int = 0

    @property
    def open(self) -> int:
        return self.filed + self.running + self.replied

    @property
    def late(self) -> int:
        """As many as the list of late cases has."""
        return self.filed_late + self.running_late + self.replied_late

    @property
    def on_course(self) -> int:
        return self.open - self.blue - self.yellow - self.red


def overview(viewer: Viewer, now: datetime) -> Overview:
    """The figures: one query over the open cases."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = midnight + timedelta(days=1)
    filed = Q(stage=FILED)
    running = Q(stage__in=(ASSIGNED, ACCEPTED, SUSPENDED))
    replied = Q(stage__in=(REPLIED, VERIFIED))
    late = past(now)
    today = Q(due_at__gte=now, due_at__lt=tomorrow)
    light = Case.Light
    return Overview(
        **visible(viewer)
        .filter(IS_OPEN)
        .order_by()
        .aggregate(
            filed=Count("pk", filter=filed),
            filed_late=Count("pk", filter=filed & late),
            running=Count("pk", filter=running),
            due_today=Count("pk", filter=running & today),
            running_late=Count("pk", filter=running & late),
            replied=Count("pk", filter=replied),
            replied_late=Count("pk", filter=replied & late),
            blue=Count("pk", filter=Q(light=light.BLUE)),
            yellow=Count("pk", filter=Q(light=light.YELLOW)),
            red=Count("pk", filter=Q(light=light.RED)),
        )
    )
