"""The queue: what is not settled, with the clock that runs out first.

An alarm stands in it while something holds, and after that until it was dealt with: its case closed
or, where it has none, acknowledged. So its length goes by what is open, whatever lies in the
history: open alarms and open cases have indexes of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jiulong.cases import queries as cases
from jiulong.cases import words as case_words
from jiulong.cases.lifecycle import OPEN
from jiulong.cases.models import Case, Task
from jiulong.monitoring.casework import NAME
from jiulong.monitoring.models import Alarm, Finding, Severity
from jiulong.monitoring.queries import visible_points
from jiulong.organisation.rules import Viewer, may
from jiulong.packs import text
from jiulong.pages import lights

ABOUT: Final = "alarm/"
FAMILIES: Final = Alarm.Family
#: At most so many rows; a desk with more open at once needs filters, and says so.
MOST: Final = 500
RANK: Final = {"serious": 0, "warning": 1, "information": 2}
LIGHT: Final = {"serious": lights.OVER, "warning": lights.NEAR, "information": lights.TOLD}
#: What the queue may be sorted by.
ORDERS: Final = ("due", "severity", "newest")


@dataclass(frozen=True, slots=True)
class Clock:
    """Until when what is due from whom."""

    what: str
    who: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One alarm of the queue with its case and the clock that runs out first."""

    alarm: Alarm
    findings: Sequence[Finding]
    case: Case | None
    clock: Clock
    now: datetime

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do: nothing holds, and it was dealt with."""
        dealt = self.case.stage not in OPEN if self.case else self.alarm.acknowledged_at is not None
        return self.alarm.state != Alarm.State.OPEN and dealt

    @property
    def overdue(self) -> bool:
        return self.clock.due_at is not None and self.clock.due_at < self.now

    @property
    def light(self) -> str:
        """Shape of the row: what is overdue is red whatever it began as."""
        return lights.OVER if self.overdue else LIGHT[self.alarm.severity]

    @property
    def light_word(self) -> str:
        """The word of that light."""
        return str(_("Overdue")) if self.overdue else str(Severity(self.alarm.severity).label)

    @property
    def worst(self) -> Finding | None:
        """The finding with the highest multiple, else the gravest."""
        return min(
            self.findings,
            key=lambda one: (-(one.multiple or 0), RANK[one.severity], -one.pk),
            default=None,
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """What waits, for filters and the wall."""

    all: int
    overdue: int
    families: dict[str, int]


def standing(viewer: Viewer) -> QuerySet[Alarm]:
    """Every alarm that is not settled and that the viewer may see."""
    open_now = Q(state=Alarm.State.OPEN) | Q(state=Alarm.State.QUIET)
    return _visible(viewer).filter(open_now | Q(pk__in=list(_open_cases())))


def alarm(viewer: Viewer, pk: int) -> Alarm | None:
    """One alarm, settled or not; None where there is none for this viewer."""
    return _visible(viewer).filter(pk=pk).first()


def queue(
    viewer: Viewer,
    now: datetime,
    *,
    family: str = "",
    severity: str = "",
    q: str = "",
    order: str = "due",
) -> list[Waiting]:
    """What waits, filtered, the nearest clock first. Five queries, however long it is."""
    found = standing(viewer)
    if family:
        found = found.filter(family=family)
    if severity:
        found = found.filter(severity=severity)
    for word in q.split():
        found = found.filter(_mentions(word))
    rows = waiting(viewer, found.order_by("-started_at", "-id")[:MOST], now)
    rows = [row for row in rows if not row.settled]
    return sorted(rows, key=lambda row: _key(row, order))


def waiting(viewer: Viewer, alarms: Iterable[Alarm], now: datetime) -> list[Waiting]:
    """These alarms with findings, cases and clocks."""
    rows = list(alarms)
    of = cases_of(viewer, [row.pk for row in rows])
    tasks = _tasks([case.pk for case in of.values()])
    findings: dict[int, list[Finding]] = {row.pk: [] for row in rows}
    told = Finding.objects.filter(alarm__in=list(findings), withdrawn_at=None)
    for one in told.select_related("factor", "point").order_by("started_at", "id"):
        findings[one.alarm_id or 0].append(one)
    return [
        Waiting(row, findings[row.pk], case, _clock(row, case, tasks), now)
        for row in rows
        for case in [of.get(row.pk)]
    ]


def counted(rows: Sequence[Waiting]) -> Counted:
    """How many there are, by family."""
    families = dict.fromkeys(FAMILIES.values, 0)
    for row in rows:
        families[row.alarm.family] += 1
    return Counted(len(rows), sum(row.overdue for row in rows), families)


def cases_of(viewer: Viewer, alarms: Sequence[int]) -> dict[int, Case]:
    """The newest case of each alarm, where it has one that the viewer may see."""
    if not may(viewer, "see_cases") or not alarms:
        return {}
    found = cases.visible(viewer).filter(
        source=NAME, source_ref__in=[f"{ABOUT}{pk}" for pk in alarms]
    )
    rows = found.select_related("matter", "lead", "turn", "enterprise", "handler").order_by("id")
    return {int(case.source_ref.removeprefix(ABOUT)): case for case in rows}


def _visible(viewer: Viewer) -> QuerySet[Alarm]:
    rows = Alarm.objects.select_related("outfall__enterprise__street", "acknowledged_by")
    if may(viewer, "see_all"):
        return rows
    return rows.filter(outfall__points__in=visible_points(viewer)).distinct()


def _open_cases() -> Iterable[int]:
    """Ids of alarms whose case is open."""
    rows = Case.objects.filter(
        source=NAME, source_ref__startswith=ABOUT, stage__in=OPEN
    ).values_list("source_ref", flat=True)
    return (int(one.removeprefix(ABOUT)) for one in rows)


def _mentions(word: str) -> Q:
    return (
        Q(outfall__code__icontains=word)
        | Q(outfall__name__icontains=word)
        | Q(outfall__enterprise__name__icontains=word)
        | Q(kind__iexact=word)
    )


def _tasks(case_ids: Sequence[int]) -> dict[int, list[Task]]:
    found: dict[int, list[Task]] = {}
    rows = Task.objects.filter(case__in=case_ids, state=Task.State.OPEN).select_related("unit")
    for task in rows.order_by("due_at", "id"):
        found.setdefault(task.case_id, []).append(task)
    return found


def _clock(alarm: Alarm, case: Case | None, tasks: dict[int, list[Task]]) -> Clock:
    """The first to run out of: the case's next move, its open tasks, the alarm's own clocks."""
    if case is not None and case.stage not in OPEN:
        return Clock("close", "", alarm.close_by)
    if case is None:
        if alarm.acknowledged_at is None and alarm.respond_by is not None:
            return Clock("respond", "", alarm.respond_by)
        return Clock("close", "", alarm.close_by)
    clocks = [
        Clock(text.show(task.name), task.unit.name, task.due_at) for task in tasks.get(case.pk, [])
    ]
    turn = case.turn.name if case.turn else ""
    clocks.append(Clock(case_words.stage(case.stage), turn, case_words.until_of(case)))
    if case.turn_due_at is not None and case.turn_due_at != case.due_at:
        clocks.append(Clock(case_words.stage(case.stage), turn, case.turn_due_at))
    dated = [clock for clock in clocks if clock.due_at is not None]
    return min(dated, key=lambda clock: clock.due_at) if dated else clocks[0]  # type: ignore[arg-type,return-value]


def _key(row: Waiting, order: str) -> tuple[object, ...]:
    newest = -row.alarm.started_at.timestamp()
    due = row.clock.due_at.timestamp() if row.clock.due_at else float("inf")
    if order == "severity":
        return RANK[row.alarm.severity], due, newest
    return (newest,) if order == "newest" else (due, RANK[row.alarm.severity], newest)
