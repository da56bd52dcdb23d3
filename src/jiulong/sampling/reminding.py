"""Telling officers: an order waits for confirmation; a sample must be collected today."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from jiulong.cases.notices.telling import tell
from jiulong.organisation.models import User
from jiulong.organisation.rules import may
from jiulong.sampling import holding, life
from jiulong.sampling.guarding import touches
from jiulong.sampling.models import Sample
from jiulong.sampling.tables import hold_table

KIND: Final = "sample_due"
ASKED: Final = "sample_asked"


def step(now: datetime) -> bool:
    """Tell once of each sample in a cabinet of which a clock is near its end or over."""
    table = hold_table()
    rows = Sample.objects.filter(
        state__in=life.IN_CABINET, told_due_at=None, sampled_at__isnull=False
    )
    due = [
        sample
        for sample in rows.select_related("point__outfall__enterprise")
        if sample.sampled_at is not None
        for clock in holding.clocks(sample.sampled_at, sample.factors, now, table=table)[:1]
        if clock.light != "met"
    ]
    if not due:
        return False
    officers = [user for user in User.objects.with_rights().filter(is_active=True) if touches(user)]
    with transaction.atomic():
        for sample in due:
            mine = Sample.objects.filter(pk=sample.pk, told_due_at=None)
            if mine.update(told_due_at=now):
                tell(officers, None, KIND, {"title": title(sample)}, now)
    return False


def ask_for_confirmation(sample: Sample, now: datetime) -> None:
    """Tell everybody but who ordered it that an order waits for a second person."""
    rows = User.objects.with_rights().filter(is_active=True)
    others = [user for user in rows if user.pk != sample.ordered_by_id]
    tell(
        [user for user in others if may(user, "confirm_sample")], None, ASKED,
        {"title": title(sample), "reason": sample.reason}, now,
    )  # fmt: skip


def title(sample: Sample) -> str:
    """A sample as a notice names it."""
    return f"{sample.number} {sample.point.outfall.enterprise.name}"
