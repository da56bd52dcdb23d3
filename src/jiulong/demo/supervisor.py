"""Keeps a handful of processes running: restarts the dead, writes their logs, leaves none behind.

    with Supervisor(services(port=9212, web_port=8000), logs=Path("var/log")) as house:
        house.wait_ready(30)
        house.kill("gateway")          # it comes back
        house.pids()                   # {"gateway": 4711, …}

Each child leads a session of its own, so that a terminal's Ctrl-C reaches only the supervisor and
stopping reaches grandchildren too. A second pair of eyes (`reaper`) stops them if the supervisor is
killed. For small sites and the demo; larger ones have systemd or containers (deploy/).
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Protocol, Self

from jiulong.demo import reaper

log = logging.getLogger(__name__)

#: Waits before a dead child is started again: doubling, and back to the first once it has lived.
RESTART_S: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 4.0)
#: A child that lived so long was well; its next death is a new story.
WELL_S: Final = 20.0
#: How often the children are looked at. Death is noticed within it.
LOOK_S: Final = 0.1
#: Between two looks whether the database is there; each costs a read of its pid file.
DATABASE_LOOK_S: Final = 0.3
STOP_S: Final = 12.0  # the gateway itself allows ten for its last commit


class Database(Protocol):
    """A server that can be brought back: `embedded.Embedded` is one."""

    def restart(self) -> None:
        """Start the server again if it does not run; nothing while it does."""
        ...


@dataclass(frozen=True, slots=True)
class Service:
    """A child: what to run, and how to tell that it is ready."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int | None = None  # ready when 127.0.0.1 answers here
    ready: str = ""  # or when this stands in its log


class NotReadyError(Exception):
    """A service did not become ready in time; the message has the end of its log."""


@dataclass(slots=True)
class Child:
    """A service and its present process."""

    service: Service
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    restart_at: float = 0.0
    log_from: int = 0


