"""Files from the pages: as the page shows it, for the viewer, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client

from jiulong.monitoring.models import Period
from jiulong.registers.models import Enterprise
from tests.factories import NOW, hours, make_factor, make_finding, make_limit, write_readings
from tests.people import People

START = NOW - timedelta(hours=3)


@pytest.fixture
def owner(people: People) -> Client:
    make_limit(people.point)
    write_readings(people.point, Period.HOUR, hours(START, 60.0, 20.0))
    make_finding(people.point, factor=make_factor(), started_at=START)
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(people.owner)
    return client


def table(client: Client, address: str) -> list[list[str]]:
    answer = client.get(address)
    body = b"".join(answer).decode()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert body.startswith("\ufeff")
    return list(csv.reader(io.StringIO(body.removeprefix("\ufeff"))))


def readings(people: People, kind: str) -> str:
    span = f"from={START:%Y-%m-%dT%H:%M}Z&to={NOW:%Y-%m-%dT%H:%M}Z"
    return f"/points/{people.point.code}/readings/?period=hour&{span}&as={kind}"


def test_readings_come_with_units_in_the_head(owner: Client, people: People) -> None:
    head, *rows = table(owner, readings(people, "csv"))
    assert head[:3] == ["Time", "Received", "COD (mg/L)"]
    assert [(row[0], row[2]) for row in rows] == [
        ("2026-03-10 09:00:00", "60.0"),
        ("2026-03-10 10:00:00", "20.0"),
    ]


def test_a_workbook_can_be_read_again(owner: Client, people: People) -> None:
    answer = owner.get(readings(people, "xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert [row[2] for row in book.active.iter_rows(values_only=True)] == ["COD (mg/L)", 60, 20]


@pytest.mark.parametrize("address", ["/points/", "/findings/"])
def test_a_list_gives_the_same_rows_as_a_file(owner: Client, people: People, address: str) -> None:
    lines = table(owner, f"{address}?as=csv")
    assert len(lines) == 2
    assert any(people.point.outfall.enterprise.name in cell for cell in lines[1])
    book = openpyxl.load_workbook(io.BytesIO(owner.get(f"{address}?as=xlsx").content))
    assert [row[0] for row in book.active.iter_rows(values_only=True)] == [
        line[0] for line in lines
    ]
    assert len(table(owner, f"{address}?as=csv&q=nothing+like+it")) == 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_name_cannot_become_a_formula(owner: Client, people: People, start: str) -> None:
    name = f'{start}HYPERLINK("//evil.example")'
    Enterprise.objects.filter(unit=people.owner.unit).update(name=name)
    for address in ("/points/", "/findings/"):
        cells = [cell for line in table(owner, f"{address}?as=csv") for cell in line]
        assert f"'{name} {people.point.name}" in cells
        book = openpyxl.load_workbook(io.BytesIO(owner.get(f"{address}?as=xlsx").content))
        kinds = {cell.data_type for row in book.active.iter_rows() for cell in row}
        assert "f" not in kinds


def test_a_wrong_time_gives_the_page_that_says_so_and_no_file(
    owner: Client, people: People
) -> None:
    answer = owner.get(f"/points/{people.point.code}/readings/?as=csv&from=soon")
    assert answer["Content-Type"].startswith("text/html")
    assert "soon is not a time" in answer.content.decode()
