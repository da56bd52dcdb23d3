"""Monthly partitions: ahead of time, on demand, and after the fact."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, date, datetime

import asyncpg
import pytest

from jiulong.gateway.database import connect
from jiulong.recorder.partitions import make_partitions
from tests.recorder.plant import NOW, Plant

FRAME = "DataTime={};w01018-Rtd=1"


@pytest.mark.django_db
def test_it_makes_this_month_and_the_next_two_once() -> None:
    assert make_partitions(datetime(2031, 11, 30, 23, 59, tzinfo=UTC)) == 3
    assert make_partitions(datetime(2031, 12, 1, tzinfo=UTC)) == 1
    assert make_partitions(datetime(2031, 12, 1, tzinfo=UTC)) == 0


async def test_it_moves_strays_in_when_their_month_gets_a_partition(plant: Plant) -> None:
    await plant.record(FRAME.format("20400501075959"), FRAME.format("20400501080000"))
    await plant.record(FRAME.format("20400601075959"), FRAME.format("20400601080000"))
    before = await plant.rows()
    for month in (date(2040, 5, 1), date(2040, 5, 17)):
        await plant.database.execute("SELECT ensure_reading_partition($1)", month)
    places = [row[0] for row in await plant.rows("tableoid::regclass::text")]
    assert places == ["reading_stray", "reading_2040_05", "reading_2040_05", "reading_stray"]
    assert await plant.rows() == before
    await plant.database.execute("DROP TABLE reading_2040_05")


async def test_it_lets_two_make_the_same_month(plant: Plant) -> None:
    others = [await connect("other") for _ in range(4)]
    made = await asyncio.gather(
        *(c.fetchval("SELECT ensure_reading_partition($1)", date(2041, 3, 1)) for c in others)
    )
    assert sorted(made) == [False, False, False, True]
    for other in others:
        await other.close()
    await plant.database.execute("DROP TABLE reading_2041_03")


async def test_it_does_not_get_stuck_with_a_keeper(plant: Plant) -> None:
    """Partitions are made while the recorder records: neither waits for the other for good."""
    keeper = await connect("keeper")

    async def keep() -> None:
        for month in range(1, 13):
            await keeper.execute("SELECT ensure_reading_partition($1)", date(2042, month, 1))

    async def record() -> None:
        for month in range(1, 13):
            await plant.send(plant.frame(FRAME.format(f"2042{month:02}10120000")))
            # A stray whose partition is attached between its routing and its writing is refused;
            # the step is rolled back and done again, as the worker does.
            with contextlib.suppress(asyncpg.CheckViolationError):
                await plant.catch_up()
            await plant.catch_up()

    await asyncio.wait_for(asyncio.gather(keep(), record()), 30)
    assert len(await plant.rows()) == 12
    await keeper.execute("TRUNCATE reading")
    for month in range(1, 13):
        await keeper.execute(f"DROP TABLE reading_2042_{month:02}")
    await keeper.close()


async def test_it_knows_a_month_that_came_near(plant: Plant) -> None:
    """What is too far ahead today has its partition when its time comes."""
    moments = [int(datetime(2043, 7, 5, tzinfo=UTC).timestamp()) * 1_000_000]
    months = plant.recorder._months
    for now, made in ((NOW, False), (datetime(2043, 6, 30, tzinfo=UTC), True)):
        await months.ensure(plant.database, moments, now)
        found = await plant.database.fetchval("SELECT to_regclass('reading_2043_07') IS NOT NULL")
        assert found is made
    await plant.database.execute("DROP TABLE reading_2043_07")
