"""`jiulong web`: serve the pages and the API."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from argparse import ArgumentParser
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand
from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

#: A worker that still streams events is ended after this long, in seconds.
END_WITHIN_S: Final = 2
#: How long a start may take before the command stops looking for it, in seconds.
START_WITHIN_S: Final = 60


class Command(BaseCommand):
    help = "Serve the pages and the API."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.WEB_HOST, help="address to listen on")
        parser.add_argument(
            "--port", type=int, default=settings.WEB_PORT, help="0 asks for a free one"
        )
        parser.add_argument(
            "--workers", type=int, default=settings.WEB_WORKERS, help="processes that answer"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        host, port = options["host"], options["port"] or free_port(options["host"])
        server = Granian(
            "jiulong.asgi:application",
            address=host,
            port=port,
            interface=Interfaces.ASGINL,  # Django has no life span to speak of
            loop=Loops.uvloop,
            http=HTTPModes.http1,
            websockets=False,
            workers=options["workers"],
            workers_kill_timeout=END_WITHIN_S,
            respawn_failed_workers=True,
            log_level=LogLevels.warning,
        )
        server.on_startup(lambda: self._watch(host, port))
        server.serve()

    def _watch(self, host: str, port: int) -> None:
        threading.Thread(target=self._announce, args=(host, port), daemon=True).start()

    def _announce(self, host: str, port: int) -> None:
        """Say so when the pages really answer; a supervisor waits for this line."""
        if answers(host, port, START_WITHIN_S):
            self.stdout.write(f"web listening on http://{host}:{port}")
            self.stdout.flush()


def free_port(host: str) -> int:
    """A port that was free a moment ago; Granian cannot be asked which one it got."""
    with socket.create_server((host, 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def answers(host: str, port: int, within_s: float) -> bool:
    """Whether anything answers HTTP there within the time. Any status will do."""
    there = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - what we compare with
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        asking = http.client.HTTPConnection(there, port, timeout=5)
        try:
            asking.request("GET", "/healthz")
            asking.getresponse()
        except OSError:
            time.sleep(0.1)
        else:
            return True
        finally:
            asking.close()
    return False
