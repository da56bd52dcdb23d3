"""`jiulong recorder`: turns the journal into readings, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from typing import Any

import uvloop
from django.core.management.base import BaseCommand

from jiulong.recorder import working


class Command(BaseCommand):
    help = "Turn the journal into readings, exactly once. A second recorder waits for the first."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        working.tune()
        uvloop.run(self.main())

    async def main(self) -> None:
        task = asyncio.create_task(working.work(self.say))
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await task

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
