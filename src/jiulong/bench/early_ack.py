"""A gateway that acknowledges before the journal is durable: `python -m jiulong.bench.early_ack`.

It exists to show that `jiulong bench kill` notices. Nothing else starts it, and the real gateway
has no switch that could make it behave so.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from datetime import datetime
from typing import Any, Final
from uuid import UUID

#: How long a batch is only in memory after its frames were acknowledged.
HELD_BACK_S: Final = 0.25


class HastyJournal:
    """Says yes at once and writes later: what must never be done."""

    def __init__(self, journal: Any) -> None:
        self._journal = journal
        self._waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._writer: asyncio.Task[None] | None = None

    async def append(
        self, *, token: UUID, received_at: datetime, node: str, frames: int, body: bytes
    ) -> int:
        if self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(self._write())
        self._waiting.put_nowait(
            {
                "token": token,
                "received_at": received_at,
                "node": node,
                "frames": frames,
                "body": body,
            }
        )
        await asyncio.sleep(0.002)
        return 0

    async def read(self, **limits: Any) -> Any:
        return await self._journal.read(**limits)

    async def _write(self) -> None:
        while True:
            batch = await self._waiting.get()
            await asyncio.sleep(HELD_BACK_S)
            batches = [batch]
            while not self._waiting.empty():
                batches.append(self._waiting.get_nowait())
            for late in batches:
                await self._append(late)

    async def _append(self, batch: dict[str, Any]) -> None:
        while True:
            try:
                await self._journal.append(**batch)
            except Exception:  # noqa: BLE001 - the database is being killed: try until it is back
                await asyncio.sleep(0.1)
            else:
                return


async def serve(host: str, port: int) -> None:
    from jiulong.gateway.database import PatientJournal  # noqa: PLC0415 - after django.setup()
    from jiulong.gateway.server import Gateway  # noqa: PLC0415

    gateway = Gateway(HastyJournal(PatientJournal()), node="hasty")
    await gateway.start()
    bound = await gateway.serve(host, port)
    print(f"gateway listening on {host}:{bound}", flush=True)  # noqa: T201 - as the real one says it
    await asyncio.Event().wait()


def main() -> None:
    import django  # noqa: PLC0415

    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiulong.settings")
    django.setup()
    asyncio.run(serve(options.host, options.port))


if __name__ == "__main__":
    main()
