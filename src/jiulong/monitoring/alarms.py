"""Alarms: the findings of one family at one outfall, without a pause, as one event.

An alarm is a function of the findings alone: sort them, and begin a new alarm wherever nothing was
found for as long as the family's hysteresis. So it is the same however windows were cut and in
whatever order findings came. A late finding may join two alarms into one: the older keeps its
number and its case, the other says what it was merged into. Nothing is deleted.

`merge` runs in the transaction that wrote the findings; a lock on the outfalls keeps the judge and
those who raise findings from working on the same alarms at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Q

from jiulong.calendar.clocks import Calendar
from jiulong.calendar.queries import district_calendar
from jiulong.monitoring import tallies
from jiulong.monitoring.catalogue import Catalogue
from jiulong.monitoring.deadlines import due
from jiulong.monitoring.judgements.base import rules
from jiulong.monitoring.models import Alarm, Finding, Outfall, Point, Severity
from jiulong.monitoring.thresholds import HYSTERESIS

NEVER: Final = datetime(9000, 1, 1, tzinfo=UTC)
SEVERITIES: Final = tuple(Severity.values)
#: Which class names an alarm of several: the gravest first.
GRAVITY: Final = (
    "SEV", "EXC", "EXD", "LOAD", "EXH", "EXI",
    "OFF", "GAP",
    "LOGIC", "LAB", "CALC", "CONST", "ZERO", "JUMP", "NEAR", "DISC", "MISS",
    "QC", "PARAM", "DOOR", "FREQ", "RANGE", "PLANT",
    "MARK",
)  # fmt: skip
#: Quiet alarms of a family close when their hysteresis has passed.
CLOSE: Final = """
UPDATE monitoring_alarm a SET state = 'closed', closed_at = a.ended_at + h.pause
FROM unnest(%(families)s::text[], %(pauses)s::interval[]) AS h(family, pause)
WHERE a.state = 'quiet' AND a.family = h.family AND a.ended_at <= %(now)s - h.pause
RETURNING a.started_at, a.outfall_id
"""

#: States of alarms that go on.
GROWING: Final = (Alarm.State.OPEN, Alarm.State.QUIET)
_FIELDS: Final = [
    "kind", "severity", "rules", "state", "started_at", "last_at", "ended_at", "closed_at",
    "raised_at", "respond_by", "close_by", "merged_into",
]  # fmt: skip

#: What of a finding an alarm is made of.
SEEN: Final = (
    "rule", "severity", "point_id", "alarm_id", "started_at", "last_at", "ended_at", "found_at",
)  # fmt: skip

#: An outfall and a family of findings.
Group = tuple[int, str]


@dataclass
class _Work:
    """What has to be worked out anew in one group."""

    changed: list[Finding] = field(default_factory=list)
    alarms: dict[int, Alarm] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    #: When alarms start that are over, or were.
    starts: set[datetime] = field(default_factory=set)

    def note(self, alarms: Iterable[Alarm]) -> None:
        """Alarms as they are now."""
        self.starts |= {one.started_at for one in alarms if one.state not in GROWING}


def merge(findings: Collection[Finding], now: datetime) -> None:
    """Bring the alarms in line with findings that are new, changed or withdrawn (all saved)."""
    work = _groups(findings)
    if not work:
        return
    outfalls = {outfall for outfall, _family in work}
    # Two writers must not each open an alarm for the same event.
    list(Outfall.objects.select_for_update(no_key=True).filter(pk__in=outfalls).order_by("pk"))
    _bring_alarms(work)
    _bring_findings(work)
    terms = _Terms(Catalogue.read(), district_calendar(), now)
    for group, one in work.items():
        _settle(group, one, terms)
    told = ((start, group[0]) for group, one in work.items() for start in one.starts)
    tallies.tell_alarms(told, now)


def close_quiet(now: datetime) -> int:
    """Close the alarms in which nothing was found for their hysteresis; how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            CLOSE, {"families": list(HYSTERESIS), "pauses": list(HYSTERESIS.values()), "now": now}
        )
        closed = cursor.fetchall()
    tallies.tell_alarms(closed, now)
    return len(closed)


