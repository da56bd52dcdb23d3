"""`jiulong simulate`: a fleet of data loggers that dial a gateway."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from jiulong.demo.actions import load_district
from jiulong.demo.district import district
from jiulong.organisation.models import User
from jiulong.organisation.rules import may
from jiulong.simulator.fleet import Fleet, SpeedClock
from jiulong.simulator.scenario import Scenario, ScenarioError, load_scenario

#: A fast fleet needs a past to hurry through; then it goes on live.
BACK_HOURS = 24.0


class Command(BaseCommand):
    help = "Simulate data loggers of the demo district, over real sockets."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loggers", type=int, default=120)
        parser.add_argument("--speed", type=float, default=1.0, help="simulated by real seconds")
        parser.add_argument(
            "--back", type=float, metavar="HOURS",
            help="begin so many hours ago; 0 at speed 1, else 24; the fleet never overtakes now",
        )  # fmt: skip
        parser.add_argument("--scenario", type=Path, help="what goes wrong, YAML")
        parser.add_argument("--host", default="127.0.0.1", help="the gateway's address")
        parser.add_argument("--port", type=int, default=settings.GATEWAY_PORT)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--for", dest="seconds", type=float, help="end after so many seconds")
        parser.add_argument(
            "--register", action="store_true",
            help="first enter the demo district and its loggers in this database",
        )  # fmt: skip

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["loggers"] < 1 or options["speed"] <= 0:
            raise CommandError(_("a fleet needs at least one logger and a speed above 0"))
        try:
            path = options["scenario"]
            scenario = load_scenario(path) if path else Scenario()
        except (ScenarioError, OSError) as error:
            raise CommandError(str(error)) from error
        back = options["back"]
        if back is None:
            back = 0.0 if options["speed"] == 1 else BACK_HOURS
        start = time.time() - back * 3600
        if options["register"]:
            self._register(options, datetime.fromtimestamp(start, UTC))
        whole = district(options["seed"]).enlarged(options["loggers"], options["seed"])
        fleet = Fleet(
            whole.specs(options["loggers"]), host=options["host"], port=options["port"],
            clock=SpeedClock(start=start, speed=options["speed"]), since=start,
            scenario=scenario, seed=options["seed"],
        )  # fmt: skip
        asyncio.run(self._live(fleet, options["seconds"]))

    def _register(self, options: dict[str, Any], since: datetime) -> None:
        users = User.objects.filter(is_active=True).order_by("pk")
        actor = next((user for user in users if may(user, "edit_logger")), None)
        if actor is None:
            raise CommandError(_("no account may register loggers; make an administrator first"))
        load_district(
            actor=actor, now=datetime.now(UTC), since=since, count=options["loggers"],
            seed=options["seed"],
        )  # fmt: skip

    async def _live(self, fleet: Fleet, seconds: float | None) -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        running = asyncio.create_task(fleet.run())
        self.stdout.write(_("%(count)d loggers are live.") % {"count": len(fleet.lines)})
        self.stdout.flush()
        try:
            async with asyncio.timeout(seconds):
                await stop.wait()
        except TimeoutError:
            pass
        finally:
            fleet.stop()
            await running
        ledger = fleet.ledger
        self.stdout.write(
            json.dumps(
                {
                    "made": ledger.made,
                    "acked": len(ledger.acked),
                    "waiting": fleet.waiting,
                    "sent": ledger.sent,
                    "resent": ledger.resent,
                    "dirty": ledger.dirty,
                    "commands": ledger.commands,
                    "connects": ledger.connects,
                }
            )
        )
