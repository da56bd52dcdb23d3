"""Our side of every dialogue against devices that others could have written."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path

import pytest

from jiulong.gateway.actions import order_command
from jiulong.gateway.database import PatientJournal
from jiulong.gateway.journal import Verdict, entries
from jiulong.gateway.models import Command, JournalBatch
from jiulong.gateway.models import Logger as LoggerRow
from jiulong.organisation.models import User
from tests.factories import make_logger, make_point, make_user
from tests.gateway.lines import House, gateway, never, until, with_database
from tests.peers.device2005 import Device2005
from tests.peers.device2017 import Device2017
from tests.peers.wire import Line, checksum

NEW, OLD = "010000A8900016F000169DC0", "88888880000001"
COD = {"Cou": "10.5", "Min": "40.1", "Avg": "40.2", "Max": "40.3", "Flag": "N"}
TEN = ("20260310110000", "20260310111000", "20260310112000")


@pytest.fixture
async def journal() -> AsyncIterator[PatientJournal]:
    made = PatientJournal()
    yield made
    made.close()
    await asyncio.sleep(0)


def kept(after: int) -> list[tuple[str, int]]:
    """Command number and verdict of every frame that came after a batch."""
    batches = JournalBatch.objects.filter(id__gt=after).order_by("id")
    found = [entry for batch in batches for entry in entries(batch.id)]
    return [(entry.raw.partition(b"CN=")[2][:4].decode(), int(entry.verdict)) for entry in found]


def last_batch() -> int:
    return JournalBatch.objects.order_by("-id").values_list("id", flat=True).first() or 0


async def told(
    house: House, row: LoggerRow, cn: str, given: dict[str, str], served: Awaitable[object]
) -> Command:
    """Order it, let the device serve it, and wait until its end is written down."""
    officer = make_user(User.Role.OFFICER)
    command = order_command(actor=officer, logger=row, cn=cn, parameters=given)
    await served

    def over() -> bool:
        command.refresh_from_db()
        return command.state in {"done", "refused", "failed", "unknown"}

    await until(over)
    await house.gateway.conversations.settled()
    command.refresh_from_db()
    return command


def test_the_devices_share_no_code_with_ours() -> None:
    for name in ("wire", "device2005", "device2017"):
        tree = ast.parse((Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
        imported = [
            alias.name if isinstance(node, ast.Import) else str(node.module)
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        ]
        assert [one for one in imported if one.split(".")[0] in {"hj212", "jiulong"}] == []


def test_their_checksum_is_that_of_the_annex() -> None:
    example = b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;"
    assert checksum(example + b"CP=&&RtdInterval=30&&") == "1C80"  # HJ 212-2017 annex A


@pytest.mark.django_db(transaction=True)
@with_database
async def test_a_device_of_2017_is_heard_and_obeys(journal: PatientJournal) -> None:
    row, before = make_logger(make_point(), mn=NEW), last_batch()
    async with gateway(journal, listen=True, sleep=never) as house:
        line = await Line.dial(house.port)
        device = Device2017(line, NEW, history={at: {"w01018": COD} for at in TEN})
        many = {f"w2{number:04d}": COD for number in range(30)}
        assert len(await device.upload("2051", TEN[0], many)) == 3  # packets
        cases = [
            ("1062", {"RtdInterval": "30"}, "done", "1"),
            ("3015", {}, "done", "1"),
            ("2051", {"BeginTime": TEN[0], "EndTime": TEN[1]}, "done", "1"),
            ("2051", {"BeginTime": "20250101000000", "EndTime": "20250101001000"}, "failed", "100"),
            ("3020", {"PolId": "w01018", "InfoId": "i13004"}, "done", "1"),
            ("3011", {"PolId": "w01018"}, "refused", "8"),
        ]
        for cn, given, state, result in cases:
            command = await told(house, row, cn, given, device.serve())
            assert (cn, command.state, command.result) == (cn, state, result)
            if cn == "3015":
                assert command.reply["VaseNo"] == "1"
            if cn == "3020":
                assert command.reply["i13004-Info"] == "168.0"
        assert (device.filled, device.settings["RtdInterval"]) == (1, "30")
        await line.hang_up()
    frames = kept(before)
    assert {verdict for _cn, verdict in frames} == {int(Verdict.ACCEPTED)}
    assert [cn for cn, _verdict in frames].count("2051") == 3 + 2


@pytest.mark.django_db(transaction=True)
@with_database
async def test_a_device_of_2017_out_of_bottles_has_failed(journal: PatientJournal) -> None:
    row = make_logger(make_point(), mn=NEW)
    async with gateway(journal, listen=True, sleep=never) as house:
        line = await Line.dial(house.port)
        device = Device2017(line, NEW, bottles=0)
        await device.upload("2011", TEN[0], {"w01018": {"Rtd": "40.1", "Flag": "N"}})
        command = await told(house, row, "3015", {}, device.serve())
        assert (command.state, command.result, command.reply) == ("failed", "2", {})
        await line.hang_up()


@pytest.mark.django_db(transaction=True)
@with_database
async def test_a_device_of_2017_gets_the_time_it_asks_for(journal: PatientJournal) -> None:
    make_logger(make_point(), mn=NEW)
    async with gateway(journal, listen=True, sleep=never) as house:
        line = await Line.dial(house.port)
        device = Device2017(line, NEW)
        assert (await device.ask_for_the_time()).cn == "9013"
        assert (await device.serve()).cn == "1012"
        await until(lambda: Command.objects.filter(cn="1012", state="done").exists())
        await house.gateway.conversations.settled()
        await line.hang_up()
    assert device.settings["SystemTime"] == "20260310120000"


@pytest.mark.django_db(transaction=True)
@with_database
async def test_a_device_of_2005_is_heard_and_obeys(journal: PatientJournal) -> None:
    row, before = make_logger(make_point(), mn=OLD, profile="2005"), last_batch()
    async with gateway(journal, listen=True, sleep=never) as house:
        line = await Line.dial(house.port)
        group = "B01-Cou=10.5,B01-Flag=N;011-Avg=40.2,011-Flag=N"
        device = Device2005(line, OLD, history=dict.fromkeys(TEN, group))
        await device.upload("2011", TEN[0], "011-Rtd=40.1,011-Flag=N")
        await until(lambda: kept(before))
        cases = [
            ("1001", {"WarnTime": "20260310120000"}, "done", "1"),
            ("3012", {"PolId": "011"}, "done", "1"),
            ("2051", {"BeginTime": TEN[1], "EndTime": TEN[2]}, "done", "1"),
            ("2051", {"BeginTime": "20250101000000", "EndTime": "20250101001000"}, "failed", "100"),
            ("1061", {}, "refused", "2"),
            ("1072", {"NewPW": "654321"}, "done", "1"),
        ]
        for cn, given, state, result in cases:
            command = await told(house, row, cn, given, device.serve())
            assert (cn, command.state, command.result) == (cn, state, result)
        await line.hang_up()
    assert (device.taken, device.alarm_time, device.password) == (
        ["011"], "20260310120000", "654321",
    )  # fmt: skip
    assert [cn for cn, _verdict in kept(before)].count("2051") == 2