def family_of(finding: Finding) -> str | None:
    """The family a finding counts to; None: its rule raises no alarm, or is gone."""
    rule = rules().get(finding.rule)
    return rule.family if rule is not None else None


def components(findings: Iterable[Finding], family: str) -> list[list[Finding]]:
    """The events: findings in order, parted where nothing was found for the hysteresis."""
    pause = HYSTERESIS[Alarm.Family(family)]
    found: list[list[Finding]] = []
    end = None
    for finding in sorted(findings, key=lambda finding: (finding.started_at, finding.pk)):
        if end is None or finding.started_at >= end + pause:
            found.append([])
            end = finding.ended_at or NEVER
        found[-1].append(finding)
        end = max(end, finding.ended_at or NEVER)
    return found


def _groups(findings: Collection[Finding]) -> dict[Group, _Work]:
    named = [(finding, family) for finding in findings if (family := family_of(finding))]
    points = {finding.point_id for finding, _family in named}
    outfalls = dict(Point.objects.filter(pk__in=points).values_list("pk", "outfall"))
    work: dict[Group, _Work] = defaultdict(_Work)
    for finding, family in named:
        work[outfalls[finding.point_id], str(family)].changed.append(finding)
    return dict(work)


def _bring_alarms(work: dict[Group, _Work]) -> None:
    """The alarms that changed findings belong to, or reach."""
    asked = Q(pk__in={f.alarm_id for one in work.values() for f in one.changed if f.alarm_id})
    lasting = max(HYSTERESIS.values())
    earliest = min(f.started_at for one in work.values() for f in one.changed) - lasting
    asked |= Q(
        Q(ended_at=None) | Q(ended_at__gte=earliest),
        outfall__in={outfall for outfall, _family in work},
        family__in={family for _outfall, family in work},
        state__in=Alarm.STANDING,
    )
    spans = {group: _spans(group[1], one.changed) for group, one in work.items()}
    for alarm in Alarm.objects.filter(asked).order_by("pk"):
        group = (alarm.outfall_id, alarm.family)
        if (one := work.get(group)) is None:
            continue
        end = alarm.ended_at or NEVER
        mine = any(finding.alarm_id == alarm.pk for finding in one.changed)
        if mine or any(first <= end and alarm.started_at <= last for first, last in spans[group]):
            one.alarms[alarm.pk] = alarm
            one.note([alarm])


def _spans(family: str, changed: list[Finding]) -> list[tuple[datetime, datetime]]:
    """Stretches of time that changed findings reach, with the hysteresis around; no overlaps."""
    pause = HYSTERESIS[Alarm.Family(family)]
    found: list[tuple[datetime, datetime]] = []
    for finding in sorted(changed, key=lambda finding: finding.started_at):
        first = finding.started_at - pause
        last = finding.ended_at + pause if finding.ended_at else NEVER
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def _bring_findings(work: dict[Group, _Work]) -> None:
    changed = {finding.pk for one in work.values() for finding in one.changed}
    owners = {pk: one for one in work.values() for pk in one.alarms}
    others = Finding.objects.filter(alarm__in=owners, withdrawn_at=None).only(*SEEN)
    for finding in others.iterator(chunk_size=5000):
        if finding.pk in changed:
            continue
        owners[finding.alarm_id or 0].findings.append(finding)
    for one in work.values():
        one.findings += [finding for finding in one.changed if finding.withdrawn_at is None]


@dataclass(frozen=True)
class _Terms:
    catalogue: Catalogue
    calendar: Calendar
    now: datetime


