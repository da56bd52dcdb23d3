"""Hours judged anew where limits were set back in time, some days of some points at a time.

What rests on limits is asked of these stretches again, as if their readings had come late: windows
may be cut anywhere, so the days of a year one after the other give what `replaying` gives at once.
What differs is written as there, each with its event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Q

from jiulong.evidence.locks import Lock
from jiulong.monitoring.catalogue import Catalogue
from jiulong.monitoring.judgements.base import Touched, Window, rules
from jiulong.monitoring.judgements.runs import Runs
from jiulong.monitoring.models import Finding, Period
from jiulong.monitoring.replaying import Difference, facts, write

#: Start and end (excluded) of the time to look at, by point.
Stretches = Mapping[int, tuple[datetime, datetime]]


@dataclass(frozen=True)
class Again(Window):
    """Stretches of time in place of new readings."""

    stretches: Stretches = field(default_factory=dict)

    @cached_property
    def touched(self) -> tuple[Touched, ...]:
        """Hours and real-time values of the stretches."""
        return tuple(
            Touched(point, period, first, last, first, last)
            for point, (first, last) in self.stretches.items()
            for period in (Period.HOUR, Period.REALTIME)
        )


def rejudge(stretches: Stretches, now: datetime) -> int:
    """Judge what rests on limits again in these stretches; how many findings differ.

    Within the caller's transaction, before it writes findings of its own: the judge locks first
    itself, then outfalls, and so must everybody.
    """
    if not stretches:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(Lock.JUDGE)])
    window = Again(
        after=0, upto=0, horizon=now, live=False, settings=Catalogue.read(), stretches=stretches
    )
    asked = [rule for rule in rules().values() if isinstance(rule, Runs) and rule.limited]
    found = [finding for rule in asked for finding in _judged(rule, window)]
    differing = list(_differing(found))
    if differing:
        write(differing, now)
    return len(differing)


def _judged(rule: Runs, window: Again) -> Iterator[Finding]:
    """What the rule says now, and what it cannot say any more where no limit is left."""
    yield from rule.judge(window)
    keys = rule.stretches(window).keys()
    for point, (first, last) in window.stretches.items():
        asked: dict[str, Any] = {"rule": rule.code, "point": point, "withdrawn_at": None}
        reaching = Q(ended_at=None) | Q(ended_at__gte=first)
        for finding in Finding.objects.filter(reaching, started_at__lt=last, **asked):
            if (point, finding.factor_id or 0) not in keys:
                finding.withdrawn_at = window.horizon
                yield finding


def _differing(found: list[Finding]) -> Iterator[Difference]:
    stood = Finding.objects.in_bulk([one.pk for one in found if one.pk is not None])
    for one in found:
        before = facts(stood[one.pk]) if one.pk is not None else None
        if one.withdrawn_at is not None:
            yield Difference("gone", one, before, None)
            continue
        after = facts(one)
        moved = before is not None and stood[one.pk].started_at != one.started_at
        if before != after or moved:
            yield Difference("new" if before is None else "changed", one, before, after)
