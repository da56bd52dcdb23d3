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
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
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
#: What Excel takes in the name of a sheet.
NO_SHEET_SIGNS: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
LONGEST_SHEET_NAME: Final = 31
#: A column is as wide as its widest cell among the first so many.
MEASURED: Final = 200
WRAPPED: Final = Alignment(wrap_text=True, vertical="top")


def response(
    kind: str, name: str, columns: Sequence[Column], rows: Iterable[Any], *, title: str = ""
) -> HttpResponseBase:
    """The file as an answer; `kind` is "csv" or "xlsx", `title` names the sheet."""
    if kind == "xlsx":
        body = xlsx(columns, rows, title=title or name)
        answer: HttpResponseBase = HttpResponse(body, content_type=XLSX)
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


def xlsx(columns: Sequence[Column], rows: Iterable[Any], *, title: str) -> bytes:
    """The .xlsx: a frozen head line with filters, real dates and numbers, long texts wrapped."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_name(title))
    head = [str(column.label) for column in columns]
    table = [[cell(column.exported(row)) for column in columns] for row in rows]
    sheet.freeze_panes = "A2"
    last = get_column_letter(len(head))
    sheet.auto_filter.ref = f"A1:{last}{len(table) + 1}"
    for index, label in enumerate(head):
        texts = [label, *(line[index] for line in table[:MEASURED] if line[index] is not None)]
        # The head's filter button takes the place of two signs.
        widest = max(_width(label) + 2, *(_width(str(text)) for text in texts))
        sheet.column_dimensions[get_column_letter(index + 1)].width = min(widest, WIDEST_CELL) + 2
    sheet.append([_styled(sheet, label, font=Font(bold=True)) for label in head])
    for line in table:
        sheet.append([_wrapped(sheet, value) for value in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_name(title: str) -> str:
    """A title as Excel takes it for a sheet."""
    return title.translate(NO_SHEET_SIGNS).strip()[:LONGEST_SHEET_NAME].strip() or "1"


def _width(text: str) -> int:
    """In half-width signs, of the longest line."""
    return max(sum(2 if ord(sign) > 0x2E7F else 1 for sign in line) for line in text.split("\n"))


def _wrapped(sheet: Any, value: Any) -> Any:
    """Only a text that does not fit its column: a style costs time and size in each cell."""
    if isinstance(value, str) and ("\n" in value or _width(value) > WIDEST_CELL):
        return _styled(sheet, value, alignment=WRAPPED)
    return value


def _styled(sheet: Any, value: Any, **style: Any) -> Any:
    found = WriteOnlyCell(sheet, value=value)
    for name, one in style.items():
        setattr(found, name, one)
    return found


def cell(value: Any) -> Any:
    """A value that a spreadsheet takes and cannot be tricked by; times to the second."""
    if isinstance(value, datetime | time):
        return value.replace(microsecond=0)
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
