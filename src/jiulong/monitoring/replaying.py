"""Judging history again: what is found must be what stands, or the difference is written down.

`replay` judges the batches since a day as the judge did, in a transaction that is rolled back, and
compares. Nothing that stands is touched by that. What differs (a limit was entered late, a rule
changed, a finding was altered by hand in the database) is then kept, each with an event: new
findings are found, others withdrawn with the cause `rejudged`, others corrected.

A run that reaches across the day is judged from its beginning. Not judged again is what was never
in a reading: heartbeats (an offline finding ends with the next frame instead), and findings that
floors above raise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Min, Q

from jiulong.evidence.actions import Act, record_events
from jiulong.evidence.models import Cursor
from jiulong.monitoring import judge, thresholds
from jiulong.monitoring.judgements.base import RaisedRule, rules
from jiulong.monitoring.keeping import Key, keep, key, save
from jiulong.monitoring.models import Finding
from jiulong.monitoring.raising import tell, told

REJUDGED: Final = "rejudged"
#: Findings of the stretch are out of the rules' sight under this name while it is judged again.
ASIDE: Final = "aside:"
#: Follows from findings of the judge, and is worked out with them.
FOLLOWING: Final = "frequent_faults"
#: What a finding says of its event. What only tells when somebody looked is left out.
FACTS: Final = (
    "severity", "last_at", "ended_at", "value", "limit_value", "multiple", "detail",
)  # fmt: skip
LOOKS: Final = frozenset({"batch", "filled_at"})
#: Readings from before the stretch in which a point's last frame is looked for.
BEFORE: Final = timedelta(days=2)

#: The first batch of the stretch.
FIRST: Final = """
SELECT coalesce(min(id) - 1, %(position)s) FROM journal WHERE received_at >= %(since)s
"""
#: What the judge remembered of each point when the stretch began.
REMEMBERED: Final = """
UPDATE monitoring_watch w
SET heard_at = coalesce(h.heard_at, w.heard_at),
    hours_until = CASE WHEN h.heard_at IS NULL THEN NULL
                       ELSE least(w.hours_until, date_trunc('hour', %(start)s)) END
FROM (
    SELECT v.point_id,
           (SELECT max(r.received_at) FROM reading r
            WHERE r.point = v.point_id AND r.at >= %(start)s - %(before)s AND r.at <= %(start)s
              AND r.batch <= %(first)s) AS heard_at
    FROM monitoring_watch v
) AS h WHERE h.point_id = w.point_id
"""
#: Points of which nothing came before the stretch are new to the judge.
FORGOTTEN: Final = """
DELETE FROM monitoring_watch w WHERE NOT EXISTS (
    SELECT FROM reading r WHERE r.point = w.point_id AND r.at <= %(start)s
      AND r.at >= %(start)s - %(before)s AND r.batch <= %(first)s)
"""


@dataclass(frozen=True)
class Difference:
    """One event that stands otherwise than it is judged now: "new", "gone" or "changed"."""

    kind: str
    finding: Finding
    before: dict[str, Any] | None
    after: dict[str, Any] | None


#: What higher floors judge again: since when, now; what differs. Nothing is written by it.
Replayer = Callable[[datetime, datetime], list[Difference]]
_also: Final[list[Replayer]] = []


def register(replayer: Replayer) -> None:
    """Have something else judged again with the readings."""
    if replayer not in _also:
        _also.append(replayer)


def replay(since: datetime, *, now: datetime, dry_run: bool = True) -> list[Difference]:
    """Judge everything since a moment again; what differs, written unless it is a dry run."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # The judge stands back meanwhile, and no second replay runs.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [judge.LOCK])
        found = compare(since, now)
        for replayer in _also:
            found += replayer(since, now)
        if not dry_run and found:
            write(found, now)
    return found


def compare(since: datetime, now: datetime) -> list[Difference]:
    """How the findings of the judge differ from what it would find now."""
    codes = [code for code, rule in rules().items() if not isinstance(rule, RaisedRule)]
    codes.append(FOLLOWING)
    start = _beginning(codes, since)
    standing = _standing(codes, start)
    point = transaction.savepoint()
    try:
        _judge_again(codes, start, now)
        judged = _standing(codes, start)
    finally:
        transaction.savepoint_rollback(point)
    return differences(standing, judged)


