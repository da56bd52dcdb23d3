"""The binary COPY rows carry what they are told to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiulong.recorder import copying
from jiulong.recorder.copying import COLUMNS, TYPES, Row
from jiulong.recorder.factors import Plan
from jiulong.recorder.partitions import months_from
from jiulong.recorder.writing import moment
from tests.recorder.plant import NOW, microseconds

number = st.none() | st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    made = []
    for place in range(draw(st.integers(1, 4))):
        count = draw(st.integers(1, 9))
        column = st.lists(number, min_size=count, max_size=count)
        plan = Plan([f"f{n}" for n in range(count)])
        plan.number(draw(st.lists(st.integers(1, 32767), min_size=count, max_size=count)))
        columns = [draw(st.none() | column) for _ in range(3)]
        flags = draw(st.text("NFM.?é", min_size=count, max_size=count))
        at = draw(st.integers(0, 2**52))
        head = at, at + place, 2**40, place + 1, 7, draw(st.integers(0, 5))
        made.append(Row(*head, plan, draw(column), *columns, flags, place))
    return made


def record(row: Row) -> tuple[Any, ...]:
    """The row as Python values, in the order of COLUMNS."""
    at, received_at, batch, point, ordinal, period, plan, *columns, flags, part = row
    head = moment(at), moment(received_at), batch, point, ordinal, period, part
    return (*head, list(plan.ids), *columns, flags)


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows())
def test_it_stores_the_values_of_a_row(made: list[Row]) -> None:
    columns = ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reading")
        with cursor.copy(f"COPY reading ({columns}) FROM STDIN (FORMAT binary)") as copy:
            copy.write(copying.binary(made))
        cursor.execute(f"SELECT {columns} FROM reading ORDER BY point")
        assert cursor.fetchall() == [record(row) for row in made]


async def test_it_names_the_columns_of_the_table(database: asyncpg.Connection[Any]) -> None:
    found = await database.fetch(
        "SELECT attname, format_type(atttypid, NULL), typname FROM pg_attribute"
        " JOIN pg_type ON pg_type.oid = atttypid WHERE attrelid = 'reading'::regclass"
        " AND attnum > 0 ORDER BY attnum"
    )
    names = {name: typname.replace("_", "") for name, _, typname in found}
    wanted = {name: kind.removesuffix("[]") for name, kind in zip(COLUMNS, TYPES, strict=True)}
    assert names == wanted


async def test_it_fails_whole_when_a_key_is_taken(database: asyncpg.Connection[Any]) -> None:
    plan = Plan(["w01018"])
    plan.number([1])
    us = microseconds(NOW)
    row = Row(us, us, 1, 1, 0, 0, plan, [1.0], None, None, None, "N")
    await copying.copy(database, [row])
    with pytest.raises(asyncpg.UniqueViolationError):
        await copying.copy(database, [row._replace(point=2), row])
    assert await database.fetchval("SELECT count(*) FROM reading") == 1


def test_it_counts_months_over_the_end_of_a_year() -> None:
    first = NOW.date().replace(month=11, day=1)
    months = list(months_from(first, 3))
    assert [month.isoformat()[:7] for month in months] == ["2026-11", "2026-12", "2027-01"]
    assert moment(1) == moment(0) + timedelta(microseconds=1)
