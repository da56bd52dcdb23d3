"""`jiulong demo`: the whole system with a past and a live fleet, in a throw-away directory."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from jiulong.demo.director import Demo, Plan
from jiulong.demo.house import present
from jiulong.demo.supervisor import NotReadyError
from jiulong.simulator.scenario import ScenarioError, load_scenario


class Command(BaseCommand):
    help = "Show everything: a database of its own, 30 days of history, 120 live loggers."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=0, help="of the web pages; 0: a free one")
        parser.add_argument("--gateway-port", type=int, default=0, help="0: a free one")
        parser.add_argument(
            "--for", dest="seconds", type=float, metavar="SECONDS",
            help="end after so many live seconds and print what became of every frame, as JSON",
        )  # fmt: skip
        parser.add_argument("--loggers", type=int, default=120, help="live loggers")
        parser.add_argument("--days", type=float, default=30.0, help="days of history")
        parser.add_argument("--seed", type=int, default=1, help="another past, another luck")
        parser.add_argument("--scenario", type=Path, help="what goes wrong, YAML")

    def handle(self, *_args: Any, **options: Any) -> None:
        house = present()
        if house is None:
            raise CommandError(_("start the demo with the command `jiulong demo`"))
        if options["loggers"] < 1 or options["days"] < 0:
            raise CommandError(_("a demo needs at least one logger, and no negative past"))
        names = ("port", "gateway_port", "loggers", "days", "seconds", "seed")
        plan = Plan(**{name: options[name] for name in names})
        try:
            if options["scenario"]:
                plan.scenario = load_scenario(options["scenario"])
            account = Demo(plan, house, self._say).run()
        except (ScenarioError, OSError, NotReadyError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            account = None
        finally:
            house.leave()
        self._say(json.dumps(asdict(account)) if account else _("The demo is over."))

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
