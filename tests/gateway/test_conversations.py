"""Commands over real sockets and the real database: every step, at most once, in the open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections

import hj212
from jiulong.evidence.models import Event
from jiulong.gateway import ledger
from jiulong.gateway.actions import order_command, update_logger
from jiulong.gateway.actions.commands import queue_command
from jiulong.gateway.database import PatientJournal
from jiulong.gateway.journal import entries
from jiulong.gateway.models import Command, JournalBatch
from jiulong.gateway.models import Logger as LoggerRow
from jiulong.organisation.models import User
from tests.factories import make_logger, make_point, make_user
from tests.gateway.lines import (
    MN,
    QN,
    House,
    Logger,
    data,
    gateway,
    never,
    retry_at_once,
    said,
    steps,
    until,
    with_database,
)

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


@pytest.fixture
def row() -> LoggerRow:
    return make_logger(make_point(realtime_interval_s=300, minute_interval=5), mn=MN)


@pytest.fixture
def officer() -> User:
    return make_user(User.Role.OFFICER)


@pytest.fixture
async def journal() -> AsyncIterator[PatientJournal]:
    made = PatientJournal()
    yield made
    made.close()
    await asyncio.sleep(0)


def house_of(journal: PatientJournal) -> AbstractAsyncContextManager[House]:
    return gateway(journal, listen=True, sleep=never)


async def connected(house: House) -> Logger:
    """The logger on the line, its first frame acknowledged."""
    logger = await house.call()
    await logger.send(data())
    assert await logger.answer() == ("9014", QN)
    return logger


async def ended(house: House, command: Command, state: str) -> Command:
    """The command once every step asked for is written down."""

    def now_so() -> bool:
        command.refresh_from_db()
        return command.state == state

    await until(now_so)
    await house.gateway.conversations.settled()
    command.refresh_from_db()
    return command


ACCEPT, DONE = ("9011", "QnRtn=1"), ("9012", "ExeRtn=1")
BOTTLE = ("3015", "DataTime=20260310120000;VaseNo=7")


@pytest.mark.parametrize(
    "told",
    [
        [ACCEPT, BOTTLE, DONE],
        [ACCEPT, DONE, BOTTLE],
        [BOTTLE, DONE],
        [BOTTLE, ACCEPT, DONE],
        [DONE, BOTTLE],
    ],
    ids=lambda told: "-".join(cn for cn, _ in told),
)
@with_database
async def test_it_retains_a_sample_in_whatever_order_it_is_told(
    journal: PatientJournal, row: LoggerRow, officer: User, told: list[tuple[str, str]]
) -> None:
    before = last_batch()
    async with house_of(journal) as house:
        logger = await connected(house)
        command = order_command(actor=officer, logger=row, cn="3015")
        request = await logger.frame()
        assert (request.cn, request.qn, request.st, request.flag) == ("3015", command.qn, "32", 5)
        command.refresh_from_db()
        assert command.state == "sent"
        for cn, cp in told:
            flag, st = (5, "32") if cn == "3015" else (4, "91")
            await logger.send(said(cn, qn=command.qn, cp=cp, flag=flag, st=st))
        assert await logger.answer() == ("9014", command.qn)  # the bottle's Flag asks for it
        await until(lambda: command.steps.count() == 1 + len(told))
        command = await ended(house, command, "done")
    assert (command.result, command.reply["VaseNo"]) == ("1", "7")
    assert [cn for _, _, cn in steps(command)] == ["3015", *(cn for cn, _ in told)]
    batches = JournalBatch.objects.filter(id__gt=before).order_by("id")
    raws = [entry.raw for batch in batches for entry in entries(batch.id)]
    assert [cn for cn, _ in told] == [raw.partition(b"CN=")[2][:4].decode() for raw in raws[1:]]


@with_database
async def test_it_records_refusal_and_failure(
    journal: PatientJournal, row: LoggerRow, officer: User
) -> None:
    async with house_of(journal) as house:
        logger = await connected(house)
        refused = order_command(
            actor=officer, logger=row, cn="3012", parameters={"PolId": "w01018"}
        )
        failed = order_command(actor=officer, logger=row, cn="1061")
        assert await logger.answer() == ("3012", refused.qn)
        await logger.send(said("9011", qn=refused.qn, cp="QnRtn=2"))
        assert await logger.answer() == ("1061", failed.qn)  # only when the first is over
        await logger.send(said("9011", qn=failed.qn, cp="QnRtn=1"))
        await logger.send(said("9012", qn=failed.qn, cp="ExeRtn=5"))
        assert (await ended(house, refused, "refused")).result == "2"
        assert (await ended(house, failed, "failed")).result == "5"
    assert steps(failed) == [
        ("out", "sent", "1061"), ("in", "accepted", "9011"), ("in", "failed", "9012"),
    ]  # fmt: skip


@with_database
async def test_it_resends_the_same_qn_until_it_is_accepted_then_never(
    journal: PatientJournal, row: LoggerRow, officer: User
) -> None:
    async with house_of(journal) as house:
        logger = await connected(house)
        command = order_command(actor=officer, logger=row, cn="1061")
        first = await logger.frame()
        house.clock.seconds += 10.0
        house.gateway.sweep()
        assert (await logger.frame()).raw == first.raw
        await logger.send(said("9011", qn=command.qn, cp="QnRtn=1"))
        await ended(house, command, "accepted")
        house.clock.seconds += 599.0
        house.gateway.sweep()
        house.clock.seconds += 1.0
        house.gateway.sweep()
        await ended(house, command, "unknown")
        await logger.send(said("9012", qn=command.qn, cp="ExeRtn=1"))
        await ended(house, command, "done")  # late is better than never
    assert [line[:2] for line in steps(command)] == [
        ("out", "sent"), ("out", "sent"), ("in", "accepted"), ("note", "unknown"), ("in", "done"),
    ]  # fmt: skip


@with_database
async def test_it_gives_up_on_who_never_answers_and_cuts_a_dead_line(
    journal: PatientJournal, row: LoggerRow, officer: User
) -> None:
    async with house_of(journal) as house:
        logger = await connected(house)
        house.clock.seconds = 1.0
        command = order_command(actor=officer, logger=row, cn="1061")
        for _ in range(4):
            assert await logger.answer() == ("1061", command.qn)
            house.clock.seconds += 10.0
            house.gateway.sweep()
        assert await logger.end() == b""
        await ended(house, command, "unknown")
    assert [line[0] for line in steps(command)] == ["out"] * 4 + ["note"]


@with_database
async def test_it_commits_sent_before_a_byte_leaves(
    journal: PatientJournal, row: LoggerRow, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house_of(journal) as house:
        await connected(house)
        (line,) = house.gateway.connections
        states: list[str] = []

        def send(_bytes: bytes) -> None:
            states.append(Command.objects.get().state)
            connections.close_all()  # this task's own

        monkeypatch.setattr(line, "send", send)
        order_command(actor=officer, logger=row, cn="3015")
        await until(lambda: states)
    assert states == ["sent"]


def interrupted(row: LoggerRow, cn: str, state: str, ago: timedelta) -> Command:
    """A command as a killed gateway leaves it."""
    at = NOON - ago
    parameters = {"PolId": "w01018"} if cn == "3012" else {}
    command = queue_command(user=None, logger=row, cn=cn, parameters=parameters, reason="", now=at)
    Command.objects.filter(pk=command.pk).update(state=state, updated_at=at)
    command.refresh_from_db()
    return command


@pytest.mark.parametrize("cn", ["3012", "3015"])
@pytest.mark.parametrize("state", ["sent", "accepted", "replied"])
@with_database
async def test_it_never_repeats_an_actuator_after_a_restart(
    journal: PatientJournal, row: LoggerRow, cn: str, state: str
) -> None:
    command = interrupted(row, cn, state, timedelta(seconds=500))
    async with house_of(journal) as house:
        logger = await connected(house)
        for seconds in (50.0, 99.0):
            house.clock.seconds = seconds
            house.gateway.sweep()
            await ended(house, command, state)
        house.clock.seconds = 100.0
        house.gateway.sweep()
        await ended(house, command, "unknown")
        await logger.send(data())
        assert await logger.answer() == ("9014", QN)  # the only thing it ever heard
    assert steps(command) == [("note", "unknown", "")]


@with_database
async def test_it_takes_late_answers_after_a_restart(
    journal: PatientJournal, row: LoggerRow
) -> None:
    command = interrupted(row, "3015", "sent", timedelta(seconds=5))
    async with house_of(journal) as house:
        logger = await connected(house)
        await logger.send(said("9012", qn=command.qn, cp="ExeRtn=1"))
        await ended(house, command, "done")


@with_database
async def test_it_asks_again_after_a_restart_where_that_does_no_harm(
    journal: PatientJournal, row: LoggerRow
) -> None:
    command = interrupted(row, "1061", "sent", timedelta(seconds=500))
    async with house_of(journal) as house:
        logger = await connected(house)
        house.gateway.sweep()
        assert await logger.answer() == ("1061", command.qn)
        await logger.send(
            said("1061", qn=command.qn, cp="RtdInterval=60", st="32")
            + said("9012", qn=command.qn, cp="ExeRtn=1")
        )
        assert (await ended(house, command, "done")).reply == {"RtdInterval": "60"}


@with_database
async def test_it_sets_the_time_of_who_asks(journal: PatientJournal, row: LoggerRow) -> None:
    async with house_of(journal) as house:
        logger = await connected(house)
        await logger.send(said("1013", flag=5, st="32"))
        assert await logger.answer() == ("9013", QN)
        request = await logger.frame()
        assert (request.cn, request.params["SystemTime"]) == ("1012", "20260310120000")
        command = Command.objects.get()
        assert (command.reason, command.ordered_by) == (ledger.NOTICE, None)
        await logger.send(said("9011", qn=command.qn, cp="QnRtn=1") + DONE_OF(command))
        await ended(house, command, "done")
        await logger.send(said("1013", flag=5, st="32"))
        assert await logger.answer() == ("9013", QN)
        await house.gateway.conversations.settled()
    assert Command.objects.count() == 1  # once a minute is enough


def DONE_OF(command: Command) -> bytes:  # noqa: N802 - reads as the frame it is
    return said("9012", qn=command.qn, cp="ExeRtn=1")


@with_database
async def test_it_greets_a_logger_on_its_first_connection(journal: PatientJournal) -> None:
    point = make_point(realtime_interval_s=300, minute_interval=5)
    row = make_logger(point, mn=MN, greet=True)
    asked = []
    async with house_of(journal) as house:
        logger = await connected(house)
        for _ in hj212.PROFILES["2017"].first_connection:
            request = await logger.frame()
            asked.append((request.cn, request.params))
            await logger.send(said("9012", qn=request.qn, cp="ExeRtn=1"))
        await until(lambda: not Command.objects.exclude(state="done").exists())
        await (await house.call()).send(data())
        await house.gateway.conversations.settled()
    assert asked == [
        ("1012", {"SystemTime": "20260310120000"}),
        ("1000", {"OverTime": "10", "ReCount": "3"}),
        ("1062", {"RtdInterval": "300"}),
        ("1064", {"MinInterval": "5"}),
        ("2011", {}),
        ("2021", {}),
    ]
    assert row.commands.count() == 6


@with_database
async def test_it_uses_the_new_password_when_the_logger_does(
    journal: PatientJournal, row: LoggerRow, officer: User
) -> None:
    async with house_of(journal) as house:
        logger = await connected(house)
        command = order_command(
            actor=officer, logger=row, cn="1072", parameters={"NewPW": "abcdef"}
        )
        assert await logger.answer() == ("1072", command.qn)
        done = hj212.encode(
            cn="9012", st="91", qn=command.qn, pw="abcdef", mn=MN, flag=4, cp="ExeRtn=1"
        )
        await logger.send(done)
        await ended(house, command, "done")
        row.refresh_from_db()
        assert row.password == "abcdef"
        await until(lambda: house.gateway.registry.known[MN].password == "abcdef")
    told = Event.objects.get(verb="update_logger").data
    assert told == {"password": "changed", "command": command.pk}
    assert "abcdef" not in str(list(Event.objects.values_list("data", flat=True)))


@with_database
async def test_it_does_not_keep_an_order_for_who_does_not_come(
    journal: PatientJournal, row: LoggerRow, officer: User
) -> None:
    late = order_command(actor=officer, logger=row, cn="3015", now=NOON - timedelta(minutes=11))
    async with house_of(journal) as house:
        for _ in range(30):
            house.gateway.sweep()
        await ended(house, late, "failed")
        logger = await connected(house)
        await logger.send(data())
        assert await logger.answer() == ("9014", QN)
    assert [line[:2] for line in steps(late)] == [("note", "failed")]


@with_database
async def test_it_waits_for_a_line_that_dropped(
    journal: PatientJournal, row: LoggerRow, officer: User
) -> None:
    async with house_of(journal) as house:
        logger = await connected(house)
        command = order_command(actor=officer, logger=row, cn="1061")
        assert await logger.answer() == ("1061", command.qn)
        await logger.close()
        await until(lambda: not house.gateway.sessions.speaker)
        house.clock.seconds += 100.0
        house.gateway.sweep()
        logger = await connected(house)
        house.gateway.sweep()
        assert await logger.answer() == ("1061", command.qn)
        await logger.send(DONE_OF(command))
        await ended(house, command, "done")


@with_database
async def test_it_follows_the_registry(journal: PatientJournal, row: LoggerRow) -> None:
    administrator = make_user(User.Role.ADMINISTRATOR)
    async with house_of(journal) as house:
        known = house.gateway.registry.known
        update_logger(actor=administrator, logger=row, password="secret")
        await until(lambda: known[MN].password == "secret")
        LoggerRow.objects.filter(pk=row.pk).update(profile="no such")
        update_logger(actor=administrator, logger=make_logger(), greet=True)
        await until(lambda: MN not in known and len(known) == 1)


@with_database
async def test_it_survives_the_loss_of_all_its_database_connections(
    journal: PatientJournal, row: LoggerRow, officer: User, spared: int
) -> None:
    before = last_batch()
    async with gateway(journal, listen=True, sleep=retry_at_once) as house:
        logger = await connected(house)
        kill_connections(spared)
        await logger.send(data(qn="20260310120000001"))
        assert await logger.answer() == ("9014", "20260310120000001")
        command = order_command(actor=officer, logger=row, cn="1061")
        house.gateway.conversations.look()
        assert await logger.answer() == ("1061", command.qn)
        kill_connections(spared)
        await logger.send(DONE_OF(command))
        await ended(house, command, "done")
    assert sum(batch.frames for batch in JournalBatch.objects.filter(id__gt=before)) == 3


def last_batch() -> int:
    """The journal outlives a test: nothing may be taken out of it."""
    return JournalBatch.objects.order_by("-id").values_list("id", flat=True).first() or 0


@pytest.fixture
def spared() -> int:
    """The test runner's own connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (number,) = cursor.fetchone()
    return int(number)


def kill_connections(spared: int) -> None:
    """What a restart of PostgreSQL does to its clients."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), %s)",
            [spared],
        )
