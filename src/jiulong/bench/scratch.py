"""A whole Jiulong on a fresh database with fsync on, thrown away after the measurement."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg

from jiulong import embedded
from jiulong.bench import generator

#: A process that is not ready by then has failed; a cold start of Python and Django takes 2 s.
READY_S: Final = 60
#: How long a process may take to leave after SIGTERM.
LEAVE_S: Final = 20
LISTENING: Final = re.compile(r"gateway listening on \S+:(\d+)")


class NotReady(RuntimeError):
    """A process ended, or did not say that it is ready; the message holds what it wrote."""


@dataclass(slots=True)
class Process:
    """One `jiulong …` process; what it writes goes to a file."""

    popen: subprocess.Popen[bytes]
    log: Path

    def wait_for(self, pattern: re.Pattern[str], within_s: float = READY_S) -> re.Match[str]:
        """The first match in what the process writes.

        Raises:
            NotReady: it ended before, or too much time went by.
        """
        deadline = time.monotonic() + within_s
        while True:
            ended = self.popen.poll() is not None
            text = self.log.read_text(errors="replace")
            if match := pattern.search(text):
                return match
            if ended or time.monotonic() > deadline:
                raise NotReady(f"{' '.join(map(str, self.popen.args))}\n{text[-2000:]}")  # type: ignore[arg-type]
            time.sleep(0.02)

    def stop(self) -> None:
        if self.popen.poll() is None:
            self.popen.terminate()
            try:
                self.popen.wait(LEAVE_S)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()


@dataclass(slots=True)
class Scratch:
    """The running system: its database, its directory, and its processes."""

    directory: Path
    database: embedded.Embedded
    environment: dict[str, str]
    processes: list[Process] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.database.url

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url, autocommit=True)

    def run(self, *words: str) -> None:
        """Run `python -m …` to its end.

        Raises:
            NotReady: it failed.
        """
        command = [sys.executable, "-m", *words]
        result = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )
        if result.returncode:
            raise NotReady(f"{' '.join(command)}\n{result.stderr[-2000:]}")

    def start(self, *words: str) -> Process:
        """Start `python -m …`; it is stopped with the rest."""
        log = self.directory / f"{words[0]}-{words[1] if len(words) > 1 else ''}.log"
        with log.open("wb") as out:
            popen = subprocess.Popen(
                [sys.executable, "-m", *words], env=self.environment, stdout=out, stderr=out
            )
        process = Process(popen, log)
        self.processes.append(process)
        return process

    def start_gateway(self) -> int:
        """Start the real gateway; returns the port it chose."""
        process = self.start("jiulong", "gateway", "--host", "127.0.0.1", "--port", "0")
        return int(process.wait_for(LISTENING).group(1))

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.stop()


@contextmanager
def scratch(*, loggers: int, base: int) -> Iterator[Scratch]:
    """A migrated database with `loggers` registered loggers, one a point.

    `base` is the UTC epoch of the first data time that will be sent; its month gets a partition.
    """
    directory = Path(tempfile.mkdtemp(prefix="scratch-", dir=generator.cache()))
    directory.chmod(0o755)  # noqa: S103 - PostgreSQL refuses root and runs as another user
    database = embedded.start(directory / "postgres")
    environment = {
        **os.environ,
        "JIULONG_VAR": str(directory),
        "JIULONG_DATABASE_URL": database.url,
        "PYTHONUNBUFFERED": "1",
    }
    system = Scratch(directory, database, environment)
    try:
        system.run("jiulong", "migrate", "--verbosity", "0")
        system.run("jiulong.bench.populate", str(loggers), str(base))
        yield system
    finally:
        system.stop()
        database.stop()
        shutil.rmtree(directory, ignore_errors=True)
