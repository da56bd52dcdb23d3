"""Group commit: frames gather while the batch before them is made durable, then it is their turn.

No timer: an idle gateway commits a lone frame at once, a busy one commits as many as came during
the last commit. Acknowledgements are given out when, and only when, `Journal.append` returned.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final, Protocol
from uuid import UUID, uuid4

import asyncpg

from jiulong.gateway.journal import BATCH_FRAMES_MAX, Entry, Journal, pack
from jiulong.gateway.limits import DEFAULT, Limits

log = logging.getLogger(__name__)

#: Bytes after which a batch is closed, far below what `pack` takes (64 MB).
BATCH_BYTES_MAX: Final = 8 * 1024 * 1024
#: What an unreachable or failing journal raises. None of it may lose a frame: all are tried again.
JOURNAL_TROUBLE: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server's farewell came while we were speaking
)


class Sender(Protocol):
    """A connection, as the intake sees it."""

    def journaled(self, share: Share) -> None:
        """What came from here in one batch is durable: acknowledge it, and read on."""


class Share:
    """What one connection has in one batch."""

    __slots__ = ("acks", "afterwards", "received", "sender")

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self.acks: list[bytes] = []
        self.afterwards: list[Callable[[], None]] = []  # what may follow the acknowledgements
        self.received = 0  # bytes


class Batch:
    """Frames that become durable together."""

    __slots__ = ("entries", "received", "shares", "token")

    def __init__(self) -> None:
        self.token: UUID = uuid4()
        self.entries: list[Entry] = []
        self.shares: list[Share] = []
        self.received = 0  # bytes


class Intake:
    """Between the connections and the journal."""

    def __init__(
        self,
        journal: Journal,
        *,
        node: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        limits: Limits = DEFAULT,
    ) -> None:
        self.open = Batch()  # what arrives goes here; connections append to it directly
        self._journal = journal
        self._node = node
        self._now = now
        self._sleep = sleep
        self._limits = limits
        self._ready: deque[Batch] = deque()
        self._unopened = 0  # frames in `_ready` and in the batch being appended
        self._wake = asyncio.Event()
        self._stalled: deque[Callable[[], None]] = deque()
        self._drained = asyncio.Event()
        self._drained.set()
        self.batches = 0
        self.frames = 0

    @property
    def full(self) -> bool:
        """Whether connections should stop reading until the journal has caught up."""
        return self._unopened + len(self.open.entries) >= self._limits.waiting_frames

    def arrived(self) -> None:
        """`open` may have got entries."""
        if not self.open.entries:
            return
        if len(self.open.entries) >= BATCH_FRAMES_MAX or self.open.received >= BATCH_BYTES_MAX:
            self._turn()
        if not self._wake.is_set():
            self._wake.set()
            self._drained.clear()

    def stall(self, resume: Callable[[], None]) -> None:
        """Have `resume` called when there is room again: first come, first served."""
        self._stalled.append(resume)

    async def drained(self) -> None:
        """Wait until everything that arrived is durable and its senders were told."""
        await self._drained.wait()

    async def run(self) -> None:
        """Commit batch after batch, for good."""
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            if not self._ready:
                self._turn()
            batch = self._ready.popleft()
            await self._append(batch)
            self.batches += 1
            self.frames += len(batch.entries)
            # Given out by the loop in a moment: the next batch is on its way to the disk first.
            loop.call_soon(self._give_out, batch)
            if not self._ready and not self.open.entries:
                self._wake.clear()

    def _turn(self) -> None:
        """Close the open batch."""
        self._ready.append(self.open)
        self._unopened += len(self.open.entries)
        self.open = Batch()

    async def _append(self, batch: Batch) -> None:
        """Make a batch durable, however long it takes; the same token on every attempt."""
        body, wait = pack(batch.entries), self._limits.retry_s_first
        received_at = self._now()
        while True:
            try:
                async with asyncio.timeout(self._limits.append_s):
                    await self._journal.append(
                        token=batch.token, received_at=received_at, node=self._node,
                        frames=len(batch.entries), body=body,
                    )  # fmt: skip
            except JOURNAL_TROUBLE as error:
                log.warning(
                    "journal unavailable, %d frames wait, again in %.2f s: %s: %s",
                    self._unopened + len(self.open.entries), wait, type(error).__name__, error,
                )  # fmt: skip
            else:
                return
            await self._sleep(wait)
            wait = min(wait * 2, self._limits.retry_s_last)

    def _give_out(self, batch: Batch) -> None:
        self._unopened -= len(batch.entries)
        for share in batch.shares:
            try:
                share.sender.journaled(share)
            except Exception:
                # A fault with one connection must not cost the others their acknowledgements.
                log.exception("a connection could not be told that its frames are durable")
        self._resume()
        if not self._wake.is_set():
            self._drained.set()

    def _resume(self) -> None:
        """Let stalled connections read again, as many as there is room for a typical read of."""
        waiting = self._unopened + len(self.open.entries)
        room = (self._limits.waiting_frames - waiting) // TYPICAL_FRAMES_A_READ
        while self._stalled and (room > 0 or waiting == 0):
            self._stalled.popleft()()
            room -= 1
            waiting += 1


#: A full read of 16 KiB holds some forty real-time frames of eight factors.
TYPICAL_FRAMES_A_READ: Final = 40
