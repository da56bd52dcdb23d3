"""`jiulong keeper`: seals the hours that are over, makes partitions ahead, keeps house."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence import chores
from jiulong.evidence.keeper import Keeper, run


class Command(BaseCommand):
    help = "Seal the hours that are over and do the other housekeeping, until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due and end")

    def handle(self, *_args: Any, **options: Any) -> None:
        stop = threading.Event()

        def end(_number: int, _frame: FrameType | None) -> None:
            stop.set()
            raise SystemExit(0)  # out of whatever it is doing: every chore may be cut off anywhere

        once = bool(options["once"])
        if not once:
            signal.signal(signal.SIGTERM, end)
            signal.signal(signal.SIGINT, end)
        known = chores.registered()
        names = ", ".join(chore.name for chore in known)
        self.stdout.write(_("keeper ready: %(chores)s") % {"chores": names})
        self.stdout.flush()
        run(
            Keeper(known),
            clock=timezone.now,
            wait=lambda seconds: (once and seconds > 0) or stop.wait(seconds),
        )
