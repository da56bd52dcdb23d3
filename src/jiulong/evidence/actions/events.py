"""The one timeline: who did what to what, written once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from jiulong.evidence.models import Event
from jiulong.organisation.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act to be written down, as `record_event` takes it."""

    actor: User | None
    verb: str
    subject: models.Model
    data: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None


def record_event(
    *,
    actor: User | None,
    verb: str,
    subject: models.Model,
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Event:
    """Write down that `actor` (None: the system itself) did `verb` to `subject`."""
    act = Act(actor=actor, verb=verb, subject=subject, data=data or {}, at=at)
    event = _event(act, timezone.now())
    event.save(force_insert=True)
    return event


def record_events(acts: Iterable[Act]) -> list[Event]:
    """Write down many acts, in one order, with few statements."""
    now = timezone.now()
    return Event.objects.bulk_create([_event(act, now) for act in acts], batch_size=1000)


def _event(act: Act, now: datetime) -> Event:
    return Event(
        at=act.at or now,
        actor=act.actor,
        actor_name=str(act.actor) if act.actor else "Jiulong",
        verb=act.verb,
        subject=act.subject._meta.label_lower,  # noqa: SLF001 - documented by Django
        subject_id=str(act.subject.pk),
        data=act.data,
    )
