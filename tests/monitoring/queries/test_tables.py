"""Readings as tables."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from jiulong.monitoring.models import Period, Point
from jiulong.monitoring.queries import factor_columns, last_frames, table
from tests.factories import NOW, hours, make_factor, make_point, make_user, write_readings
from tests.people import People

HOUR = timedelta(hours=1)
START = NOW - 10 * HOUR


def test_it_puts_a_column_a_factor_newest_first(db: None) -> None:
    target = make_point()
    rows = [(START, {"w21003": 0.1, "w01018": 2.0}), (START + HOUR, {"w01018": 3.5})]
    write_readings(target, Period.HOUR, rows, batch=7, marks={"w21003": "D"})
    found = table(make_user(), target, Period.HOUR, START, NOW)
    assert [factor.code for factor in found.columns] == ["w01018", "w21003"]
    assert [row.at for row in found.rows] == [START + HOUR, START]
    newest, oldest = found.rows
    assert newest.cells[1] is None
    cod, nh3 = oldest.cells
    assert cod is not None
    assert nh3 is not None
    assert (cod.value, cod.flag, cod.usable, cod.batch, cod.ordinal) == (
        Decimal("2.0"),
        "N",
        True,
        7,
        0,
    )
    assert (nh3.value, nh3.flag, nh3.usable) == (Decimal("0.1"), "D", False)
    assert oldest.received_at == START + HOUR + timedelta(seconds=1)


def test_the_parts_of_a_split_packet_are_one_row(db: None) -> None:
    target = make_point()
    write_readings(target, Period.HOUR, [(START, {"w01018": 1.0})])
    write_readings(target, Period.HOUR, [(START, {"w21003": 2.0})], part=1, batch=2)
    found = table(make_user(), target, Period.HOUR, START, NOW)
    assert (found.total, len(found.rows)) == (1, 1)
    assert [cell and (cell.value, cell.batch) for cell in found.rows[0].cells] == [
        (Decimal("1.0"), 1),
        (Decimal("2.0"), 2),
    ]


def test_it_pages(db: None) -> None:
    target, viewer = make_point(), make_user()
    write_readings(target, Period.HOUR, hours(START, *range(1, 8)))
    pages = [table(viewer, target, Period.HOUR, START, NOW, page=n, per_page=3) for n in (1, 2, 3)]
    cells = [[cell for row in page.rows for cell in row.cells] for page in pages]
    assert [[int(cell.value or 0) for cell in page if cell] for page in cells] == [
        [7, 6, 5],
        [4, 3, 2],
        [1],
    ]
    assert {(page.total, page.pages) for page in pages} == {(7, 3)}
    empty = table(viewer, target, Period.DAY, START, NOW, page=-1, per_page=0)
    assert (empty.rows, empty.columns, empty.pages, empty.per_page) == ((), (), 1, 1)


def test_the_sibling_sees_no_table(people: People) -> None:
    span = (Period.HOUR, START, NOW)
    assert table(people.owner, people.point, *span).total == 0
    for read in (table, factor_columns):
        with pytest.raises(Point.DoesNotExist):
            read(people.sibling, people.point, *span)
    with pytest.raises(Point.DoesNotExist):
        last_frames(people.sibling, people.point, now=NOW)


@pytest.mark.parametrize("count", [2, 9])
def test_a_page_takes_four_queries(db: None, django_assert_num_queries: Any, count: int) -> None:
    target, viewer = make_point(), make_user()
    write_readings(target, Period.HOUR, hours(START, *range(count)))
    with django_assert_num_queries(4):
        assert len(table(viewer, target, Period.HOUR, START, NOW).rows) == count


def test_it_knows_the_last_frames_of_any_kind(db: None) -> None:
    target = make_point()
    make_factor()
    write_readings(target, Period.HOUR, hours(NOW - 1.5 * HOUR, 1))
    write_readings(target, Period.REALTIME, hours(NOW - HOUR, 1))
    write_readings(target, Period.REALTIME, hours(NOW - 30 * HOUR, 1))
    found = last_frames(make_user(), target, now=NOW, count=5)
    assert [Period(row.period).name for row in found] == ["HOUR", "REALTIME"]
    assert len(last_frames(make_user(), target, now=NOW, count=1)) == 1
