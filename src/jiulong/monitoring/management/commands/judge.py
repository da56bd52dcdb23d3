"""`jiulong judge`: turn readings into findings, until stopped."""

from __future__ import annotations

import signal
import threading
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.monitoring import judge, replaying


class Command(BaseCommand):
    help = "Judge new readings by the rules and keep findings up to date, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="judge everything that is recorded, then end"
        )

        parser.add_argument(
            "--since", type=date.fromisoformat, metavar="DATE",
            help="judge everything since this (local) day again, and write what differs",
        )  # fmt: skip
        parser.add_argument(
            "--dry-run", action="store_true", help="with --since: print what differs, write nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        if options["dry_run"] and options["since"] is None:
            raise CommandError(_("--dry-run goes with --since."))
        if options["since"] is not None:
            self._again(options["since"], dry_run=options["dry_run"])
            return
        if options["once"]:
            self._once()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("judge ready")
        self.stdout.flush()
        judge.run(stop)

    def _again(self, since: date, *, dry_run: bool) -> None:
        start = timezone.make_aware(
            datetime.combine(since, time.min), timezone.get_default_timezone()
        )
        found = replaying.replay(start, now=timezone.now(), dry_run=dry_run)
        for one in found:
            finding = one.finding
            where = f"{finding.point.code} {finding.factor.code if finding.factor else '-'}"
            at = timezone.localtime(finding.started_at)
            self.stdout.write(f"{one.kind} {finding.rule} {where} {at:%Y-%m-%d %H:%M}")
            for name, value in (one.after or {}).items():
                was = (one.before or {}).get(name)
                if one.kind == "changed" and was != value:
                    self.stdout.write(f"    {name}: {was} → {value}")
        text = _("%(count)s differences") if dry_run else _("%(count)s differences written")
        self.stdout.write(text % {"count": len(found)})

    def _once(self) -> None:
        batches = findings = 0
        while (done := judge.step(timezone.now())) is not None:
            batches, findings = batches + done.batches, findings + done.findings
            if not done.behind:
                break
        text = _("judged %(batches)s batches, %(findings)s findings new or changed")
        self.stdout.write(text % {"batches": batches, "findings": findings})
