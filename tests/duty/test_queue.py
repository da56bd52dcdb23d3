"""The queue: what waits, until when, and what it costs however long the history is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiulong.cases import actions as cases
from jiulong.cases.models import Task
from jiulong.duty import queries
from jiulong.monitoring.models import Alarm
from tests.duty.scene import Scene, make_alarm
from tests.factories import NOW, make_outfall

#: `queue`: open cases, alarms, matters that all see, their cases, tasks, findings; a unit's reach.
BUDGET = 7


def test_the_clock_that_runs_out_first_is_shown(scene: Scene) -> None:
    (row,) = queries.queue(scene.keeper, NOW)
    assert (row.alarm, row.case, row.worst) == (scene.alarm, scene.case, scene.finding)
    # Filed an hour ago: the enterprise has two hours, everybody else has days.
    assert (row.clock.what, row.clock.who) == ("企业说明", str(scene.owner.unit))
    assert row.clock.due_at == NOW + timedelta(hours=1)
    assert (row.overdue, row.light) == (False, "over")
    (late,) = queries.queue(scene.keeper, NOW + timedelta(hours=2))
    assert (late.overdue, late.light) == (True, "over")


def test_when_the_enterprise_has_answered_the_next_clock_counts(scene: Scene) -> None:
    statement = Task.objects.get(case=scene.case, key="statement")
    cases.finish_task(
        actor=scene.owner, task=statement, answer="停电", data={"cause": "停电"}, now=NOW
    )
    (row,) = queries.queue(scene.keeper, NOW)
    assert row.clock.who == "环境局"


def test_an_alarm_without_a_case_has_its_own_clocks(scene: Scene) -> None:
    alone = make_alarm(make_outfall(), severity="warning", family="data", kind="CONST")
    rows = {row.alarm: row for row in queries.queue(scene.keeper, NOW)}
    assert rows[alone].case is None
    assert (rows[alone].clock.what, rows[alone].clock.due_at) == ("respond", alone.respond_by)
    Alarm.objects.filter(pk=alone.pk).update(acknowledged_at=NOW, acknowledged_by=scene.keeper)
    rows = {row.alarm: row for row in queries.queue(scene.keeper, NOW)}
    assert (rows[alone].clock.what, rows[alone].clock.due_at) == ("close", alone.close_by)


def test_a_closed_alarm_stays_while_its_case_is_open(scene: Scene) -> None:
    Alarm.objects.filter(pk=scene.alarm.pk).update(state="closed", ended_at=NOW, closed_at=NOW)
    make_alarm(make_outfall(), state="closed", ended_at=NOW, closed_at=NOW)
    assert [row.alarm for row in queries.queue(scene.keeper, NOW)] == [scene.alarm]


def test_a_quiet_alarm_waits_until_it_was_dealt_with(scene: Scene) -> None:
    quiet = make_alarm(make_outfall(), state="quiet", ended_at=NOW)
    assert quiet in [row.alarm for row in queries.queue(scene.keeper, NOW)]
    Alarm.objects.filter(pk=quiet.pk).update(acknowledged_at=NOW, acknowledged_by=scene.keeper)
    assert [row.alarm for row in queries.queue(scene.keeper, NOW)] == [scene.alarm]
    cases.withdraw_case(actor=None, case=scene.case, reason="误报", now=NOW)
    (row,) = queries.queue(scene.keeper, NOW)  # something still holds
    assert (row.clock.what, row.clock.due_at) == ("close", scene.alarm.close_by)
    Alarm.objects.filter(pk=scene.alarm.pk).update(state="quiet", ended_at=NOW)
    assert queries.queue(scene.keeper, NOW) == []


def test_it_sorts_and_narrows(scene: Scene) -> None:
    other = make_alarm(
        make_outfall(name="二厂"), severity="warning", family="line", kind="OFF",
        started_at=NOW - timedelta(minutes=30),
    )  # fmt: skip

    def found(**asked: str) -> list[Alarm]:
        return [row.alarm for row in queries.queue(scene.keeper, NOW, **asked)]

    assert found() == [other, scene.alarm]
    assert found(order="severity") == [scene.alarm, other]
    assert found(order="newest") == [other, scene.alarm]
    assert found(family="line") == [other]
    assert found(severity="serious") == [scene.alarm]
    assert found(q="青榕 XC001") == [scene.alarm]
    counted = queries.counted(queries.queue(scene.keeper, NOW))
    assert (counted.all, counted.overdue, counted.families["line"]) == (2, 0, 1)


def test_who_sees_what(scene: Scene) -> None:
    make_alarm(make_outfall())
    assert len(queries.queue(scene.officer, NOW)) == 2
    assert [row.alarm for row in queries.queue(scene.owner, NOW)] == [scene.alarm]
    assert queries.queue(scene.sibling, NOW) == []
    assert queries.queue(AnonymousUser(), NOW) == []
    assert queries.alarm(scene.sibling, scene.alarm.pk) is None


@pytest.mark.parametrize("history", [5, 2_000])
def test_history_costs_nothing(scene: Scene, history: int) -> None:
    outfall = make_outfall()
    old = NOW - timedelta(days=400)
    Alarm.objects.bulk_create(
        Alarm(
            outfall=outfall, family="limit", kind="EXH", severity="warning", rules=[],
            state="closed", started_at=old, last_at=old, ended_at=old, closed_at=old,
            raised_at=old,
        )
        for _n in range(history)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        rows = queries.queue(scene.keeper, NOW)
    assert len(rows) == 1
    assert len(asked) <= BUDGET