class Supervisor:
    """Starts services, and keeps them until `stop`. Not for use from several threads at once."""

    def __init__(
        self,
        services: Sequence[Service],
        *,
        logs: Path,
        database: Database | None = None,
        guards: Sequence[str] = (),
        clock: Callable[[], float] = time.monotonic,
        stop_s: float = STOP_S,
    ) -> None:
        self._stop_s = stop_s
        self._children = {service.name: Child(service) for service in services}
        self._logs = logs
        self._database = database
        self._guards = tuple(guards)
        self._clock = clock
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._watch: threading.Thread | None = None
        self._reaper: subprocess.Popen[str] | None = None
        self._database_at = 0.0

    # -- life ---------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start every service and watch over them from a thread."""
        self.prepare()
        self.step()
        self._watch = threading.Thread(target=self._run, name="supervisor", daemon=True)
        self._watch.start()

    def prepare(self) -> None:
        """Make room for the logs and wake the reaper; `step` then starts the services."""
        self._logs.mkdir(parents=True, exist_ok=True)
        self._start_reaper()

    def add(self, service: Service) -> None:
        """Start one more service and watch over it as over the others."""
        with self._lock:
            child = self._children[service.name] = Child(service)
            self._spawn(child)

    def stop(self) -> None:
        """SIGTERM to all, SIGKILL to those that stay; afterwards none is left."""
        self._over.set()
        if self._watch is not None:
            self._watch.join()
            self._watch = None
        with self._lock:
            groups = {c.process.pid for c in self._children.values() if c.process is not None}
            self._stop(groups)
            for child in self._children.values():
                if child.process is not None:
                    child.process.wait()
                    child.process = None
        self._dismiss_reaper()

    def _stop(self, groups: set[int]) -> None:
        for pid in groups:
            reaper.send(pid, signal.SIGTERM)
        end = self._clock() + self._stop_s
        for child in self._children.values():
            if child.process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.0, end - self._clock()))
        # Whoever is left, grandchildren included.
        for pid in groups:
            reaper.send(pid, signal.SIGKILL)

    # -- what others may ask ------------------------------------------------------------------

    def pids(self) -> dict[str, int]:
        """The living processes by name."""
        with self._lock:
            return {
                name: child.process.pid
                for name, child in self._children.items()
                if child.process is not None and child.process.poll() is None
            }

    def restarts(self) -> dict[str, int]:
        """How often each service died and was started again since it was last well."""
        with self._lock:
            return {name: child.deaths for name, child in self._children.items()}

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> bool:
        """Send a signal to a service's process alone; False if it is not there.

        Raises:
            KeyError: there is no such service.
        """
        with self._lock:
            process = self._children[name].process
            if process is None or process.poll() is not None:
                return False
            process.send_signal(number)
            return True

    def wait_ready(self, timeout_s: float) -> None:
        """Wait until every service is ready.

        Raises:
            NotReadyError: one is not within `timeout_s`; with the end of its log.
        """
        end = self._clock() + timeout_s
        for name in list(self._children):
            while not self.ready(name):
                if self._clock() > end or self._over.wait(LOOK_S / 2):
                    raise NotReadyError(f"{name} is not ready:\n{self.tail(name)}")

    def ready(self, name: str) -> bool:
        """Whether a service lives and has said so, or listens."""
        with self._lock:
            child = self._children[name]
            if child.process is None or child.process.poll() is not None:
                return False
            service, log_from = child.service, child.log_from
        if service.port is not None:
            return listens(service.port)
        return not service.ready or service.ready in self._log(name, log_from)

    def tail(self, name: str, lines: int = 20) -> str:
        """The last lines of a service's log."""
        return "\n".join(self._log(name, 0).splitlines()[-lines:])

    def _log(self, name: str, start: int) -> str:
        path = self._path(name)
        if not path.exists():
            return ""
        with path.open("rb") as file:
            file.seek(start)
            return file.read().decode(errors="replace")

    def _path(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    # -- watching -----------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._over.wait(LOOK_S):
            try:
                self.step()
            except Exception:
                log.exception("supervisor")

    def step(self) -> int:
        """Look at the database and every child once; returns how many were started again."""
        now = self._clock()
        if self._database is not None and now >= self._database_at:
            self._database_at = now + DATABASE_LOOK_S
            self._revive(self._database)
        with self._lock:
            return sum(self._look(child, now) for child in self._children.values())

    def _revive(self, database: Database) -> None:
        try:
            database.restart()
        except Exception as error:  # noqa: BLE001 - whatever it was, the next look tries again
            log.warning("the database does not start yet: %s", error)

    def _look(self, child: Child, now: float) -> bool:
        if child.process is not None:
            if child.process.poll() is None:
                if child.deaths and now - child.started_at > WELL_S:
                    child.deaths = 0
                return False
            self._buried(child, now)
        if now < child.restart_at or self._over.is_set():
            return False
        self._spawn(child)
        return True

    def _buried(self, child: Child, now: float) -> None:
        process = child.process
        if process is None:
            return
        wait = RESTART_S[min(child.deaths, len(RESTART_S) - 1)]
        name, code = child.service.name, process.returncode
        log.warning("%s ended with %s, again in %.1f s", name, code, wait)
        # A killed leader leaves workers behind that hold its port.
        reaper.send(process.pid, signal.SIGKILL)
        self._tell(f"-{process.pid}")
        child.process = None
        child.deaths += 1
        child.restart_at = now + wait

    def _spawn(self, child: Child) -> None:
        with self._path(child.service.name).open("ab") as out:
            child.log_from = out.tell()
            child.process = subprocess.Popen(
                list(child.service.arguments),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, **child.service.environment},
                start_new_session=True,
            )
        child.started_at = self._clock()
        self._tell(f"+{child.process.pid}")

    # -- the reaper ---------------------------------------------------------------------------

    def _start_reaper(self) -> None:
        self._reaper = subprocess.Popen(
            [sys.executable, "-m", reaper.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        for line in self._guards:
            self._tell(line)

    def _tell(self, line: str) -> None:
        pipe: IO[str] | None = self._reaper.stdin if self._reaper is not None else None
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.write(line + "\n")
                pipe.flush()

    def _dismiss_reaper(self) -> None:
        if self._reaper is not None:
            self._tell("done")
            # Closes the pipe, too.
            self._reaper.communicate()
            self._reaper = None


def listens(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody accepts connections."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def services(
    *,
    gateway_host: str,
    gateway_port: int,
    web_host: str,
    web_port: int,
    environment: Mapping[str, str] | None = None,
) -> list[Service]:
    """All processes of a small site. `environment` comes on top of our own."""
    env = dict(environment or {})
    jiulong = (sys.executable, "-m", "jiulong")
    gateway = (*jiulong, "gateway", "--host", gateway_host, "--port", str(gateway_port))
    web = (*jiulong, "web", "--host", web_host, "--port", str(web_port), "--workers", "1")
    return [
        Service("web", web, env, port=web_port),
        Service("gateway", gateway, env, port=gateway_port),
        Service("recorder", (*jiulong, "recorder"), env),
        Service("judge", (*jiulong, "judge"), env),
        Service("keeper", (*jiulong, "keeper"), env),
    ]
