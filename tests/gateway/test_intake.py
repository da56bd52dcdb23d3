"""Batches close in time, and one connection's fault stays its own."""

from __future__ import annotations

import asyncio

import pytest

from jiulong.gateway import intake as intakes
from jiulong.gateway.conversations import Conversations
from jiulong.gateway.intake import Intake, Share
from jiulong.gateway.journal import Entry
from tests.gateway.lines import (
    MN,
    NOON_US,
    MemoryJournal,
    data,
    gateway,
    registered,
    said,
    until,
)


class Told:
    """A connection that counts what it is told, or fails at it."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.trouble, self.times = trouble, 0

    def journaled(self, share: Share) -> None:  # noqa: ARG002 - the protocol's
        self.times += 1
        if self.trouble is not None:
            raise self.trouble


async def test_it_acknowledges_the_others_when_one_cannot_be_told() -> None:
    intake = Intake(MemoryJournal(), node="test")
    first, second, third = Told(), Told(ZeroDivisionError("a fault")), Told()
    working = asyncio.ensure_future(intake.run())
    for _ in range(2):
        intake.open.entries.append(Entry(NOON_US, 0, "peer", b"frame"))
        intake.open.shares.extend(Share(sender) for sender in (first, second, third))
        intake.arrived()
        async with asyncio.timeout(10):
            await intake.drained()
    working.cancel()
    assert (first.times, second.times, third.times) == (2, 2, 2)


async def test_it_closes_a_batch_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intakes, "BATCH_BYTES_MAX", 2 * len(data()))
    journal = MemoryJournal()
    journal.open.clear()
    async with gateway(journal, registered()) as house:
        for number in range(5):
            logger = await house.call()
            await logger.send(data(qn=f"2026031011590000{number}"))
            await until(lambda n=number: _waiting(house.gateway.intake) == n + 1)
        journal.open.set()
        for logger in house.loggers:
            await logger.answer()
    # The first went alone, as nothing was under way; then two at a time.
    assert [len(batch) for batch in journal.batches.values()] == [1, 2, 2]


def _waiting(intake: Intake) -> int:
    return intake._unopened + len(intake.open.entries)


@pytest.mark.parametrize("leaves", [False, True], ids=["stays", "leaves"])
async def test_it_tells_dialogues_only_what_is_durable(
    monkeypatch: pytest.MonkeyPatch, leaves: bool
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(Conversations, "hear", lambda _self, frame, _logger: heard.append(frame.cn))
    journal = MemoryJournal()
    journal.open.clear()
    async with gateway(journal, registered()) as house:
        house.gateway.attentive.add(MN)
        logger = await house.call()
        await logger.send(said("9012", cp="ExeRtn=1"))
        await journal.asked.wait()
        if leaves:
            (line,) = house.gateway.connections
            assert line.transport is not None
            line.transport.abort()
            await until(lambda: not house.gateway.connections)
        assert heard == []
        journal.open.set()
        await until(lambda: heard == ["9012"])
