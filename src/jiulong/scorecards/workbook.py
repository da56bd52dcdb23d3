"""A sheet as .xlsx: one row a subject, one column an indicator; out to fill in, and in again."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from jiulong.pages.export import cell as safe
from jiulong.pages.export import sheet_name
from jiulong.registers.importing import sheets as reader
from jiulong.scorecards import checking
from jiulong.scorecards.checking import At, Typed
from jiulong.scorecards.queries.sheets import Sheetful

SUBJECT: Final = "code"
NAME: Final = "name"
#: A workbook of a sheet is small.
MOST_BYTES: Final = 8 * 1024 * 1024


class UnreadableError(ValueError):
    """The file is no sheet of this kind; the text says what is wrong and where."""


def written(full: Sheetful) -> bytes:
    """The sheet with what was typed so far. The first line has codes: leave it as it is."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet_name(full.spec.name.show()))
    page.freeze_panes = "C3"
    for index in range(1, len(full.columns) + 3):
        width = 12 if index == 1 else 24 if index == 2 else 16
        page.column_dimensions[get_column_letter(index)].width = width
    heads = [SUBJECT, NAME, *(column.key for column in full.columns)]
    words = [_("Code"), _("Name"), *(_head(column) for column in full.columns)]
    page.append([_bold(page, head) for head in heads])
    page.append([_bold(page, word) for word in words])
    typed = full.typed()
    for subject in full.subjects:
        line = [typed[subject.code, column.key] for column in full.columns]
        page.append([safe(subject.code), safe(subject.name), *(_number(one) for one in line)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(column: Any) -> str:
    base = " " + _("(last year, comparable)") if column.companion else ""
    unit = f" ({column.indicator.measure})" if column.indicator.measure else ""
    return f"{column.name}{base}{unit}"


def _bold(page: Any, text: str) -> Any:
    found = WriteOnlyCell(page, value=safe(text))
    found.font = Font(bold=True)
    return found


def _number(typed: Typed) -> Decimal | str | None:
    try:
        return checking.number(typed.value)
    except ValueError:
        return str(safe(typed.value))


def read(full: Sheetful, content: bytes) -> dict[At, Typed]:
    """What a filled-in workbook says; notes stay as they were. Empty cells change nothing.

    Raises:
        UnreadableError: another file, subjects or columns that are not in this sheet.
    """
    if not 0 < len(content) <= MOST_BYTES:
        raise UnreadableError(_("Choose a workbook of at most 8 MB."))
    keys = {column.key for column in full.columns}
    try:
        found = reader.read(content, {SUBJECT, NAME, *keys})
    except reader.UnreadableError as error:
        raise UnreadableError(str(error)) from error
    letters = {letter: head for letter, head in found.heads if head in keys}
    where = next((letter for letter, head in found.heads if head == SUBJECT), None)
    if where is None or not letters:
        raise UnreadableError(
            _("The first line must have the codes of this sheet: take the file from here.")
        )
    typed, before = {}, full.typed()
    known = {subject.code for subject in full.subjects}
    for number, cells in found.rows:
        code = str(cells[where].value).strip() if where in cells else ""
        if number == found.head_row + 1 and code not in known:
            continue  # the line of names
        if code not in known:
            told = _("Line %(line)d: “%(code)s” is not among the subjects of this sheet.")
            raise UnreadableError(told % {"line": number, "code": code})
        for letter, key in letters.items():
            cell = cells.get(letter)
            if cell is not None and cell.value not in {None, ""}:
                at = (code, key)
                typed[at] = Typed(_text(cell.value), before[at].note)
    return typed


def _text(value: Any) -> str:
    """A number of a spreadsheet as somebody would type it: 0.1 and not 0.1000000000000000055."""
    return format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)