def differences(standing: dict[Key, Finding], judged: dict[Key, Finding]) -> list[Difference]:
    """What differs between two sets of findings, in the order of their keys."""
    found = []
    for one in sorted({*standing, *judged}, key=str):
        old, new = standing.get(one), judged.get(one)
        before, after = (None if f is None else facts(f) for f in (old, new))
        if old is None and new is not None:
            new.pk = new.alarm = None
            found.append(Difference("new", new, None, after))
        elif new is None and old is not None:
            found.append(Difference("gone", old, before, None))
        elif old is not None and new is not None and before != after:
            for name in FACTS:
                setattr(old, name, getattr(new, name))
            found.append(Difference("changed", old, before, after))
    return found


def write(found: Iterable[Difference], now: datetime) -> None:
    """Keep what differs, each with its event."""
    listed = list(found)
    for one in listed:
        if one.kind == "gone":
            one.finding.withdrawn_at, one.finding.withdrawn_cause = now, REJUDGED
        elif one.kind == "new":
            one.finding.found_at = now
    kept = keep([one.finding for one in listed], now)
    known = {
        finding.pk: finding
        for finding in Finding.objects.filter(
            pk__in=[one.finding.pk for one in listed]
        ).select_related("point", "factor")
    }
    record_events(
        Act(
            actor=None, verb="rejudge_finding", subject=one.finding, at=now,
            data=told(known[one.finding.pk])
            | {"change": one.kind, "before": one.before, "after": one.after},
        )
        for one in listed
    )  # fmt: skip
    tell({finding.point_id for finding in kept})


def facts(finding: Finding) -> dict[str, Any]:
    """What a finding says, as JSON that compares."""
    said: dict[str, Any] = {}
    for name in FACTS:
        value = getattr(finding, name)
        if isinstance(value, datetime):
            value = value.isoformat()
        elif name == "detail":
            value = {k: v for k, v in value.items() if k not in LOOKS}
        elif name in {"value", "limit_value", "multiple"} and value is not None:
            value = f"{round(value, 6).normalize():f}"
        said[name] = value
    if finding.rule == "offline" and finding.ended_at is None:
        # How long it lasts by now depends on when somebody looked.
        said |= {"last_at": None, "detail": {}, "severity": None}
    return said


def _beginning(codes: list[str], since: datetime) -> datetime:
    """Since when to judge, so that no run is cut."""
    start = since
    while True:
        reaching = Finding.objects.filter(
            Q(ended_at=None) | Q(ended_at__gte=start), rule__in=codes, started_at__lt=start,
            withdrawn_at=None,
        )  # fmt: skip
        first = reaching.aggregate(first=Min("started_at"))["first"]
        if first is None:
            return start
        start = first


def _standing(codes: list[str], start: datetime) -> dict[Key, Finding]:
    rows = Finding.objects.filter(rule__in=codes, started_at__gte=start, withdrawn_at=None)
    return {key(finding): finding for finding in rows}


def _judge_again(codes: list[str], start: datetime, now: datetime) -> None:
    position = Cursor.objects.filter(name=judge.CURSOR).values_list("position", flat=True).first()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE monitoring_finding SET rule = %(aside)s || rule"
            " WHERE rule = ANY(%(codes)s) AND started_at >= %(start)s",
            {"aside": ASIDE, "codes": codes, "start": start},
        )
        # A clock may run ahead: what is dated later may have come before.
        cursor.execute(FIRST, {"position": position or 0, "since": start - thresholds.CLOCK_AHEAD})
        (after,) = cursor.fetchone()
        stretch = {"start": start, "before": BEFORE, "first": after}
        cursor.execute(FORGOTTEN, stretch)
        cursor.execute(REMEMBERED, stretch)
    known = rules()
    while True:
        window = judge.window_after(after, position or 0, now)
        if window.upto >= (position or 0) and now - window.horizon < thresholds.LATE_FLOOR:
            # What came since the judge last looked is no reason to be blind to silence.
            window = replace(window, horizon=now, live=True)
        kept = save([finding for rule in known.values() for finding in rule.judge(window)])
        save(known[FOLLOWING].follow(kept, window.horizon))
        if window.upto >= (position or 0):
            return
        after = window.upto
