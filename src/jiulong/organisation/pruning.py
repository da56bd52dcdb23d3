"""Old lines of the logs go only where the setting says so, and never before 183 days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from jiulong.organisation.models import LogLine, ReadRecord, Session

#: Six months, as the Cybersecurity Law (article 21) has it; a trigger keeps it as well.
KEPT: Final = timedelta(days=184)
AT_ONCE: Final = 5000


def prune(now: datetime) -> bool:
    """Forget what is over: sessions, and log lines past the setting; whether there was any."""
    gone = Session.objects.filter(expire_date__lt=now - timedelta(days=1)).delete()[0]
    if settings.LOG_DAYS:
        before = now - max(KEPT, timedelta(days=settings.LOG_DAYS))
        for model in (LogLine, ReadRecord):
            old = model.objects.filter(at__lt=before).order_by("pk").values("pk")[:AT_ONCE]
            gone += model.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[0]
    return gone > 0
