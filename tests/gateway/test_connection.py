"""Frames in, verdicts into the journal, acknowledgements out when they are safe."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import replace

import pytest

import hj212
from jiulong.gateway.journal import Verdict
from jiulong.gateway.limits import Limits
from tests.gateway.lines import (
    MN,
    NOON_US,
    OTHER,
    QN,
    MemoryJournal,
    data,
    gateway,
    registered,
    retry_at_once,
    said,
    until,
)

LATER = "20260310120000000"


async def test_it_acknowledges_only_what_is_durable() -> None:
    journal = MemoryJournal()
    journal.open.clear()
    async with gateway(journal, registered()) as house:
        logger = await house.call()
        await logger.send(data())
        await journal.asked.wait()
        for _ in range(20):  # time enough for an early answer to get here
            await asyncio.sleep(0)
        assert (bytes(logger.reader._buffer), journal.batches) == (b"", {})
        journal.open.set()
        assert await logger.answer() == ("9014", QN)
        (entry,) = journal.entries
        assert entry.raw == data()
        assert (entry.received_at_us, entry.verdict) == (NOON_US, Verdict.ACCEPTED)
        assert entry.peer.startswith("127.0.0.1:")


async def test_it_gathers_while_the_last_batch_is_written() -> None:
    journal = MemoryJournal()
    journal.open.clear()
    async with gateway(journal, registered()) as house:
        logger = await house.call()
        await logger.send(data())
        await journal.asked.wait()
        qns = [f"202603101200000{n:02d}" for n in range(20)]
        await logger.send(b"".join(data(qn=qn) for qn in qns))
        await until(lambda: len(house.gateway.intake.open.entries) == 20)
        journal.open.set()
        assert [await logger.answer() for _ in range(21)] == [("9014", qn) for qn in [QN, *qns]]
        assert [len(batch) for batch in journal.batches.values()] == [1, 20]


BROKEN = data()[:-6] + b"0000\r\n"


@pytest.mark.parametrize(
    ("sent", "verdict"),
    [
        (data(mn=OTHER), Verdict.UNKNOWN_MN),
        (data(pw="654321"), Verdict.WRONG_PASSWORD),
        (BROKEN, Verdict.BAD_CRC),
        (b"GET / HTTP/1.0\r\n\r\n", Verdict.UNPARSEABLE),
        (data(mn="off"), Verdict.INACTIVE),
        (data(mn="elsewhere"), Verdict.WRONG_ADDRESS),
        (data(mn="strict")[:-6] + b"%04X\r\n", Verdict.BAD_CRC),
    ],
)
async def test_it_keeps_and_does_not_answer_what_it_refuses(sent: bytes, verdict: Verdict) -> None:
    if sent.endswith(b"%04X\r\n"):
        sent = sent[:-6] + b"%04X\r\n" % modbus(sent[6:-6])
    journal = MemoryJournal()
    elsewhere = (ipaddress.ip_network("10.0.0.0/8"),)
    known = (
        registered(), registered("off", active=False), registered("elsewhere", networks=elsewhere),
        registered("strict", crc_mode="strict"),
    )  # fmt: skip
    async with gateway(journal, *known) as house:
        logger = await house.call()
        await logger.send(sent + data())
        assert await logger.answer() == ("9014", QN)  # of the good frame behind it, first
    assert [entry.verdict for entry in journal.entries] == [verdict, Verdict.ACCEPTED]
    assert b"".join(entry.raw for entry in journal.entries) == sent + data()


def modbus(segment: bytes) -> int:
    register = 0xFFFF
    for byte in segment:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ 0xA001 if register & 1 else register >> 1
    return register


async def test_it_takes_other_checksums_where_the_logger_may_have_them() -> None:
    journal = MemoryJournal()
    swapped = data()[:-6] + b"%04X\r\n" % modbus(data()[6:-6])
    async with gateway(journal, registered(), registered(OTHER, crc_mode="ignore")) as house:
        logger = await house.call()
        await logger.send(swapped)
        assert await logger.answer() == ("9014", QN)
        await logger.send(data(OTHER)[:-6] + b"0000\r\n")
        assert await logger.answer() == ("9014", QN)
    assert {entry.verdict for entry in journal.entries} == {Verdict.ACCEPTED}


async def test_it_takes_a_logger_from_its_own_network() -> None:
    journal = MemoryJournal()
    here = (ipaddress.ip_network("127.0.0.0/8"),)
    async with gateway(journal, registered(networks=here)) as house:
        logger = await house.call()
        await logger.send(data() + data(qn=LATER))
        assert [await logger.answer() for _ in "ab"] == [("9014", QN), ("9014", LATER)]


async def test_it_hears_several_loggers_on_one_connection() -> None:
    journal = MemoryJournal()
    async with gateway(journal, registered(), registered(OTHER, id=2, password="s")) as house:
        logger = await house.call()
        await logger.send(data() + data(OTHER, pw="s") + data(OTHER))
        assert (await logger.frame()).mn == MN
        assert (await logger.frame()).mn == OTHER
        (connection,) = house.gateway.connections
        assert house.gateway.sessions.speaker == {MN: connection, OTHER: connection}
    assert [entry.verdict for entry in journal.entries] == [0, 0, Verdict.WRONG_PASSWORD]


async def test_it_speaks_to_a_logger_where_it_last_spoke() -> None:
    async with gateway(MemoryJournal(), registered()) as house:
        first, second = await house.call(), await house.call()
        speaker = house.gateway.sessions.speaker
        await first.send(data())
        await first.answer()
        one = speaker[MN]
        await second.send(data())
        await second.answer()
        two = speaker[MN]
        await first.send(data())
        await first.answer()
        assert (speaker[MN], two) == (one, next(iter(house.gateway.connections - {one})))
        await first.close()
        await until(lambda: speaker[MN] is not one)
        assert speaker[MN] is two
        await second.close()
        await until(lambda: not speaker)


@pytest.mark.parametrize("cn", ["9011", "9012", "9013", "9014", "9022"])
async def test_it_never_acknowledges_an_acknowledgement(cn: str) -> None:
    journal = MemoryJournal()
    async with gateway(journal, registered()) as house:
        logger = await house.call()
        await logger.send(said(cn, flag=5) + data())
        assert await logger.answer() == ("9014", QN)
    assert [entry.verdict for entry in journal.entries] == [0, 0]


async def test_it_answers_in_the_form_and_kind_that_is_due() -> None:
    old = registered("88888880000001", profile=hj212.PROFILES["2005"])
    new = registered("new", profile=hj212.PROFILES["2025"])
    async with gateway(MemoryJournal(), registered(), old, new) as house:
        logger = await house.call()
        await logger.send(said("9021", flag=5))
        assert await logger.answer() == ("9022", QN)
        await logger.send(said("9015", mn="new", flag=9))
        assert (await logger.frame()).raw.count(b"CN=9013;PW=123456;MN=new;Flag=8;") == 1
        await logger.send(data(old.mn, profile="2005"))
        assert b"ST=91;CN=9014;CP=&&QN=20260310115900000;CN=2011" in (await logger.frame()).raw
        await logger.send(data(qn=LATER, ack=False) + data())
        assert await logger.answer() == ("9014", QN)  # and none for the one before


async def test_it_attributes_a_nameless_answer_to_who_spoke() -> None:
    journal = MemoryJournal()
    old = registered("88888880000001", profile=hj212.PROFILES["2005"])
    nameless = hj212.encode(cn="9013", st="91", cp=f"QN={QN}")
    async with gateway(journal, old) as house:
        logger = await house.call()
        await logger.send(nameless + data(old.mn, profile="2005") + nameless + data(old.mn))
        await logger.answer()
        await logger.answer()
    assert [entry.verdict for entry in journal.entries] == [Verdict.UNKNOWN_MN, 0, 0, 0]


async def test_it_judges_by_the_registry_as_it_is_now() -> None:
    journal = MemoryJournal()
    async with gateway(journal, registered()) as house:
        logger = await house.call()
        await logger.send(data())
        await logger.answer()
        house.gateway.registry.known[MN] = registered(active=False)
        await logger.send(data())
        await until(lambda: len(journal.entries) == 2)
        house.gateway.registry.known[MN] = registered(next_password="new")
        await logger.send(data(pw="new") + data(pw="old"))
        assert await logger.answer() == ("9014", QN)
    assert [entry.verdict for entry in journal.entries] == [
        0, Verdict.INACTIVE, 0, Verdict.WRONG_PASSWORD,
    ]  # fmt: skip


async def test_it_deciphers_with_the_loggers_key() -> None:
    journal = MemoryJournal()
    key = b"0" * 16
    profile = replace(hj212.PROFILES["2025"], keys=(key,))
    async with gateway(journal, registered(profile=profile, keys=(key,))) as house:
        logger = await house.call()
        await logger.send(data(profile=profile) + data(qn=LATER, profile="2025"))
        assert [await logger.answer() for _ in "ab"] == [("9014", QN), ("9014", LATER)]
    assert [entry.verdict for entry in journal.entries] == [0, 0]


async def test_it_appends_the_same_token_until_the_journal_takes_it() -> None:
    journal = MemoryJournal(trouble=[OSError("gone"), TimeoutError("slow")])
    async with gateway(journal, registered(), sleep=retry_at_once) as house:
        logger = await house.call()
        await logger.send(data())
        assert await logger.answer() == ("9014", QN)
    assert len(journal.tokens) == 3
    assert len(set(journal.tokens)) == len(journal.batches) == 1


async def test_it_holds_back_who_sends_faster_than_the_journal_writes() -> None:
    """A flood fills its own share and no more; a neighbour is still read and journaled next."""
    journal = MemoryJournal()
    journal.open.clear()
    limits = Limits()
    async with gateway(journal, registered(), registered(OTHER)) as house:
        listener = house.gateway._servers[0].sockets[0]
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        flood, quiet = await house.call(), await house.call()
        await flood.send(data())
        await journal.asked.wait()
        flood.writer.transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_SNDBUF, 4096
        )
        count = 400_000 // len(data())  # more than the socket buffers between us hold
        sending = asyncio.ensure_future(flood.send(b"".join([data()] * count)))
        (speaker,) = [c for c in house.gateway.connections if c.loggers]
        await until(lambda: speaker._paused)
        await quiet.send(data(OTHER, qn=LATER))
        await until(lambda: len(house.gateway.sessions) == 2)
        waiting = house.gateway.intake.open.entries
        assert sum(len(entry.raw) for entry in waiting[:-1]) <= limits.connection_bytes
        assert waiting[-1].raw == data(OTHER, qn=LATER)
        assert not sending.done()
        journal.open.set()
        assert await quiet.answer() == ("9014", LATER)
        for _ in range(count + 1):
            await flood.reader.readuntil(b"\r\n")
        await sending
    assert len(journal.entries) == count + 2


async def test_it_stops_reading_everyone_when_too_much_waits() -> None:
    journal = MemoryJournal()
    journal.open.clear()
    async with gateway(journal, registered(), limits=Limits(waiting_frames=3)) as house:
        loggers = [await house.call() for _ in range(4)]
        for logger in loggers:
            await logger.send(data())
        await until(lambda: len(house.gateway.sessions) == 1 and house.gateway.intake.full)
        await loggers[0].send(data(qn=LATER))
        journal.open.set()
        assert [await logger.answer() for logger in loggers] == [("9014", QN)] * 4
        assert await loggers[0].answer() == ("9014", LATER)


async def test_it_stops_reading_who_reads_no_acknowledgements() -> None:
    async with gateway(MemoryJournal(), registered(), limits=Limits(unread_bytes=1)) as house:
        logger = await house.call()
        await logger.send(data())
        await logger.answer()
        (connection,) = house.gateway.connections
        connection.pause_writing()
        assert connection._paused
        house.clock.seconds = 10_000.0
        house.gateway.sweep()
        assert await logger.end() == b""


async def test_it_cuts_strangers_and_the_silent() -> None:
    async with gateway(MemoryJournal(), registered(interval_s=600)) as house:
        stranger, known = await house.call(), await house.call()
        await stranger.send(data("nobody"))
        await known.send(data())
        await known.answer()
        house.clock.seconds = 119.0
        house.gateway.sweep()
        assert len(house.gateway.connections) == 2
        house.clock.seconds = 120.0
        house.gateway.sweep()
        assert await stranger.end() == b""
        house.clock.seconds = 2999.0
        house.gateway.sweep()
        assert len(house.gateway.connections) == 1
        house.clock.seconds = 3000.0
        house.gateway.sweep()
        assert await known.end() == b""


async def test_it_does_not_cut_whom_it_holds_back_itself() -> None:
    journal = MemoryJournal()
    journal.open.clear()
    async with gateway(journal, registered(), limits=Limits(waiting_frames=1)) as house:
        logger = await house.call()
        await logger.send(data())
        await journal.asked.wait()
        house.clock.seconds = 10_000.0
        house.gateway.sweep()
        journal.open.set()
        assert await logger.answer() == ("9014", QN)


async def test_it_cuts_who_sends_nothing_acceptable() -> None:
    journal = MemoryJournal()
    async with gateway(journal, limits=Limits(refused_bytes=1000)) as house:
        logger = await house.call()
        await logger.send(data("nobody") * 8)
        assert await logger.end() == b""
    assert len(journal.entries) == 8


async def test_it_settles_a_frame_whose_line_end_never_came() -> None:
    journal = MemoryJournal()
    async with gateway(journal, registered()) as house:
        logger = await house.call()
        await logger.send(data() + data(qn=LATER)[:-2])
        assert await logger.answer() == ("9014", QN)
        house.clock.seconds = 1.0
        house.gateway.sweep()
        assert await logger.answer() == ("9014", LATER)


async def test_it_keeps_nothing_of_a_keep_alive() -> None:
    journal = MemoryJournal()
    async with gateway(journal, registered()) as house:
        logger = await house.call()
        await logger.send(b"\r\n\r\n" + data())
        assert await logger.answer() == ("9014", QN)
        (connection,) = house.gateway.connections
        assert connection._unjournaled == 0


async def test_it_acknowledges_who_has_closed_its_half() -> None:
    journal = MemoryJournal()
    journal.open.clear()
    async with gateway(journal, registered()) as house:
        logger = await house.call()
        await logger.send(data() + b"##0100QN=")
        logger.writer.write_eof()
        await journal.asked.wait()
        journal.open.set()
        assert await logger.answer() == ("9014", QN)
        assert await logger.end() == b""
    assert [entry.verdict for entry in journal.entries] == [0, Verdict.UNPARSEABLE]


async def test_it_keeps_what_came_before_a_connection_was_lost() -> None:
    journal = MemoryJournal()
    journal.open.clear()
    async with gateway(journal, registered()) as house:
        logger = await house.call()
        await logger.send(data())
        await journal.asked.wait()
        await logger.send(data(qn=LATER))
        logger.writer.transport.abort()
        journal.open.set()
        await until(lambda: len(journal.entries) == 2)
    assert [entry.raw for entry in journal.entries] == [data(), data(qn=LATER)]