def _settle(group: Group, one: _Work, terms: _Terms) -> None:
    """Give each event its alarm, and write what changed. Withdrawn findings keep theirs."""
    events = components(one.findings, group[1])
    kept = _keepers(events, one.alarms)
    moved: list[Finding] = []
    merged: dict[int, int] = {}
    fresh: list[Alarm] = []
    for event, number in zip(events, kept, strict=True):
        alarm = one.alarms[number] if number else Alarm(outfall_id=group[0], family=group[1])
        _fill(alarm, event, terms)
        if number is None:
            fresh.append(alarm)
        else:
            also = {f.alarm_id for f in event if f.alarm_id in one.alarms}
            merged |= dict.fromkeys(also - set(kept), number)
    _retire(one, merged, set(kept))
    standing = [one.alarms[number] for number in kept if number]
    # An alarm that is over makes room for the open one before that is written.
    standing.sort(key=lambda alarm: alarm.state == Alarm.State.OPEN)
    Alarm.objects.bulk_update(standing, _FIELDS, batch_size=500)
    Alarm.objects.bulk_create(fresh, batch_size=500)
    one.note([*one.alarms.values(), *fresh])
    new = iter(fresh)
    for event, number in zip(events, kept, strict=True):
        alarm = one.alarms[number] if number else next(new)
        moved += [f for f in event if f.alarm_id != alarm.pk]
        for finding in event:
            finding.alarm = alarm
    Finding.objects.bulk_update(moved, ["alarm"], batch_size=1000)


def _keepers(events: Sequence[list[Finding]], alarms: dict[int, Alarm]) -> list[int | None]:
    """The alarm that goes on as each event: where its first known finding is, the oldest of them.

    Events are asked in the order of their oldest finding, so that the answer depends on nothing
    else.
    """
    kept: dict[int, int] = {}
    order = sorted(range(len(events)), key=lambda n: min(f.pk for f in events[n]))
    for n in order:
        free = {f.alarm_id for f in events[n] if f.alarm_id in alarms} - set(kept.values())
        if free:
            kept[n] = min(number for number in free if number is not None)
    return [kept.get(n) for n in range(len(events))]


def _fill(alarm: Alarm, event: list[Finding], terms: _Terms) -> None:
    known = rules()
    kinds = {known[finding.rule].kind for finding in event}
    alarm.kind = min(kinds, key=lambda kind: GRAVITY.index(kind) if kind in GRAVITY else 99)
    alarm.severity = max((f.severity for f in event), key=SEVERITIES.index)
    alarm.rules = sorted({finding.rule for finding in event})
    alarm.started_at = min(finding.started_at for finding in event)
    alarm.last_at = max(finding.last_at for finding in event)
    alarm.raised_at = min(finding.found_at for finding in event)
    ends = [finding.ended_at for finding in event if finding.ended_at is not None]
    alarm.ended_at = max(ends) if len(ends) == len(event) else None
    alarm.merged_into = None
    pause = HYSTERESIS[Alarm.Family(alarm.family)]
    alarm.closed_at = None
    if alarm.ended_at is None:
        alarm.state = Alarm.State.OPEN
    elif alarm.ended_at + pause > terms.now:
        alarm.state = Alarm.State.QUIET
    else:
        alarm.state, alarm.closed_at = Alarm.State.CLOSED, alarm.ended_at + pause
    _set_deadlines(alarm, event, terms)


def _set_deadlines(alarm: Alarm, event: list[Finding], terms: _Terms) -> None:
    """The soonest answer that any finding asks for; the end that the gravest class allows."""
    known = rules()
    firsts: dict[str, datetime] = {}
    for finding in event:
        found_at = firsts.get(finding.rule, finding.found_at)
        firsts[finding.rule] = min(found_at, finding.found_at)
    settings = {rule: terms.catalogue.at(rule, at) for rule, at in firsts.items()}
    answers = [due(settings[rule].respond, at, terms.calendar) for rule, at in firsts.items()]
    ends = [
        due(settings[rule].close, at, terms.calendar)
        for rule, at in firsts.items()
        if known[rule].kind == alarm.kind
    ]
    alarm.respond_by = min((at for at in answers if at is not None), default=None)
    alarm.close_by = min((at for at in ends if at is not None), default=None)


def _retire(one: _Work, merged: dict[int, int], kept: set[Any]) -> None:
    """Alarms that are no event of their own any more."""
    gone = [alarm for number, alarm in one.alarms.items() if number not in kept]
    for alarm in gone:
        keeper = merged.get(alarm.pk)
        alarm.merged_into_id = keeper
        alarm.state = Alarm.State.MERGED if keeper else Alarm.State.WITHDRAWN
    Alarm.objects.bulk_update(gone, ["state", "merged_into"], batch_size=500)
