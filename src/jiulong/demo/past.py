"""The month before: what was sent is judged as if at its time, and people have dealt with it.

Judged all at once, thirty days would have been found today and nobody would have answered. So what
was found is dated back to when it would have been; cases open at their time, and most of them were
seen to by invented people, through the same actions as everywhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone

from jiulong.cases import people, specs, triggers
from jiulong.cases.actions import accept_case, close_case, finish_task, reply_case, verify_case
from jiulong.cases.demo_cases import at_work, filled
from jiulong.cases.demo_files import hand_in
from jiulong.cases.lifecycle import OPEN
from jiulong.cases.models import Case, Task
from jiulong.cases.routing import place_of
from jiulong.cases.rules import may_move
from jiulong.evidence.models import Cursor
from jiulong.gateway.models import JournalBatch, Logger
from jiulong.monitoring import alarms, also, judge
from jiulong.monitoring.factors import definition, factor_of
from jiulong.monitoring.models import Factor, Finding, Point
from jiulong.organisation.models import User
from jiulong.plant import demo as plant
from jiulong.sampling import demo as sampling
from jiulong.simulator.noise import seed_of
from jiulong.simulator.scenario import PARAMETERS
from jiulong.simulator.station import Station
from jiulong.simulator.wire import LoggerSpec
from jiulong.upkeep import demo as upkeep

#: Rules that speak of days: found when the day is over. The others find within the hour.
DAILY: Final = frozenset(
    {
        "above_influent", "arithmetic", "continuous_days", "day_exceedance", "invalid_day", "load",
        "month_exceedance",
    }
)  # fmt: skip
#: Rules that speak of a month that runs: found today.
MONTHLY: Final = frozenset({"marks_over_limit", "suspicious_marks"})
DATE_BACK: Final = """
UPDATE monitoring_finding SET found_at = least(found_at, %(now)s, started_at + CASE
    WHEN rule = ANY(%(daily)s) THEN interval '24 hours 20 minutes' ELSE interval '66 minutes' END)
