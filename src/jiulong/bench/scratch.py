"""A whole Jiulong on a fresh database with fsync on, thrown away after the measurement."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import psycopg

from jiulong import embedded
from jiulong.bench import generator
from jiulong.demo.supervisor import NotReadyError, Supervisor, free_port, services

#: A process that is not ready by then has failed; a cold start of Python and Django takes 2 s.
READY_S: Final = 60
HOST: Final = "127.0.0.1"


class FailedError(RuntimeError):
    """A process ended or did not become ready; the message holds what it wrote."""


@dataclass(slots=True)
class House:
    """Processes under the demo's supervisor."""

    supervisor: Supervisor
    gateway_port: int
    web_port: int

    def check(self) -> None:
        """Whether everything still runs that was started.

        Raises:
            FailedError: something ended by itself; the supervisor has started it again since.
        """
        for name, times in self.supervisor.restarts().items():
            if times:
                raise FailedError(f"{name} ended:\n{self.supervisor.tail(name)}")


@dataclass(frozen=True, slots=True)
class Scratch:
    """A database and a directory."""

    directory: Path
    database: embedded.Embedded
    environment: dict[str, str]

    @property
    def url(self) -> str:
        return self.database.url

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url, autocommit=True)

    def run(self, *words: str) -> str:
        """Run `python -m …` to its end and return what it wrote.

        Raises:
            FailedError: it failed.
        """
        command = [sys.executable, "-m", *words]
        result = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )
        if result.returncode:
            raise FailedError(f"{' '.join(command)}\n{result.stderr[-2000:]}")
        return result.stdout

    @contextmanager
    def house(
        self, *names: str, restart_database: bool = False, gateway: Sequence[str] = ()
    ) -> Iterator[House]:
        """Run the named processes of a site; `gateway` replaces the words that start the gateway.

        Raises:
            FailedError: one did not become ready.
        """
        ports = free_port(), free_port()
        site = services(
            gateway_host=HOST, gateway_port=ports[0], web_host=HOST, web_port=ports[1],
            environment=self.environment,
        )  # fmt: skip
        if gateway:
            words = (sys.executable, *gateway, "--port", str(ports[0]))
            site = [replace(s, arguments=words) if s.name == "gateway" else s for s in site]
        supervisor = Supervisor(
            [service for service in site if service.name in names],
            logs=self.directory / "log",
            database=self.database if restart_database else None,
            guards=(f"postgres {self.directory / 'postgres'}", f"remove {self.directory}"),
        )
        with supervisor:
            try:
                supervisor.wait_ready(READY_S)
            except NotReadyError as error:
                raise FailedError(str(error)) from error
            yield House(supervisor, *ports)


@contextmanager
def scratch(*, loggers: int, base: int) -> Iterator[Scratch]:
    """A migrated database with `loggers` registered loggers, one a point.

    `base` is the UTC epoch of the first data time that will be sent; its month gets a partition.
    """
    directory = Path(tempfile.mkdtemp(prefix="scratch-", dir=generator.cache()))
    directory.chmod(0o755)  # PostgreSQL refuses root and runs as another user
    database = embedded.start(directory / "postgres")
    environment = {
        **os.environ,
        "JIULONG_VAR": str(directory),
        "JIULONG_DATABASE_URL": database.url,
        "PYTHONUNBUFFERED": "1",
    }
    system = Scratch(directory, database, environment)
    try:
        system.run("jiulong", "migrate", "--verbosity", "0", "--skip-checks")
        system.run("jiulong.bench.populate", str(loggers), str(base))
        yield system
    finally:
        database.stop()
        shutil.rmtree(directory, ignore_errors=True)
