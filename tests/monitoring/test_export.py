"""Readings as files."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import openpyxl
import pytest
from django.http import HttpResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.utils import translation

from jiulong.monitoring import export
from jiulong.monitoring.models import Period, Point
from tests.factories import NOW, hours, write_readings
from tests.people import People

START = NOW - timedelta(hours=3)


def text(response: HttpResponseBase) -> str:
    assert isinstance(response, StreamingHttpResponse)
    return b"".join(response.streaming_content).decode()  # type: ignore[arg-type]


@pytest.fixture
def written(people: People) -> People:
    write_readings(people.point, Period.HOUR, hours(START, 41.5, None))
    write_readings(people.point, Period.HOUR, hours(START + timedelta(hours=2), 9), marks="D")
    return people


def test_a_csv_has_units_and_marks_behind_a_byte_order_mark(written: People) -> None:
    with translation.override("en"):
        body = text(export.response(written.owner, "csv", written.point, Period.HOUR, START, NOW))
    assert body.startswith("\ufeff")
    head, *rows = csv.reader(io.StringIO(body.removeprefix("\ufeff")))
    assert head == [
        "Time",
        "Received",
        "COD (mg/L)",
        "COD (mg/L) min",
        "COD (mg/L) max",
        "COD sum",
        "COD mark",
    ]
    assert rows == [
        ["2026-03-10 09:00:00", "2026-03-10 10:00:01", "41.5", "", "", "", "N"],
        ["2026-03-10 10:00:00", "2026-03-10 11:00:01", "", "", "", "", "N"],
        ["2026-03-10 11:00:00", "2026-03-10 12:00:01", "9.0", "", "", "", "D"],
    ]


def test_an_xlsx_has_real_times_and_numbers(written: People) -> None:
    response = export.response(written.owner, "xlsx", written.point, Period.HOUR, START, NOW)
    assert isinstance(response, HttpResponse)
    name = f"{written.point.code}-hour-20260310.xlsx"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    rows = list(sheet.values)
    local = datetime.fromisoformat("2026-03-10 09:00")
    assert (len(rows), rows[1][0], rows[1][2]) == (4, local, 41.5)


def test_real_time_values_have_no_interval_columns(written: People) -> None:
    write_readings(written.point, Period.REALTIME, hours(START, 1))
    body = text(export.response(written.owner, "csv", written.point, Period.REALTIME, START, NOW))
    assert len(body.splitlines()[0].split(",")) == 4


def test_the_sibling_gets_no_file(written: People) -> None:
    with pytest.raises(Point.DoesNotExist):
        export.response(written.sibling, "csv", written.point, Period.HOUR, START, NOW)
