"""Digests of settled days: what the statistics were at 12:00 of the next day, told by an event.

A settled day that changes later is told again, so that the last word on a day is always sealed:
`checks.days` holds the rows against it without computing anything.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Max, Min

from jiulong.evidence.actions import Act, record_events
from jiulong.evidence.locks import Lock
from jiulong.validity.context import context
from jiulong.validity.models import DayStatistic, Settling
from jiulong.validity.runs import zone

DAY: Final = timedelta(days=1)
#: What of a row is under the digest: all that was computed, in this order for good.
COLUMNS: Final = (
    "factor_id", "valid", "over", "substituted", "deviates", "n_expected", "n_valid",
    "valid_hours", "made_hours", "mean", "ratio", "flow_m3", "load_kg", "sent_mean", "method",
    "sent_method", "rule", "invalid", "reasons", "revision",
)  # fmt: skip
#: SHA-256 of the rows of a point's day: a JSON array a row, one a line, by factor.
FOUND: Final = """
SELECT "on", point_id AS point,
       encode(sha256(convert_to(string_agg(
           jsonb_build_array({columns})::text, E'\\n' ORDER BY factor_id), 'UTF8')), 'hex') AS sha
FROM validity_daystatistic WHERE {{where}} GROUP BY "on", point_id
""".format(columns=", ".join(f'"{name}"' for name in COLUMNS))
OF_DAYS: Final = FOUND.format(where='"on" = ANY(%s) AND (%s::int[] IS NULL OR point_id = ANY(%s))')


def step(now: datetime) -> bool:
    """Tell of the next day that is settled (a chore); whether there was one."""
    with transaction.atomic():
        if not _alone():  # somebody computes: whoever writes and we would not see each other
            return False
        on = _next()
        if on is None or now < context().settled_at(on):
            return False
        _write({on: _found([on], None).get(on, {})}, now)
    return True


def tell(touched: Iterable[tuple[int, date]], now: datetime) -> None:
    """Tell again of the days of points (point, day) that were settled and changed now.

    Within the transaction of who computes, which holds the lock of the statistics.
    """
    today = now.astimezone(zone()).date()
    days: dict[date, set[int]] = defaultdict(set)
    for point, on in touched:
        if on < today:
            days[on].add(point)
    if not days:
        return
    settled = set(Settling.objects.filter(on__in=days).order_by().values_list("on", flat=True))
    if not settled:
        return
    points = sorted(set().union(*(days[on] for on in settled)))
    found = _found(sorted(settled), points)
    told = {on: {p: sha for p, sha in found.get(on, {}).items() if p in days[on]} for on in settled}
    _write(told, now)


def digest(digests: Mapping[str, str]) -> str:
    """SHA-256 (hex) of the canonical JSON of a settling's digests."""
    packed = json.dumps(digests, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(packed.encode()).hexdigest()


def _write(days: Mapping[date, Mapping[int, str]], now: datetime) -> None:
    rows = Settling.objects.bulk_create(
        Settling(on=on, digests={str(point): sha for point, sha in sorted(found.items())}, at=now)
        for on, found in sorted(days.items())
    )
    record_events(
        Act(
            actor=None, verb="settle_day", subject=row, at=now,
            data={
                "on": row.on.isoformat(), "points": len(row.digests), "sha256": digest(row.digests)
            },
        )
        for row in rows
    )  # fmt: skip


def _found(days: Sequence[date], points: Sequence[int] | None) -> dict[date, dict[int, str]]:
    """Digests by day and point; of all points where none are named."""
    found: dict[date, dict[int, str]] = defaultdict(dict)
    with connection.cursor() as cursor:
        wanted = None if points is None else list(points)
        cursor.execute(OF_DAYS, [list(days), wanted, wanted])
        for on, point, sha in cursor:
            found[on][point] = sha
    return found


def _next() -> date | None:
    last: date | None = Settling.objects.aggregate(last=Max("on"))["last"]
    if last is not None:
        return last + DAY if DayStatistic.objects.filter(on__gt=last).exists() else None
    first: date | None = DayStatistic.objects.aggregate(first=Min("on"))["first"]
    return first


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int(Lock.STATISTICS)])
        return bool(cursor.fetchone()[0])
