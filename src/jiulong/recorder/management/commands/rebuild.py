"""`jiulong rebuild`: drops the readings and makes them again from the journal."""

from __future__ import annotations

import time
from typing import Any, Final

import uvloop
from django.core.management.base import BaseCommand

from jiulong.recorder import rebuilding, working

#: Seconds between two lines of progress.
PROGRESS_S: Final = 2.0


class Command(BaseCommand):
    help = "Drop readings, discrepancies and messages and make them again from the journal."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        working.tune()
        uvloop.run(self.main())

    async def main(self) -> None:
        started = told = time.monotonic()

        def progress(frames: int, total: int) -> None:
            nonlocal told
            if time.monotonic() - told >= PROGRESS_S:
                told = time.monotonic()
                self.say(f"{frames} of {total} frames")

        async with working.sole_connection("jiulong rebuild", self.say) as connection:
            recorder = await rebuilding.rebuild(connection, progress)
        seconds = time.monotonic() - started
        tally = recorder.tally
        self.say(
            f"{tally.frames} frames read again in {seconds:.1f} s: {tally.readings} readings, "
            f"{recorder.duplicates} of them repeats, {tally.messages} messages"
        )

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
