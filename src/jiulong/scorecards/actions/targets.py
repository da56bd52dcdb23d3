"""Setting targets: a change is a new row, the old one stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from jiulong.evidence.actions import Act, record_events
from jiulong.organisation.rules import Viewer, require_or_system
from jiulong.scorecards.models import Target


@transaction.atomic
def place_targets(
    *, actor: Viewer | None, rows: Iterable[Target], now: datetime, reason: str = ""
) -> list[Target]:
    """Put new targets in force in place of those that held; unsaved rows in, saved rows out.

    Raises:
        PermissionDenied: the actor may not set targets.
    """
    user = require_or_system(actor, "set_targets")
    new = list(rows)
    for row in new:
        row.set_by, row.set_at, row.current = user, now, True
        row.reason = reason or row.reason
    _close(new)
    made = Target.objects.bulk_create(new, batch_size=1000)
    record_events(
        Act(actor=user, verb="set_target", subject=row, data=_told(row), at=now) for row in made
    )
    return made


def _close(new: Sequence[Target]) -> None:
    keys = {(row.indicator_id, row.subject_id, row.period) for row in new}
    old = Target.objects.filter(
        current=True, indicator__in={key[0] for key in keys}, period__in={key[2] for key in keys}
    ).values_list("pk", "indicator", "subject", "period")
    Target.objects.filter(pk__in=[row[0] for row in old if row[1:] in keys]).update(current=False)


def _told(row: Target) -> dict[str, str | None]:
    return {
        "period": row.period, "value": None if row.value is None else str(row.value),
        "tolerance": row.tolerance, "reason": row.reason,
    }  # fmt: skip
