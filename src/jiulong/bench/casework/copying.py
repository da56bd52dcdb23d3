"""Rows into tables as fast as PostgreSQL takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import connection
from django.db.models import AutoField, Model


def copy_rows(rows: Iterable[Model]) -> int:
    """Write new rows of one model, with the ids they bear; returns how many.

    All columns are written, so that the model's own defaults hold whatever columns it has.
    """
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        return 0
    fields = [field for field in first._meta.concrete_fields if not field.generated]  # noqa: SLF001
    columns = ", ".join(f'"{field.column}"' for field in fields)
    statement = f'COPY "{first._meta.db_table}" ({columns}) FROM STDIN'  # noqa: SLF001
    written = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in _chain(first, waiting):
            copy.write_row(
                [
                    field.get_db_prep_save(getattr(row, field.attname), connection)
                    for field in fields
                ]
            )
            written += 1
    _follow(first)
    return written


def _chain(first: Model, others: Iterator[Model]) -> Iterator[Model]:
    yield first
    yield from others


def _follow(row: Model) -> None:
    """Have the table's sequence go on after the ids that were written."""
    key = row._meta.pk  # noqa: SLF001
    if not isinstance(key, AutoField):
        return
    table, column = row._meta.db_table, key.column  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT setval(pg_get_serial_sequence(%s, %s), max("{column}")) FROM "{table}"',  # noqa: S608 - our own names
            [table, column],
        )
