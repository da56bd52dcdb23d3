"""Several gateways, lost commits and lost lines: no command twice, none stuck, none undone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError

from jiulong.gateway import ledger
from jiulong.gateway.actions import order_command, update_logger
from jiulong.gateway.actions.commands import queue_command
from jiulong.gateway.database import PatientJournal
from jiulong.gateway.journal import Verdict, entries
from jiulong.gateway.ledger import Order
from jiulong.gateway.models import Command, JournalBatch
from jiulong.gateway.models import Logger as LoggerRow
from jiulong.organisation.models import User
from tests.factories import make_logger, make_point, make_user
from tests.gateway.lines import MN, QN, data, gateway, retry_at_once, said, steps, until
from tests.gateway.lines import with_database as on_database
from tests.gateway.test_conversations import (
    NOON,
    connected,
    ended,
    house_of,
    interrupted,
    journal,
    officer,
    row,
)

__all__ = ["journal", "officer", "row"]  # fixtures
pytestmark = pytest.mark.django_db(transaction=True)


def queued(row: LoggerRow, cn: str = "1061", **parameters: str) -> Order:
    queue_command(user=None, logger=row, cn=cn, parameters=parameters, reason="", now=NOON)
    (order,) = ledger.queued({MN})
    return order


def heard(order: Order, state: str, direction: str = "in", **fields: object) -> None:
    given = {"token": uuid4(), "text": "##CN=9012;", "now": NOON, **fields}
    ledger.record(order, state=state, direction=direction, **given)  # type: ignore[arg-type]


def test_it_takes_a_command_once_and_again_with_its_own_token(row: LoggerRow) -> None:
    order, mine = queued(row), uuid4()
    assert ledger.take(order, "##CN=1061;", NOON, mine)
    assert ledger.take(order, "##CN=1061;", NOON, mine)  # the first commit was in doubt
    assert not ledger.take(order, "##CN=1061;", NOON, uuid4())  # another gateway
    assert steps(Command.objects.get()) == [("out", "sent", "1061")]


def test_it_writes_a_step_once(row: LoggerRow) -> None:
    order, token = queued(row), uuid4()
    ledger.take(order, "##CN=1061;", NOON, uuid4())
    heard(order, "done", token=token)
    heard(order, "done", token=token)
    assert [line[:2] for line in steps(Command.objects.get())] == [("out", "sent"), ("in", "done")]


@pytest.mark.parametrize(
    ("before", "after", "stands"),
    [
        ("done", "unknown", "done"),
        ("done", "failed", "done"),
        ("refused", "done", "refused"),
        ("failed", "unknown", "failed"),
        ("accepted", "sent", "accepted"),
        ("unknown", "done", "done"),  # a late answer
        ("sent", "accepted", "accepted"),
    ],
)
def test_it_lets_no_step_undo_another(row: LoggerRow, before: str, after: str, stands: str) -> None:
    order = queued(row)
    Command.objects.update(state=before)
    heard(order, after, "note")
    heard(order, after, "in")  # said by the logger: written down even where it changes nothing
    command = Command.objects.get()
    assert command.state == stands
    assert command.steps.filter(direction="in").count() == 1


def test_it_gives_the_orders_of_connected_loggers_alone(row: LoggerRow) -> None:
    order = queued(row)
    assert ledger.queued(set()) == ledger.queued({"another"}) == []
    assert [found.id for found in ledger.queued({MN, "another"})] == [order.id]


@pytest.mark.parametrize(("connected", "why"), [({MN}, ledger.BUSY), (set(), ledger.AWAY)])
def test_it_says_why_an_order_was_never_sent(row: LoggerRow, connected: set[str], why: str) -> None:
    queued(row)
    assert ledger.expire(NOON + timedelta(minutes=9), connected) == 0
    assert ledger.expire(NOON + timedelta(minutes=11), connected) == 1
    assert [step.text for step in Command.objects.get().steps.all()] == [why]


@on_database
async def test_it_sends_what_it_took_in_doubt(
    journal: PatientJournal, row: LoggerRow, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = ledger.take, []

    def take(*given: object) -> bool:
        calls.append(given)
        taken = real(*given)  # type: ignore[arg-type]
        if len(calls) == 1:
            raise OperationalError("the server closed the connection after the commit")
        return taken

    monkeypatch.setattr(ledger, "take", take)
    async with gateway(journal, listen=True, sleep=retry_at_once) as house:
        logger = await connected(house)
        command = order_command(actor=officer, logger=row, cn="3015")
        assert await logger.answer() == ("3015", command.qn)
        await logger.send(said("9012", qn=command.qn, cp="ExeRtn=1"))
        await ended(house, command, "done")
    assert [line[:2] for line in steps(command)] == [("out", "sent"), ("in", "done")]


@on_database
async def test_a_second_gateway_only_receives_until_the_first_is_gone(
    journal: PatientJournal, row: LoggerRow, officer: User
) -> None:
    second = PatientJournal("second")
    async with house_of(second) as b, house_of(journal) as a:
        first = b if b.gateway.conversations._ours else a
        other = a if first is b else b
        assert not other.gateway.conversations._ours
        logger = await connected(first)
        command = order_command(actor=officer, logger=row, cn="3015")
        assert await logger.answer() == ("3015", command.qn)
        elsewhere = await other.call()
        await elsewhere.send(data(qn="20260310115900001"))
        assert await elsewhere.answer() == ("9014", "20260310115900001")
        other.clock.seconds = 601.0
        other.gateway.sweep()
        await other.gateway.conversations.settled()
        command.refresh_from_db()
        assert command.state == "sent"
        await logger.send(said("9012", qn=command.qn, cp="ExeRtn=1"))
        await ended(first, command, "done")
    second.close()
    await asyncio.sleep(0)


@pytest.mark.parametrize("cn", ["3012", "3015", "3022"])
@on_database
async def test_it_sends_an_actuator_nothing_again_over_a_new_line(
    journal: PatientJournal, officer: User, cn: str
) -> None:
    row = make_logger(make_point(), mn=MN, profile="2025" if cn == "3022" else "2017")
    parameters = {} if cn == "3015" else {"PolId": "w01018"}
    async with house_of(journal) as house:
        logger = await connected(house)
        command = order_command(actor=officer, logger=row, cn=cn, parameters=parameters)
        assert await logger.answer() == (cn, command.qn)
        await logger.close()
        await until(lambda: not house.gateway.connections)
        for at in (11.0, 500.0):
            house.clock.seconds = at
            house.gateway.sweep()
        again = await house.call()
        for qn in ("20260310115900001", "20260310115900002"):
            await again.send(data(qn=qn))
            assert await again.answer() == ("9014", qn)  # and nothing between
            house.gateway.sweep()
        await ended(house, command, "unknown")
    assert [line[:2] for line in steps(command)] == [("out", "sent"), ("note", "unknown")]


@on_database
async def test_it_takes_up_the_newest_of_two_and_gives_up_the_older(
    journal: PatientJournal, row: LoggerRow
) -> None:
    older = interrupted(row, "1061", "accepted", timedelta(seconds=20))
    newer = interrupted(row, "1063", "accepted", timedelta(seconds=5))
    async with house_of(journal) as house:
        await ended(house, older, "unknown")
        logger = await connected(house)
        # Names no request: it ends what is under way, and does not reach what is past.
        await logger.send(said("9012", qn="", cp="ExeRtn=1"))
        await ended(house, newer, "done")
        await logger.send(said("9012", qn="", cp="ExeRtn=1") + data(qn="20260310115900001"))
        assert await logger.answer() == ("9014", "20260310115900001")
        await ended(house, older, "unknown")
        await logger.send(said("9012", qn=older.qn, cp="ExeRtn=1"))
        await ended(house, older, "done")


@on_database
async def test_it_expects_a_new_password_after_a_restart(
    journal: PatientJournal, row: LoggerRow
) -> None:
    order = queued(row, "1072", NewPW="654321")
    ledger.take(order, "##CN=1072;", NOON, uuid4())
    heard(order, "unknown", "note")
    async with house_of(journal) as house:
        logger = await house.call()
        await logger.send(data(pw="654321"))
        assert await logger.answer() == ("9014", QN)


@pytest.mark.parametrize("how", ["refused", "replaced"])
@on_database
async def test_it_forgets_a_password_that_was_refused_or_replaced(
    journal: PatientJournal, row: LoggerRow, officer: User, how: str
) -> None:
    async with house_of(journal) as house:
        known = house.gateway.registry.known
        logger = await connected(house)
        command = order_command(
            actor=officer, logger=row, cn="1072", parameters={"NewPW": "654321"}
        )
        assert await logger.answer() == ("1072", command.qn)
        assert known[MN].next_password == "654321"
        if how == "refused":
            await logger.send(said("9011", qn=command.qn, cp="QnRtn=2"))
        else:
            administrator = make_user(User.Role.ADMINISTRATOR)
            update_logger(actor=administrator, logger=row, password="brandnew")
        await until(lambda: not known[MN].next_password)
        before = JournalBatch.objects.count()
        await logger.send(data(pw="654321", qn="20260310115900009"))
        await until(lambda: JournalBatch.objects.count() > before)
        last = JournalBatch.objects.latest("id")
        assert entries(last.id)[-1].verdict == Verdict.WRONG_PASSWORD
