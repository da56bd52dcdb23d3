"""`jiulong gateway`: listen to the data loggers."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import ssl
from argparse import ArgumentParser
from typing import Any, Final

import uvloop
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from jiulong.gateway.database import PatientJournal
from jiulong.gateway.server import Gateway

#: A search among young objects every few batches instead of several times in each.
GC_THRESHOLDS: Final = (50_000, 20, 50)


class Command(BaseCommand):
    help = "Listen to the data loggers, keep every frame, acknowledge what is on disk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.GATEWAY_HOST, help="address to listen on")
        parser.add_argument(
            "--port", type=int, default=settings.GATEWAY_PORT, help="0 asks for a free one"
        )
        parser.add_argument("--tls-port", type=int, help="a second listener, with TLS")
        parser.add_argument("--tls-cert", help="its certificate chain, PEM")
        parser.add_argument("--tls-key", help="its private key, PEM")
        parser.add_argument(
            "--node", default=socket.gethostname(), help="how the journal names this gateway"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        tls = _tls(options)
        _spare_the_collector()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            failed = runner.run(self._serve(options, tls))
        if failed:
            raise CommandError("the gateway stopped by a fault; see the log")

    async def _serve(self, options: dict[str, Any], tls: ssl.SSLContext | None) -> bool:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        journal = PatientJournal()
        gateway = Gateway(journal, node=options["node"])
        starting = loop.create_task(self._open(gateway, options, tls))
        ends = [loop.create_task(event.wait()) for event in (stop, gateway.failed)]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for task in (starting, *ends):
            task.cancel()
        await asyncio.gather(starting, *ends, return_exceptions=True)
        await gateway.stop()
        journal.close()
        return gateway.failed.is_set()

    async def _open(
        self, gateway: Gateway, options: dict[str, Any], tls: ssl.SSLContext | None
    ) -> None:
        host = options["host"]
        try:
            await gateway.start()
            port = await gateway.serve(host, options["port"])
            self._say(f"gateway listening on {host}:{port}")
            if tls is not None:
                port = await gateway.serve(host, options["tls_port"], tls)
                self._say(f"gateway listening with TLS on {host}:{port}")
        except OSError as error:
            self.stderr.write(f"cannot listen on {host}: {error}")
            gateway.failed.set()

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _spare_the_collector() -> None:
    """Frames die by reference count; a search for cycles through all of Django took 70 ms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


def _tls(options: dict[str, Any]) -> ssl.SSLContext | None:
    given = [name for name in ("tls_port", "tls_cert", "tls_key") if options[name] is not None]
    if not given:
        return None
    if len(given) < 3:
        raise CommandError("TLS needs --tls-port, --tls-cert and --tls-key together")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # older loggers know no 1.3
    try:
        context.load_cert_chain(options["tls_cert"], options["tls_key"])
    except (OSError, ssl.SSLError) as error:
        raise CommandError(f"TLS certificate or key: {error}") from error
    return context
