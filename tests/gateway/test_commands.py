"""`jiulong gateway` as a process, and `jiulong logger …`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import ssl
import sys
import threading
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from jiulong.gateway import ledger
from jiulong.gateway.journal import Verdict, entries
from jiulong.gateway.models import Command, JournalBatch, Logger, QuarantinedFrame
from jiulong.organisation.models import User
from tests.factories import NOW, make_logger, make_point, make_user
from tests.gateway.lines import MN, OTHER, QN, data
from tests.gateway.lines import Logger as Line
from tests.gateway.test_server import certify


def jiulong(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


# -- jiulong gateway ------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def process(*words: str) -> AsyncIterator[asyncio.subprocess.Process]:
    settings = connection.settings_dict
    url = os.environ["JIULONG_DATABASE_URL"].replace("/postgres?", f"/{settings['NAME']}?", 1)
    gateway = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "jiulong", "gateway", "--host", "127.0.0.1", "--port", "0", *words,
        env={**os.environ, "JIULONG_DATABASE_URL": url},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(60):
            yield gateway
    finally:
        if gateway.returncode is None:
            gateway.kill()
        await gateway.communicate()


async def line_to(gateway: asyncio.subprocess.Process, says: str, **options: Any) -> Line:
    assert gateway.stdout is not None
    said = (await gateway.stdout.readline()).decode().strip()
    address, _, port = said.rpartition(":")
    assert address == f"{says} on 127.0.0.1"
    return Line(*await asyncio.open_connection("127.0.0.1", int(port), **options))


@pytest.mark.django_db(transaction=True)
async def test_it_listens_acknowledges_and_stops_when_told(tmp_path: Path) -> None:
    made = await asyncio.to_thread(in_thread, make_logger, mn=MN)
    pem = str(certify(tmp_path))
    tls = ("--tls-port", "0", "--tls-cert", pem, "--tls-key", pem)
    async with process("--node", "here", *tls) as gateway:
        line = await line_to(gateway, "gateway listening")
        secret = await line_to(
            gateway, "gateway listening with TLS", ssl=ssl.create_default_context(cafile=pem)
        )
        await line.send(data() * 2)
        assert [await line.answer() for _ in range(2)] == [("9014", QN)] * 2
        await secret.send(data())
        assert await secret.answer() == ("9014", QN)
        gateway.send_signal(signal.SIGTERM)
        assert [await line.end(), await secret.end()] == [b"", b""]
        assert await gateway.wait() == 0
        await line.close()
        await secret.close()
    kept = await asyncio.to_thread(in_thread, last_entries)
    assert kept == [("here", data(), int(Verdict.ACCEPTED))] * 3
    assert made.mn == MN


def in_thread(act: Any, **given: Any) -> Any:
    """Database work beside an event loop, with no connection left behind."""
    try:
        return act(**given)
    finally:
        connections.close_all()


def last_entries() -> list[tuple[str, bytes, int]]:
    found: list[tuple[str, bytes, int]] = []
    for batch in JournalBatch.objects.order_by("-id"):
        found = [(batch.node, e.raw, e.verdict) for e in entries(batch.id)] + found
        if len(found) >= 3:
            break
    return found


@pytest.mark.django_db(transaction=True)
async def test_it_says_that_it_cannot_listen() -> None:
    taken = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = taken.sockets[0].getsockname()[1]
    async with process("--port", str(port)) as gateway:
        _out, err = await gateway.communicate()
    taken.close()
    assert gateway.returncode == 1
    assert b"cannot listen on 127.0.0.1" in err


def test_it_wants_all_of_tls_or_none(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="together"):
        jiulong("gateway", "--tls-port", "0")
    certificate = certify(tmp_path)
    with pytest.raises(CommandError, match="certificate"):
        jiulong(
            "gateway", "--tls-port", "0", "--tls-cert", str(certificate),
            "--tls-key", str(tmp_path / "none"),
        )  # fmt: skip


# -- jiulong logger -------------------------------------------------------------------------------


@pytest.fixture
def administrator() -> User:
    return make_user(User.Role.ADMINISTRATOR, username="root")


@pytest.fixture
def officer() -> User:
    return make_user(User.Role.OFFICER, username="officer")


def refuse(raw: bytes, mn: str = MN) -> QuarantinedFrame:
    return QuarantinedFrame.objects.create(
        batch=1, ordinal=QuarantinedFrame.objects.count(), received_at=NOW, mn=mn,
        peer="10.0.0.1:5", reason="unknown_mn", raw=raw,
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.usefixtures("administrator")
def test_it_lists_loggers_and_strangers() -> None:
    logger = make_logger(mn=OTHER)
    refuse(data())
    assert jiulong("logger", "list").splitlines() == [
        f"{OTHER}  2017  active  {logger.point.code}  {logger.point.name}",
        f"{MN}  unregistered  1 frames  2026-03-10T04:00:00+00:00  10.0.0.1:5",
    ]


@pytest.mark.django_db
def test_it_adds_and_adopts(administrator: User) -> None:
    point = make_point()
    assert "registered" in jiulong("logger", "add", OTHER, point.code, "pw", "--greet")
    refuse(data())
    refuse(data(pw="other"))
    told = jiulong(
        "logger", "--as", "root", "adopt", MN, point.code, "123456", "--address", "10.0.0.0/8"
    )
    assert told == f"{MN}  adopted  1 taken in  1 left\n"
    assert Logger.objects.get(mn=OTHER).greet
    assert Logger.objects.get(mn=MN).addresses == ["10.0.0.0/8"]
    assert jiulong("logger", "quarantine", MN, "--replay") == f"{MN}  0 taken in  1 left\n"


@pytest.mark.django_db
@pytest.mark.usefixtures("administrator")
def test_it_shows_what_was_refused() -> None:
    refuse(b"\xff\r\n", mn="")
    refuse(data())
    lines = jiulong("logger", "quarantine").splitlines()
    assert lines[1] == r"2026-03-10T04:00:00.000+00:00  unknown_mn  10.0.0.1:5  \xff"
    assert jiulong("logger", "quarantine", MN).splitlines() == lines[:1]


@pytest.mark.django_db
@pytest.mark.usefixtures("administrator", "officer")
@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--as", "ghost", "list"], "no account ghost"),
        (["--as", "officer", "add", MN, "P", "pw"], "not found"),
        (["--as", "root", "command", OTHER, "1061"], "root may not command_logger"),
        (["command", MN, "1061"], "not found"),
        (["command", OTHER, "1061", "PolId"], "key=value"),
        (["command", OTHER, "8888"], "8888"),
    ],
)
def test_it_says_what_is_wrong(words: list[str], complaint: str) -> None:
    make_logger(mn=OTHER)
    with pytest.raises(CommandError, match=complaint):
        jiulong("logger", *words)


@pytest.mark.django_db
def test_it_needs_an_account_that_may() -> None:
    with pytest.raises(CommandError, match="no account may see_all"):
        jiulong("logger", "list")
    make_user(User.Role.OFFICER, is_active=False)
    with pytest.raises(CommandError, match="no account may command_logger"):
        jiulong("logger", "command", MN, "1061")


@pytest.mark.django_db
def test_it_orders_without_waiting(officer: User) -> None:
    make_logger(mn=MN)
    told = jiulong("logger", "command", MN, "3012", "PolId=w01018", "--no-wait", "--reason", "why")
    command = Command.objects.get()
    assert told == f"{command.pk}  {command.qn}  queued\n"
    assert (command.parameters, command.reason) == ({"PolId": "w01018"}, "why")
    assert command.ordered_by == officer


def answer(*told: tuple[str, str, dict[str, Any]]) -> None:
    """What a gateway would write about the next command, from another connection."""
    try:
        order = None
        while order is None:
            order = next(iter(ledger.queued({MN})), None)
        with transaction.atomic():
            ledger.take(order, "##CN=1061;PW=123456;", NOW, uuid4())
        for state, text, fields in told:
            ledger.record(
                order, state=state, direction="in", text=text, now=NOW, token=uuid4(), **fields
            )
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("officer")
def test_it_watches_a_dialogue_to_its_end() -> None:
    make_logger(mn=MN)
    steps = (
        ("accepted", "##CN=9011;", {}),
        ("replied", "##CN=1061;", {"reply": {"RtdInterval": "60"}}),
        ("done", "##CN=9012;", {"result": "1"}),
    )
    gateway = threading.Thread(target=answer, args=steps)
    gateway.start()
    lines = jiulong("logger", "command", MN, "1061").splitlines()[1:]
    gateway.join()
    assert lines == [
        "2026-03-10T04:00:00.000+00:00  sent  >  ##CN=1061;PW=******;",
        "2026-03-10T04:00:00.000+00:00  accepted  <  ##CN=9011;",
        "2026-03-10T04:00:00.000+00:00  replied  <  ##CN=1061;",
        "2026-03-10T04:00:00.000+00:00  done  <  ##CN=9012;",
        'done  1  {"RtdInterval": "60"}',
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("officer")
def test_it_fails_when_the_command_does() -> None:
    make_logger(mn=MN)
    gateway = threading.Thread(target=answer, args=(("refused", "##CN=9011;", {"result": "2"}),))
    gateway.start()
    with pytest.raises(CommandError, match="1061 ended refused"):
        jiulong("logger", "command", MN, "1061")
    gateway.join()
