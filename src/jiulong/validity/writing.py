"""Many changed rows in one statement: Django's bulk_update makes a CASE of every row and column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Final

import orjson
from django.db import connection
from django.db.models import Model

#: Rows of one statement.
BATCH: Final = 1000


def update_rows(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set columns of rows by their primary key; each row is (pk, value of names[0], …)."""
    known = {field.name: field for field in model._meta.concrete_fields}  # noqa: SLF001
    fields = [known[name] for name in names]
    types = ", ".join(f'"{f.column}" {f.db_type(connection)}' for f in fields)
    sets = ", ".join(f'"{f.column}" = n."{f.column}"' for f in fields)
    # Names and types are our own models'.
    statement = (
        f'UPDATE "{model._meta.db_table}" AS d SET {sets} '  # noqa: S608, SLF001
        f"FROM jsonb_to_recordset(%s::jsonb) AS n(id bigint, {types}) WHERE d.id = n.id"
    )
    columns = ("id", *(f.column for f in fields))
    with connection.cursor() as cursor:
        waiting = iter(rows)
        while some := list(islice(waiting, BATCH)):
            packed = [dict(zip(columns, row, strict=True)) for row in some]
            cursor.execute(statement, [orjson.dumps(packed, default=_text).decode()])


def _text(value: Any) -> str:
    if isinstance(value, Decimal | date | datetime):
        return str(value)
    raise TypeError(type(value).__name__)
