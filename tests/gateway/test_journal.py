"""The journal: one format for good, durable once, in order."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from hj212.crc import crc_text
from jiulong.gateway import journal
from jiulong.gateway.journal import (
    DamagedBatchError,
    Entry,
    NoSuchEntryError,
    PostgresJournal,
    Verdict,
)

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
NOON_US = int(NOON.timestamp()) * 1_000_000

entry = st.builds(
    Entry,
    received_at_us=st.integers(0, 2**60),
    verdict=st.sampled_from([verdict.value for verdict in Verdict]),
    peer=st.text(max_size=60).filter(lambda text: text.isprintable()),
    raw=st.binary(max_size=400),
)


@given(st.lists(entry, max_size=40))
def test_it_gives_back_what_was_packed(entries: list[Entry]) -> None:
    assert journal.unpack(journal.pack(entries)) == entries


@given(st.lists(entry, min_size=1, max_size=5), st.data())
def test_it_never_takes_a_damaged_body_for_another(
    entries: list[Entry], data: st.DataObject
) -> None:
    body = bytearray(journal.pack(entries))
    body[data.draw(st.integers(0, len(body) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with contextlib.suppress(DamagedBatchError):
        assert journal.unpack(bytes(body)) == entries  # a bit that zstd does not use


@given(st.binary(max_size=80))
def test_it_refuses_any_other_bytes_by_name(body: bytes) -> None:
    with pytest.raises(DamagedBatchError):
        journal.unpack(body)


def test_it_says_where_a_body_breaks() -> None:
    good = journal.pack([Entry(NOON_US, 0, "10.0.0.1:4000", b"##0000")])

    def broken(content: bytes) -> bytes:
        return good[:4] + journal._codec.compressor.compress(content)

    content = journal._codec.decompressor.decompress(good[4:])
    cases = {
        b"PK\x03\x04": "starts with b'PK\\x03'",
        b"JLJ\x02": "byte 3: format version 02",
        good[:-3]: "byte 4 and on",
        broken(content[:7]): "ends at byte 7, inside its header",
        broken(content[:17]): "peer 0 of 1: content ends at byte 17",
        broken(content[:40]): "columns of 1 entries need bytes 31 to 48",
        broken(content[:-1]): "frames should end at byte 54, content at 53",
        broken(content[:32] + b"\x09" + content[33:]): "entry 0 names peer 9 of 1",
        broken(content[:18] + b"\xff" + content[19:]): "peer 0 at byte 18 is not UTF-8",
        good + b"more": "byte 4 and on",
    }
    for body, words in cases.items():
        with pytest.raises(DamagedBatchError) as error:
            journal.unpack(body)
        assert words in str(error.value)


def fleet(count: int) -> list[Entry]:
    """Frames of 8 factors from 100 loggers, as they stand in a minute of the journal."""
    codes = ["w00000", "w01001", "w01010", "w01018", "w21003", "w21001", "w21011", "w01012"]
    entries = []
    for n in range(count):
        logger, minute = n % 100, n // 100
        body = ";".join(
            f"{code}-Rtd={20 + place + (n * 7919 + place * 31) % 97 / 10:.1f},{code}-Flag=N"
            for place, code in enumerate(codes)
        )
        stamp = f"2026112012{minute:02}00"
        segment = (
            f"QN={stamp}{n % 1000:03};ST=32;CN=2011;PW=123456;MN=010000A8900016F000{logger:06};"
            f"Flag=5;CP=&&DataTime={stamp};{body}&&"
        ).encode()
        raw = b"##%04d%s%s\r\n" % (len(segment), segment, crc_text(segment))
        entries.append(Entry(NOON_US + n // 20 * 900, 0, f"10.1.0.{logger}:50{logger:03}", raw))
    return entries


def test_it_packs_a_thousand_similar_frames_into_thirty_bytes_each() -> None:
    entries = fleet(1000)
    assert sum(len(entry.raw) for entry in entries) > 340_000
    assert len(journal.pack(entries)) <= 30_000


def test_it_refuses_a_batch_that_nobody_could_read_back() -> None:
    with pytest.raises(ValueError, match="is over"):
        journal.pack([Entry(0, 0, "", bytes(journal.CONTENT_BYTES_MAX))])


@given(entry, entry)
def test_it_gives_every_entry_a_leaf_of_its_own(one: Entry, other: Entry) -> None:
    assert (journal.leaf(one) == journal.leaf(other)) == (one == other)


def test_it_keeps_the_canonical_bytes_of_a_leaf_for_good() -> None:
    leaf = journal.leaf(Entry(1, 2, "a:1", b"##")).hex(" ", -1)
    assert leaf == "00 00 00 00 00 00 00 01 02 00 03 61 3a 31 00 00 00 02 23 23"


def test_it_knows_its_times_and_reasons() -> None:
    assert Entry(NOON_US + 5, 0, "", b"").received_at == NOON.replace(microsecond=5)
    assert Verdict.BAD_CRC.reason == "bad_crc"
    assert all(Verdict.of_reason(verdict.reason) is verdict for verdict in Verdict)
    assert Verdict.ACCEPTED == 0


@pytest.fixture
async def pool(transactional_db: None) -> AsyncIterator[asyncpg.Pool]:
    at = connection.settings_dict
    async with asyncpg.create_pool(
        host=at["HOST"], user=at["USER"] or None, database=at["NAME"], min_size=1, max_size=8
    ) as pool:
        yield pool


async def append(journal_: PostgresJournal, node: str, token: uuid.UUID | None = None) -> int:
    body = journal.pack([Entry(NOON_US, 0, node, b"##")])
    return await journal_.append(
        token=token or uuid.uuid4(), received_at=NOON, node=node, frames=1, body=body
    )


async def test_it_appends_a_token_once(pool: asyncpg.Pool) -> None:
    token = uuid.uuid4()
    kept = PostgresJournal(pool)
    first = await append(kept, "a", token)
    assert await append(kept, "a", token) == first
    assert [batch.id for batch in await kept.read(after=first - 1, limit=9)] == [first]


async def test_it_shows_ids_in_commit_order_under_concurrent_appenders(pool: asyncpg.Pool) -> None:
    kept = PostgresJournal(pool)
    start = await append(kept, "start")
    running = True

    async def watch() -> list[int]:
        seen = [start]
        while running or seen[-1] < last[0]:
            seen += [batch.id for batch in await kept.read(after=seen[-1], limit=7)]
        return seen

    last = [0]
    watcher = asyncio.create_task(watch())
    rounds = [
        await asyncio.gather(*(append(kept, f"node {n}") for n in range(6))) for _ in range(15)
    ]
    last[0] = max(map(max, rounds))
    running = False
    assert await watcher == [start, *sorted(number for ids in rounds for number in ids)]


async def test_it_reads_within_its_limits_but_at_least_one(pool: asyncpg.Pool) -> None:
    kept = PostgresJournal(pool)
    ids = [await append(kept, "x") for _ in range(4)]
    after = ids[0] - 1
    assert [b.id for b in await kept.read(after=after, limit=3)] == ids[:3]
    assert [b.id for b in await kept.read(after=after, limit=9, max_frames=2)] == ids[:2]
    assert [b.id for b in await kept.read(after=after, limit=9, max_bytes=1)] == ids[:1]
    assert await kept.read(after=ids[-1], limit=9) == []


async def test_it_is_append_only(pool: asyncpg.Pool) -> None:
    for statement in ("UPDATE journal SET frames = 0", "DELETE FROM journal", "TRUNCATE journal"):
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await pool.execute(statement)


@pytest.mark.django_db
def test_it_finds_the_frame_behind_a_value() -> None:
    entries = fleet(3)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT journal_append(%s, %s, 'test', 3, %s)",
            [uuid.uuid4(), NOON, journal.pack(entries)],
        )
        batch = cursor.fetchone()[0]
        cursor.execute("SELECT journal_append(%s, %s, 'test', 3, 'JLJ?')", [uuid.uuid4(), NOON])
        damaged = cursor.fetchone()[0]
    assert journal.entries(batch) == entries
    assert journal.read_entry(batch, 2) == entries[2]
    with pytest.raises(NoSuchEntryError, match=f"batch {batch} has 3 frames, no number 3"):
        journal.read_entry(batch, 3)
    with pytest.raises(NoSuchEntryError, match="no batch -1"):
        journal.read_entry(-1, 0)
    with pytest.raises(DamagedBatchError, match=f"batch {damaged}: byte 3"):
        journal.read_entry(damaged, 0)
