"""Exactly once, whatever breaks and whenever."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from jiulong.gateway.actions import update_logger
from jiulong.gateway.database import connect
from jiulong.monitoring import judge
from jiulong.organisation.models import User
from jiulong.recorder import rebuilding, working
from jiulong.recorder.recording import CursorMovedError
from tests.factories import make_user
from tests.recorder.plant import NOW, Plant

pytestmark = pytest.mark.asyncio

#: What another session does is looked for so often, and must be there within that, in seconds.
LOOK_S = 0.01
DEADLINE_S = 30


def body(second: int) -> str:
    time = f"{second // 3600:02}{second // 60 % 60:02}{second % 60:02}"
    return f"DataTime=20260310{time};new{second % 7}-Rtd=1"


async def test_it_does_a_failed_step_again(plant: Plant) -> None:
    """The transaction fails after COPY and after a factor was made: nothing of it stays."""
    await plant.record(body(1))
    await plant.database.execute(
        "ALTER TABLE recorder_message ADD CONSTRAINT broken CHECK (cn <> '3015')"
    )
    await plant.send(plant.frame(body(2)), plant.frame("VaseNo=1", cn="3015"))
    before = await plant.contents()
    for _ in range(2):
        with pytest.raises(asyncpg.CheckViolationError):
            await plant.recorder.step()
    assert await plant.contents() == before
    await plant.database.execute("ALTER TABLE recorder_message DROP CONSTRAINT broken")
    await plant.catch_up()
    assert len(await plant.rows()) == 2
    assert len(await plant.table("recorder_message")) == 1


async def test_it_goes_on_where_a_lost_connection_left_it(plant: Plant) -> None:
    await plant.record(body(1), body(2))
    await plant.send(plant.frame(body(3)))
    killer = await connect("killer")
    pid = plant.database.get_server_pid()
    await killer.execute("SELECT pg_terminate_backend($1, 5000)", pid)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await plant.recorder.step()
    plant.database = killer
    plant.recorder = plant.new_recorder()
    await plant.catch_up()
    assert len(await plant.rows()) == 3
    await killer.close()


async def test_it_refuses_to_go_on_when_somebody_moved_the_cursor(plant: Plant) -> None:
    await plant.record(body(1))
    await plant.send(plant.frame(body(2)))
    await plant.database.execute("UPDATE evidence_cursor SET position = position + 7")
    with pytest.raises(CursorMovedError):
        await plant.recorder.step()
    await plant.database.execute("UPDATE evidence_cursor SET position = position - 7")
    await plant.catch_up()
    assert len(await plant.rows()) == 2


async def test_it_cuts_the_journal_into_short_transactions(plant: Plant) -> None:
    for second in range(5):
        await plant.send(*(plant.frame(body(10 * second + n)) for n in range(10)))
    plant.recorder = plant.new_recorder(chunk_frames=25)
    assert [await plant.recorder.step() for _ in range(4)] == [20, 20, 10, 0]


async def until_true(plant: Plant, query: str, *args: Any) -> None:
    """Until a query says yes."""
    async with asyncio.timeout(DEADLINE_S):
        while not await plant.database.fetchval(query, *args):  # noqa: ASYNC110 - nothing else would tell
            await asyncio.sleep(LOOK_S)


async def until(plant: Plant, count: int) -> None:
    """Until so many readings are there."""
    await until_true(plant, "SELECT count(*) >= $1 FROM reading", count)


class Said(list[str]):
    """What recorders said."""

    def __init__(self) -> None:
        self.twice = asyncio.Event()

    def append(self, text: str) -> None:
        super().append(text)
        if len(self) == 2:
            self.twice.set()


async def test_it_lets_a_second_recorder_wait_for_the_first(plant: Plant) -> None:
    said = Said()
    first = asyncio.create_task(working.work(said.append))
    await plant.send(plant.frame(body(1)))
    await until(plant, 1)
    second = asyncio.create_task(working.work(said.append))
    await said.twice.wait()
    assert said == ["recorder at work", "another recorder is at work; waiting until it is stopped"]
    await plant.send(plant.frame(body(2)))  # the first one wakes up for it
    await until(plant, 2)
    first.cancel()
    await plant.send(plant.frame(body(3)))
    await until(plant, 3)
    assert said[2:] == ["recorder at work"]
    second.cancel()
    await asyncio.gather(first, second, return_exceptions=True)


async def test_it_comes_back_when_the_database_does(plant: Plant) -> None:
    said: list[str] = []
    worker = asyncio.create_task(working.work(said.append))
    for round_ in range(3):
        await plant.send(plant.frame(body(round_)))
        await until(plant, round_ + 1)
        await plant.database.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE application_name = 'jiulong recorder'"
        )
    await plant.send(plant.frame(body(9)))
    await until(plant, 4)
    assert said == ["recorder at work"] * 4
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)


@pytest.mark.system
async def test_it_records_everything_once_though_it_is_killed_at_any_moment(plant: Plant) -> None:
    """The real process, SIGKILL, restarted; then a rebuild gives the same again."""
    rng = random.Random(212)
    frames = [plant.frame(body(second)) for second in range(3000)]
    repeats = [rng.choice(frames) for _ in range(300)]
    stream = frames + repeats
    rng.shuffle(stream)
    settings = connection.settings_dict
    url = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={quote(settings['HOST'])}"
    environment = {**os.environ, "JIULONG_DATABASE_URL": url}

    async def start() -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "jiulong", "recorder", env=environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        assert process.stdout is not None
        await process.stdout.readline()  # at work
        return process

    async def end(process: asyncio.subprocess.Process, by: int = signal.SIGKILL) -> int | None:
        process.send_signal(by)
        await process.communicate()
        return process.returncode

    places = range(0, len(stream), 11)
    deaths = set(rng.sample(places, 3))
    process = await start()
    for place in places:
        await plant.send(*stream[place : place + 11])
        if place in deaths:  # it is somewhere behind us
            assert await end(process) == -signal.SIGKILL
            process = await start()
    assert await end(process, signal.SIGTERM) == 0  # told to stop, it stops
    await plant.catch_up()
    assert len(await plant.rows()) == 3000
    assert await plant.database.fetchval("SELECT frames FROM monitoring_pointstate") == 3300
    before = await plant.contents()
    await rebuilding.rebuild(plant.database, lambda _done, _total: None)
    assert await plant.contents() == before


async def test_it_rebuilds_everything_to_the_last_byte(plant: Plant) -> None:
    split = "DataTime=20260310110000;"
    await plant.record(split + "w00000-Avg=1,w00000-Cou=9", split + "w01018-Avg=2", cn="2061")
    await plant.record(split + "w01018-Avg=3;TEMP-Avg=4", cn="2061", at=NOW)
    await plant.record(split + "w01018-Avg=3;TEMP-Avg=4", cn="2061", at=NOW)
    await plant.record("DataTime=20260310110000;w20111-Rtd=12.3", "w01018-Rtd=1", "DataTime=")
    await plant.record("VaseNo=3", cn="3015")
    await plant.record(split + "w01018-Rtd=5", mn="NOBODY")
    await plant.database.execute("UPDATE gateway_quarantinedframe SET replayed_at = now()")
    before = await plant.contents()
    assert [len(rows) for rows in before.values()][:5] == [5, 2, 2, 1, 2]
    progress: list[tuple[int, int]] = []
    recorder = await rebuilding.rebuild(
        plant.database, lambda done, total: progress.append((done, total))
    )
    assert await plant.contents() == before
    assert progress == [(9, 9)]
    assert (recorder.tally.frames, recorder.tally.readings) == (9, 6)


async def test_it_drops_nothing_while_a_judge_reads(plant: Plant) -> None:
    """Else a judge could find an emptied table behind a cursor that says "recorded"."""
    await plant.record(body(1))
    judge_at_work = await connect("judge")
    step = judge_at_work.transaction()
    await step.start()
    await judge_at_work.execute("SELECT pg_advisory_xact_lock($1)", judge.LOCK)
    rebuilder = await connect("rebuilder")
    rebuild = asyncio.create_task(rebuilding.rebuild(rebuilder, lambda _done, _total: None))
    waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = $1 AND NOT granted)"
    await until_true(plant, waiting, rebuilder.get_server_pid())
    assert len(await plant.rows()) == 1
    await step.rollback()
    assert (await rebuild).tally.readings == 1
    for connection_ in (judge_at_work, rebuilder):
        await connection_.close()


async def test_it_reads_what_was_enciphered_with_a_former_key(plant: Plant) -> None:
    """The key changed between the frame and its recording, and again before a rebuild."""
    keys = [bytes([n]) * 16 for n in (1, 2, 3)]
    administrator = await sync_to_async(make_user)(User.Role.ADMINISTRATOR)
    change = sync_to_async(update_logger)
    for second, key in enumerate(keys):
        await change(actor=administrator, logger=plant.logger, key=key.hex())
        await plant.send(plant.frame(body(second), key=key))
    await plant.catch_up()
    assert len(await plant.rows()) == 3
    before = await plant.contents()
    await change(actor=administrator, logger=plant.logger, key="")
    await rebuilding.rebuild(plant.database, lambda _done, _total: None)
    assert await plant.contents() == before


async def test_it_keeps_times_apart_that_a_stray_clock_sent(plant: Plant) -> None:
    """Dated 2099, again, in between, live, and after a restart: once each, as ever."""
    stray, between, live = (f"DataTime={year}0310113000;new-Rtd=1" for year in (2099, 2098, 2026))
    await plant.record(stray)
    await plant.record(live, between, stray)
    plant.recorder = plant.new_recorder()
    await plant.record(between, stray, live, body(1))
    assert len(await plant.rows()) == 4
    assert plant.recorder.duplicates == 3
    assert await plant.discrepancies() == []
