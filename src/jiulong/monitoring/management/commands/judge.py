"""`jiulong judge`: turn readings into findings, until stopped."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.monitoring import judge


class Command(BaseCommand):
    help = "Judge new readings by the rules and keep findings up to date, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="judge everything that is recorded, then end"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        if options["once"]:
            self._once()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("judge ready")
        self.stdout.flush()
        judge.run(stop)

    def _once(self) -> None:
        batches = findings = 0
        while (done := judge.step(timezone.now())) is not None:
            batches, findings = batches + done.batches, findings + done.findings
            if not done.behind:
                break
        text = _("judged %(batches)s batches, %(findings)s findings new or changed")
        self.stdout.write(text % {"batches": batches, "findings": findings})