WHERE rule <> ALL(%(monthly)s)
"""
#: A finding becomes a case within the minute.
OPENED_AFTER: Final = timedelta(minutes=1)
#: What was found in the last hours is still on people's desks.
LEFT_OPEN: Final = timedelta(hours=30)
#: Of a thousand cases so many were answered by the enterprise, looked at on the spot, and fined:
#: an Inner Mongolian league's half year had 1,121 alarms, 1,063 answers, 387 visits, 2 penalties.
ANSWERED, VISITED, FINED = 948, 345, 8
RECORD_S: Final = 120.0


def wait_until_recorded(wait: Callable[[float], None] = time.sleep) -> None:
    """Until the recorder has read the journal, or for two minutes."""
    last = JournalBatch.objects.order_by("-id").values_list("id", flat=True).first() or 0
    end = time.monotonic() + RECORD_S
    while time.monotonic() < end:
        place = Cursor.objects.filter(name="recorder").values_list("position", flat=True).first()
        if (place or 0) >= last:
            return
        wait(0.2)


def equip(specs: Sequence[LoggerSpec], since: datetime, now: datetime) -> None:
    """What stands behind the outfalls: plants, filed parameters, and the river they reach."""
    points = {
        logger.mn: logger.point
        for logger in Logger.objects.filter(mn__in=[spec.mn for spec in specs]).select_related(
            "point__outfall"
        )
    }
    plant.describe_plants(points.values(), since)
    filed: dict[tuple[Point, Factor], dict[str, str]] = {}
    for spec in specs:
        station = Station(spec, since=since.timestamp())
        for code in sorted(station.codes):
            told = {info: station.parameter(code, info) for info in PARAMETERS}
            if told[PARAMETERS[0]] is not None:  # it has a range: an analyser
                key = points[spec.mn], factor_of(definition(code).code)
                filed[key] = {info: text for info, text in told.items() if text is not None}
    reviewer = User.objects.filter(username="officer").first()
    plant.file_all(filed, since, reviewer=reviewer)
    outfalls = {point.outfall for point in points.values()}
    plant.lay_rivers(outfalls, timezone.localdate(now))


def judge_past(now: datetime, days: int) -> int:
    """Judge the journal, count its days, and date what was found back to when it would have been.

    In between, stations were looked after for so many days. Returns how many findings there are.
    """
    while (done := judge.step(now)) is not None and done.behind:
        pass
    upkeep.furnish(now, days)
    for name in ("statistics", "gaps"):
        step = also.steps()[name]
        while step(now):
            pass
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(DATE_BACK, {"daily": list(DAILY), "monthly": list(MONTHLY), "now": now})
        found = list(Finding.objects.all())
        alarms.merge(found, now)
    return len(found)


def open_cases(now: datetime) -> int:
    """Cases for all that was found, each as of when it was found; returns how many there are."""

    times = dict(Finding.objects.values_list("pk", "found_at"))
    triggers.catch_up(lambda found: min(times[found.id] + OPENED_AFTER, now))
    return Case.objects.exclude(source="").count()


def deal_with(now: datetime) -> dict[str, int]:
    """Have people have seen to what is older than a day; how many cases met which fate."""
    fates = dict.fromkeys(("open", "answered", "visited", "fined"), 0)
    cases = Case.objects.filter(source="monitoring", stage__in=OPEN, filed_at__lt=now - LEFT_OPEN)
    for case in cases.select_related("matter", "enterprise").order_by("filed_at", "pk"):
        fate = _fate(case)
        fates[fate] += 1
        if fate != "open":
            _Supervision(case, fate, now).run()
    sampling.furnish(now)
    return fates


def _fate(case: Case) -> str:
    draw = seed_of("fate", case.source_ref, case.title) % 1000
    if draw >= ANSWERED:
        return "open"
    if draw < FINED and case.matter.code == "huanbao.exceedance":
        return "fined"
    return "visited" if draw < VISITED else "answered"


class _Supervision:
    """One case, from its opening to its end."""

    def __init__(self, case: Case, fate: str, now: datetime) -> None:
        self.case, self.fate, self.now = case, fate, now
        self.spec = specs.matter(case.matter)
        self.at = case.filed_at

    def run(self) -> None:
        """What a person would refuse stays as it is: the demo shows no case that cannot be."""
        try:
            if self.case.stage == "assigned":
                self.case = accept_case(
                    actor=self._who(self.case.lead_id), case=self.case, now=self._later(0.5)
                )
            self._tasks()
            self._end()
        except (ValidationError, PermissionDenied):
            return

    def _later(self, hours: float) -> datetime:
        self.at = max(self.at, at_work(self.at + timedelta(hours=hours), self.now))
        return self.at

    def _who(self, unit: int | None) -> User | None:
        found = people.of_unit([unit], "handle_case")
        return found[0] if found else None

    def _tasks(self) -> None:
        while open_tasks := list(self.case.tasks.filter(state=Task.State.OPEN)):
            for task in open_tasks:
                plan = next((each for each in self.spec.tasks if each.key == task.key), None)
                at = self._later(1.5)
                answer = self._answer(task, at)
                finish_task(
                    actor=self._who(task.unit_id), task=task, answer="已核实，情况属实，附说明。",
                    now=at, data=filled(plan.fields if plan else [], answer, at.date()),
                )  # fmt: skip

    def _answer(self, task: Task, at: datetime) -> dict[str, object]:
        """What matters for how it goes on; the rest of a form is invented."""
        if task.key == "visit":
            place = place_of(self.case) or (117.65, 24.51)
            arrived = timezone.localtime(at - timedelta(hours=1))
            return {
                "arrived_at": f"{arrived:%H:%M}", "where": f"{place[0]:.5f}, {place[1]:.5f}",
                "officer_one": "演示执法员", "officer_two": "演示执法员乙",
                "certificate_one": "YS0001", "certificate_two": "YS0002",
            }  # fmt: skip
        if task.key != "remote":
            return {}
        visit = self.fate in {"visited", "fined"}
        return {"next": "visit" if visit else "desk", "sample": False}

    def _end(self) -> None:
        case, at = self.case, self._later(3)
        case.refresh_from_db()
        hand_in(case, self.spec, at)
        case = reply_case(
            actor=case.handler or self._who(case.lead_id), case=case, answer="已查清并处理完毕。",
            result=self._result(), data=filled(self.spec.reply, {}, at.date()), now=at,
        )  # fmt: skip
        if case.stage == "replied" and self.spec.verify is not None:
            case = verify_case(
                actor=self._other("verify_case", "verify"), case=case, note="核查属实。",
                now=self._later(4),
            )  # fmt: skip
        close_case(
            actor=self._other("close_case", "close"), case=case, result=self._result(),
            now=self._later(2),
        )  # fmt: skip

    def _result(self) -> str:
        keys = [result.key for result in self.spec.closing.results]
        wanted = {"fined": "fine", "visited": "device", "answered": "work"}[self.fate]
        return wanted if wanted in keys else (keys[0] if keys else "")

    def _other(self, verb: str, move: str) -> User | None:
        """Somebody who may and had no hand in it."""
        near = people.of_unit([self.case.dispatch_id, self.case.verifier_id], verb)
        everybody = [*near, *people.of_verb(verb)]
        return next((who for who in everybody if may_move(who, self.case, self.spec, move)), None)
