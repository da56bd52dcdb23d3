"""The judge's steps and its loop."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from jiulong.evidence.models import Cursor
from jiulong.monitoring import alarms, deadlines, judge, raising
from jiulong.monitoring.judgements import RULES, Rule, Window, base, rules
from jiulong.monitoring.models import Finding, Period
from tests.factories import NOW, hours, make_limit, make_point, write_readings

START = NOW - timedelta(hours=3)


def position() -> int:
    return Cursor.objects.get(name="judge").position


@pytest.fixture
def exceeded(db: None) -> None:
    point = make_point(realtime_interval_s=3600)
    make_limit(point)
    for batch, value in enumerate([40, 60, 60], 1):
        first = START + (batch - 1) * timedelta(hours=1)
        write_readings(point, Period.HOUR, hours(first, value), batch=batch)


def test_every_rule_says_what_it_is(db: None) -> None:
    assert {rule.code: rule.kind for rule in RULES} == {
        "constant": "CONST",
        "continuous_exceedance": "EXC",
        "discrepancy": "DISC",
        "door": "DOOR",
        "failed_check": "QC",
        "frequent_faults": "FREQ",
        "hour_exceedance": "EXH",
        "instant_exceedance": "EXI",
        "jump": "JUMP",
        "late": "LATE",
        "logic": "LOGIC",
        "load_without_flow": "LOGIC",
        "active_without_flow": "LOGIC",
        "missing": "GAP",
        "near_limit": "NEAR",
        "offline": "OFF",
        "over_range": "RANGE",
        "parameter_change": "PARAM",
        "range": "RANGE",
        "severe_exceedance": "SEV",
        "zero": "ZERO",
    }
    assert all(rule.kind in alarms.GRAVITY for rule in RULES if rule.family)
    for rule in RULES:
        deadlines.check(rule.respond)
        deadlines.check(rule.close)
    assert all(str(rule.name) and str(rule.meaning) for rule in RULES)


def test_it_moves_its_cursor_with_its_findings(exceeded: None) -> None:
    seen = []
    while not seen or seen[-1][1]:
        step = judge.step(NOW, most=2)
        assert step is not None
        seen.append((step.batches, step.behind, position()))
    assert seen == [(2, True, 2), (1, False, 3)]
    assert Finding.objects.get(rule="hour_exceedance").detail["count"] == 2


def test_it_judges_the_same_again_without_a_change(exceeded: None) -> None:
    late = make_point(realtime_interval_s=3600)
    write_readings(late, Period.HOUR, hours(START - timedelta(days=2), 1), batch=3, received_at=NOW)
    silent = make_point()
    write_readings(silent, Period.HOUR, hours(START, 1, 1), batch=3)
    while (step := judge.step(NOW)) is not None and step.behind:
        pass
    before = list(Finding.objects.order_by("pk").values())
    Cursor.objects.filter(name="judge").update(position=0)
    judge.step(NOW)
    after = list(Finding.objects.order_by("pk").values())
    assert after == before
    assert {row["rule"] for row in after} == {"hour_exceedance", "late", "missing", "offline"}


def test_it_does_not_pass_the_recorder(exceeded: None) -> None:
    Cursor.objects.filter(name="recorder").update(position=1)
    judge.step(NOW)
    assert position() == 1


def test_it_waits_while_readings_are_rebuilt(
    exceeded: None, journal: Callable[[datetime], int]
) -> None:
    judge.step(NOW)
    journal(START)
    Cursor.objects.filter(name="recorder").update(position=0)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reading")
    step = judge.step(NOW + timedelta(hours=9))
    assert step == judge.Step(batches=0, findings=0, behind=False)
    assert position() == 3


@pytest.fixture
def failing() -> Iterable[None]:
    class Failing(Rule):
        code = "zz_failing"
        name = meaning = "fails"

        def judge(self, window: Window) -> Iterable[Finding]:
            raise RuntimeError(f"at {window.upto}")

    base.register(Failing)
    yield
    del base._rules["zz_failing"]


def test_a_rule_that_fails_leaves_nothing_half_done(exceeded: None, failing: None) -> None:
    assert "zz_failing" in rules()
    with pytest.raises(RuntimeError, match="at 3"):
        judge.step(NOW)
    assert not Finding.objects.exists()
    assert not Cursor.objects.filter(name="judge", position__gt=0).exists()


def test_it_ends_when_all_is_judged(exceeded: None, capsys: Any) -> None:
    call_command("judge", "--once")
    assert position() == 3
    assert " 3 " in capsys.readouterr().out


@pytest.fixture
def other(transactional_db: None) -> Iterable[psycopg.Connection[Any]]:
    """Another connection to the same database, committing by itself."""
    parameters = {
        name: value
        for name, value in connection.get_connection_params().items()
        if name in {"dbname", "user", "host", "port", "password"}
    }
    with psycopg.connect(**parameters, autocommit=True) as made:
        yield made


@pytest.mark.django_db(transaction=True)
def test_a_second_judge_stands_back(other: psycopg.Connection[Any]) -> None:
    other.execute("SELECT pg_advisory_lock(%s)", [judge.LOCK])
    assert judge.step(NOW) is None
    other.execute("SELECT pg_advisory_unlock(%s)", [judge.LOCK])
    assert judge.step(NOW) == judge.Step(0, 0, behind=False)


@pytest.mark.django_db(transaction=True)
def test_it_tells_which_points_have_news(other: psycopg.Connection[Any]) -> None:
    other.execute("LISTEN findings")
    point = make_point()
    make_limit(point)
    write_readings(point, Period.HOUR, hours(START, 60))
    judge.step(START + timedelta(hours=1))
    (told,) = other.notifies(timeout=5, stop_after=1)
    assert json.loads(told.payload) == {"points": [point.pk]}


@pytest.mark.django_db(transaction=True)
def test_it_tells_of_many_as_many(other: psycopg.Connection[Any]) -> None:
    other.execute("LISTEN findings")
    raising.tell(set(range(10_000, 12_000)))
    (told,) = other.notifies(timeout=5, stop_after=1)
    assert json.loads(told.payload) == {"points": None}


@pytest.mark.django_db(transaction=True)
def test_the_loop_wakes_for_readings(other: psycopg.Connection[Any]) -> None:
    stop, looks = threading.Event(), []

    def clock() -> datetime:
        looks.append(NOW)
        if len(looks) == 2:
            stop.set()
        # Comes while the judge is at work, before it waits: it may not be lost.
        other.execute("NOTIFY readings")
        return NOW

    with connection.cursor() as cursor:
        cursor.execute("LISTEN readings")
    began = time.monotonic()
    judge.run(stop, clock=clock, pause=0, tick=30)
    assert len(looks) == 2
    assert time.monotonic() - began < 20


@pytest.mark.django_db(transaction=True)
def test_the_loop_outlives_a_lost_database() -> None:
    stop, looks = threading.Event(), []

    def clock() -> datetime:
        looks.append(NOW)
        if len(looks) < 3:
            raise OperationalError("the server closed the connection")
        stop.set()
        return NOW

    judge.run(stop, clock=clock, back_off=(0.0,), pause=0, tick=0.01)
    assert len(looks) == 3


@pytest.mark.django_db(transaction=True)
def test_the_loop_survives_its_connection_being_killed(other: psycopg.Connection[Any]) -> None:
    stop, looks = threading.Event(), []

    def clock() -> datetime:
        looks.append(NOW)
        if len(looks) == 1:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                other.execute("SELECT pg_terminate_backend(%s)", [cursor.fetchone()[0]])
        else:
            stop.set()
        return NOW

    judge.run(stop, clock=clock, back_off=(0.0,), pause=0, tick=0.01)
    assert len(looks) == 2


@pytest.mark.django_db(transaction=True)
def test_the_loop_survives_a_database_that_dies_while_it_waits(
    other: psycopg.Connection[Any],
) -> None:
    stop, looks = threading.Event(), []

    def clock() -> datetime:
        looks.append(NOW)
        if len(looks) == 2:
            stop.set()
        return NOW

    def kill_the_listener() -> None:
        listening = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = %s"
        while not other.execute(listening, ["LISTEN readings; LISTEN work"]).fetchone():
            pass

    killer = threading.Thread(target=kill_the_listener)
    killer.start()
    judge.run(stop, clock=clock, back_off=(0.0,), pause=0, tick=20)
    killer.join()
    assert len(looks) == 2


def test_what_waits_in_the_journal_is_not_missing(
    db: None, journal: Callable[[datetime], int]
) -> None:
    """Batches of an hour, received at its end, as after a long outage; judged one by one."""
    point, hour = make_point(minute_interval=30, realtime_interval_s=3600), timedelta(hours=1)
    first = NOW - 12 * hour
    for n in range(12):
        start = first + n * hour
        batch = journal(start + 2 * hour - timedelta(minutes=1))
        write_readings(point, Period.HOUR, hours(start, 1 + n % 2), batch=batch)
        half_hours = [(start + m * timedelta(minutes=30), {"w01018": 1.0}) for m in (0, 1)]
        write_readings(point, Period.MINUTE, half_hours, batch=batch)
    now = NOW + timedelta(minutes=59)
    Cursor.objects.update_or_create(name="judge", defaults={"position": batch - 12})
    while (step := judge.step(now, most=1)) is not None and step.behind:
        pass
    assert not Finding.objects.exists()
    assert judge.step(now + hour) is not None
    assert Finding.objects.get().started_at == NOW
