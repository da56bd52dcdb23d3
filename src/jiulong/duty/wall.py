"""What the wall shows of the desk: what waits, what the day was like, what was kept as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils import timezone

from jiulong.duty import queries
from jiulong.duty.models import Shift
from jiulong.duty.queries import Counted, Waiting
from jiulong.monitoring.models import Alarm
from jiulong.monitoring.queries import visible_points
from jiulong.organisation.rules import Viewer, may
from jiulong.sampling import queries as sampling
from jiulong.validity.rates import DEFINITIONS, rates

#: As many rows as can be read from six metres beside the map.
ROWS: Final = 7
#: Rates that stand on the wall, of the current month.
SHOWN: Final = ("transmission", "validity", "online")


@dataclass(frozen=True, slots=True)
class Watched:
    """The desk at six metres."""

    rows: Sequence[Waiting]
    counts: Counted
    today: int
    samples: int
    waiting_samples: int
    rates: Sequence[tuple[str, Decimal | None, bool]]
    shift: Shift | None


def watched(viewer: Viewer, now: datetime) -> Watched:
    """The queue's head with its counts, the month's rates, today's samples."""
    rows = queries.queue(viewer, now)
    day = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = visible_points(viewer).values("outfall")
    begun = Alarm.objects.filter(started_at__gte=day, state__in=Alarm.STANDING)
    taken = sampling.samples(viewer).filter(sampled_at__gte=day)
    return Watched(
        rows=rows[:ROWS],
        counts=queries.counted(rows),
        today=begun.filter(outfall__in=mine).count(),
        samples=taken.count(),
        waiting_samples=sampling.samples(viewer, view="cabinet").count(),
        rates=_rates(viewer, now),
        shift=queries.shifts(viewer).filter(state=Shift.State.ON).first()
        if may(viewer, "keep_duty")
        else None,
    )


def _rates(viewer: Viewer, now: datetime) -> list[tuple[str, Decimal | None, bool]]:
    """Label, share in percent, whether it falls short."""
    last = timezone.localtime(now).date()
    points = list(visible_points(viewer).values_list("pk", flat=True))
    found = rates(points, last.replace(day=1), last) if points else []
    if not found:
        return [(str(DEFINITIONS[code].label), None, False) for code in SHOWN]
    whole = found[0]
    shares = [(code, whole.share(code)) for code in SHOWN]
    return [
        (
            str(DEFINITIONS[code].label),
            None if share is None else (share * 100).quantize(Decimal("0.1")),
            whole.falls_short(code),
        )
        for code, share in shares
    ]
