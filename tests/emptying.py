"""Empties the database after tests that commit, and puts back what every new database holds.

Django's `flush` has every app enter its first rows once more, which takes a second a test. Here
they are kept as they were when the database was new.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

Rows = dict[str, bytes]


def keep(connection: BaseDatabaseWrapper) -> Callable[[], None]:
    """What empties this database to the state it is in now."""
    tables = sorted(connection.introspection.django_table_names(True, False))
    kept = {table: _read(connection, table) for table in _filled(connection, tables)}

    def empty() -> None:
        filled = _filled(connection, tables)
        changed = {
            table
            for table in filled
            if table not in kept or _read(connection, table) != kept[table]
        }
        with connection.cursor() as cursor:
            # Without keys and triggers. Few rows are deleted sooner than tables are truncated.
            cursor.execute("SET session_replication_role = replica")
            for table in changed:
                cursor.execute(f"DELETE FROM {_quoted(table)}")
            for table in kept.keys() - (set(filled) - changed):
                with cursor.copy(f"COPY {_quoted(table)} FROM STDIN") as copy:
                    copy.write(kept[table])
            cursor.execute("RESET session_replication_role")

    return empty


def _filled(connection: BaseDatabaseWrapper, tables: list[str]) -> list[str]:
    asked = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {_quoted(name)})" for name in tables)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [name for (name,) in cursor.fetchall()]


def _read(connection: BaseDatabaseWrapper, table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f"COPY {_quoted(table)} TO STDOUT") as copy:
        parts: list[Any] = list(copy)
    return b"".join(bytes(part) for part in parts)


def _quoted(table: str) -> str:
    return f'"{table}"'
