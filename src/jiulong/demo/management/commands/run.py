"""`jiulong run`: all processes of a small site, watched over by one."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from jiulong import embedded
from jiulong.demo.supervisor import NotReadyError, Supervisor, free_port, services

READY_S = 60.0


class Command(BaseCommand):
    help = "Run web, gateway, recorder, judge and keeper on the configured database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.WEB_HOST, help="address of the web pages")
        parser.add_argument(
            "--port", type=int, default=settings.WEB_PORT, help="of the web pages; 0: a free one"
        )
        parser.add_argument("--gateway-host", default=settings.GATEWAY_HOST)
        parser.add_argument("--gateway-port", type=int, default=settings.GATEWAY_PORT)

    def handle(self, *_args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        web_port = options["port"] or free_port()
        supervisor = Supervisor(
            services(
                gateway_host=options["gateway_host"],
                gateway_port=options["gateway_port"] or free_port(),
                web_host=options["host"], web_port=web_port,
            ),
            logs=settings.VAR / "log",
            database=embedded.joined(),
        )  # fmt: skip
        with supervisor:
            try:
                supervisor.wait_ready(READY_S)
            except NotReadyError as error:
                raise CommandError(str(error)) from error
            address = f"{options['host']}:{web_port}"
            self.stdout.write(_("Jiulong runs: http://%(address)s/") % {"address": address})
            self.stdout.flush()
            stop.wait()
