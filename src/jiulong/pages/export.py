"""A list as a file: .csv and .xlsx with the same columns, filters and order as on the page."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from jiulong.pages.columns import Column

#: A spreadsheet of more rows than this is of no use to anybody and would hold the process up.
ROWS: Final = 100_000
#: Excel opens UTF-8 rightly only behind this mark.
MARK: Final = "\ufeff"
#: A cell that starts so would be run as a formula.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST_CELL: Final = 48


def response(
    kind: str, name: str, columns: Sequence[Column], rows: Iterable[Any]
) -> HttpResponseBase:
    """The file as an answer; `kind` is "csv" or "xlsx"."""
    if kind == "xlsx":
        answer: HttpResponseBase = HttpResponse(xlsx(columns, rows), content_type=XLSX)
    else:
        answer = StreamingHttpResponse(lines(columns, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def lines(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[str]:
    """The .csv, line by line."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(MARK)
    writer.writerow([str(column.label) for column in columns])
    yield buffer.getvalue()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([cell(column.exported(row)) for column in columns])
        yield buffer.getvalue()


def xlsx(columns: Sequence[Column], rows: Iterable[Any]) -> bytes:
    """The .xlsx: a frozen head line, real dates and numbers, columns wide enough to read."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    head = [str(column.label) for column in columns]
    table = [[cell(column.exported(row)) for column in columns] for row in rows]
    for index, title in enumerate(head):
        texts = [title, *(str(line[index]) for line in table[:200] if line[index] is not None)]
        widest = max(sum(2 if ord(sign) > 0x2E7F else 1 for sign in text) for text in texts)
        sheet.column_dimensions[get_column_letter(index + 1)].width = min(widest, WIDEST_CELL) + 2
    sheet.append(head)
    for line in table:
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cell(value: Any) -> Any:
    """A value that a spreadsheet takes and cannot be tricked by."""
    if value is None or isinstance(value, bool | int | float | Decimal | datetime | date | time):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
