"""The event stream: what a NOTIFY becomes, for whom, and what happens when PostgreSQL goes away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from jiulong.desk import hub as hubs
from jiulong.desk import live
from jiulong.gateway.models import Command
from jiulong.organisation.models import Unit, User
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]

FAST = live.Pace(heartbeat=5, life=20, gap=0)


class Listener:
    """Reads a stream as a browser does."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self.lines = lines

    async def next(self) -> str:
        return await asyncio.wait_for(anext(self.lines), 10)

    async def event(self) -> tuple[str, Any]:
        name, data = (await self.next()).strip().split("\n")
        return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


@asynccontextmanager
async def listening(ear: hubs.Hub, viewer: User, pace: live.Pace = FAST) -> AsyncIterator[Listener]:
    stream = live.events(ear, await live.look(viewer), pace)
    listener = Listener(stream)
    assert await listener.next() == "retry: 1000\n: listening\n\n"
    try:
        yield listener
    finally:
        await stream.aclose()


async def notify(*notices: tuple[str, str]) -> None:
    connection = await hubs.connect()
    async with connection, connection.transaction():
        for channel, payload in notices:
            await connection.execute("SELECT pg_notify(%s, %s)", (channel, payload))


@sync_to_async
def people() -> tuple[User, User, User, Any]:
    """The officer above, the owner, a sibling, and the owner's point."""
    ours, theirs = (factories.make_unit(Unit.Kind.ENTERPRISE) for _ in range(2))
    point = factories.make_point(unit=ours)
    factories.make_point(unit=theirs)
    return (
        factories.make_user(User.Role.OFFICER),
        factories.make_user(User.Role.ENTERPRISE, ours),
        factories.make_user(User.Role.ENTERPRISE, theirs),
        point,
    )


async def test_it_tells_each_what_they_may_see_and_hides_the_rest() -> None:
    officer, owner, sibling, point = await people()
    ear = hubs.Hub(hubs.connect)
    async with (
        listening(ear, officer) as above,
        listening(ear, owner) as own,
        listening(ear, sibling) as other,
    ):
        await notify(("readings", json.dumps({"points": [point.pk, 9999]})), ("seals", "7"))
        assert await above.event() == ("readings", {"points": [point.pk, 9999]})
        assert await own.event() == ("readings", {"points": [point.pk]})
        for listener in (above, own, other):
            assert await listener.event() == ("seals", {"points": None})


async def test_it_keeps_quarantine_and_registry_for_those_who_see_everything() -> None:
    officer, owner, _sibling, _point = await people()
    ear = hubs.Hub(hubs.connect)
    async with listening(ear, officer) as above, listening(ear, owner) as own:
        await notify(("quarantine", ""), ("loggers", ""), ("seals", "7"))
        assert [(await above.event())[0] for _ in range(3)] == ["quarantine", "loggers", "seals"]
        assert (await own.event())[0] == "seals"


async def test_it_tells_of_a_command_to_an_own_logger_only() -> None:
    _officer, owner, sibling, point = await people()
    command = await sync_to_async(order)(point)
    ear = hubs.Hub(hubs.connect)
    async with listening(ear, owner) as own, listening(ear, sibling) as other:
        await notify(("command_steps", str(command.pk)), ("seals", "1"))
        assert await own.event() == ("command_steps", {"points": None})
        assert (await other.event())[0] == "seals"


@pytest.mark.parametrize("cn", ["3012", "3015", "3022"])
async def test_it_announces_no_sampling_to_whom_it_is_taken_of(cn: str) -> None:
    officer, owner, _sibling, point = await people()
    command = await sync_to_async(order)(point, cn)
    ear = hubs.Hub(hubs.connect)
    async with listening(ear, owner) as own, listening(ear, officer) as above:
        await notify(("command_steps", str(command.pk)), ("seals", "1"))
        assert (await own.event())[0] == "seals"
        assert (await above.event())[0] == "command_steps"


def order(point: Any, cn: str = "1011") -> Command:
    return Command.objects.create(
        logger=factories.make_logger(point), cn=cn, qn="20260310120000000",
        created_at=factories.NOW, updated_at=factories.NOW,
    )  # fmt: skip


async def test_it_learns_of_a_new_point_when_the_registry_changes() -> None:
    _officer, owner, _sibling, _point = await people()
    ear = hubs.Hub(hubs.connect)
    async with listening(ear, owner) as own:
        fresh = await sync_to_async(factories.make_point)(
            unit=await sync_to_async(lambda: owner.unit)()
        )
        await notify(("loggers", ""), ("readings", json.dumps({"points": [fresh.pk]})))
        assert await own.event() == ("readings", {"points": [fresh.pk]})


async def test_it_comes_back_after_postgresql_was_away_and_says_look_again() -> None:
    officer, _owner, _sibling, _point = await people()
    ear = hubs.Hub(hubs.connect)
    async with listening(ear, officer) as above:
        async with await hubs.connect() as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'jiulong live' AND pid <> pg_backend_pid()"
            )
        assert await above.event() == ("resync", {"points": None})
        await notify(("seals", "8"))
        assert (await above.event())[0] == "seals"


async def test_it_beats_and_ends_by_itself() -> None:
    officer, _owner, _sibling, _point = await people()
    ear = hubs.Hub(hubs.connect)
    async with listening(ear, officer, live.Pace(heartbeat=0.05, life=0.12, gap=0)) as above:
        beats = [line async for line in above.lines]
    assert set(beats) == {": still here\n\n"}
    assert 1 <= len(beats) <= 3


async def test_it_serves_a_page_whose_database_is_away() -> None:
    officer, _owner, _sibling, _point = await people()

    async def refused() -> psycopg.AsyncConnection[Any]:
        raise psycopg.OperationalError("away")

    ear = hubs.Hub(refused, ready_within_s=0.05)
    async with listening(ear, officer, live.Pace(heartbeat=0.05, life=1, gap=0)) as above:
        assert await above.next() == ": still here\n\n"


async def test_it_streams_over_the_real_address_uncompressed() -> None:
    officer, _owner, _sibling, point = await people()
    client = AsyncClient()
    await client.aforce_login(officer)
    answer = await client.get("/live/", headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer["Content-Type"], answer["Content-Encoding"]) == (
        200, "text/event-stream", "identity",
    )  # fmt: skip
    lines = aiter(answer.streaming_content)
    assert await asyncio.wait_for(anext(lines), 10) == b"retry: 1000\n: listening\n\n"
    await notify(("findings", json.dumps({"points": [point.pk]})))
    assert await asyncio.wait_for(anext(lines), 10) == (
        f'event: findings\ndata: {{"points": [{point.pk}]}}\n\n'.encode()
    )
    await lines.aclose()


async def test_it_merges_what_waits_and_calls_too_many_many() -> None:
    box = hubs.Mailbox()
    box.put("readings", frozenset({1}))
    box.put("readings", frozenset({2}))
    box.put("findings", frozenset(range(hubs.IDS + 1)))
    box.put("seals", None)
    assert await box.take() == {"readings": frozenset({1, 2}), "findings": None, "seals": None}


async def test_it_reads_every_kind_of_payload() -> None:
    told = {
        "": None, "17": frozenset({17}), '{"points":[1,2]}': frozenset({1, 2}),
        '{"points":null}': None, "nonsense": None, "[1]": None,
    }  # fmt: skip
    assert {payload: hubs.read(payload) for payload in told} == told
