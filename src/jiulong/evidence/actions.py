"""Every write of evidence: events are recorded, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from jiulong.evidence.models import Event
from jiulong.organisation.models import User


def record_event(
    *,
    actor: User | None,
    verb: str,
    subject: models.Model,
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Event:
    """Write down that `actor` (None: the system itself) did `verb` to `subject`."""
    return Event.objects.create(
        at=at or timezone.now(),
        actor=actor,
        actor_name=str(actor) if actor else "Jiulong",
        verb=verb,
        subject=subject._meta.label_lower,
        subject_id=str(subject.pk),
        data=data or {},
    )
