"""Ledgers as .xlsx, as offices file them: title over the table, borders, set up for the printer."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from jiulong.pages.export import XLSX, cell, sheet_name

__all__ = ["XLSX", "sheet"]

THIN: Final = Side(style="thin", color="000000")
BOX: Final = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
TITLE: Final = Font(name="方正小标宋简体", size=18)
HEAD: Final = Font(name="黑体", size=10, bold=True)
TEXT: Final = Font(name="仿宋", size=10)
MIDDLE: Final = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT: Final = Alignment(vertical="center", wrap_text=True)
A3, A4 = 8, 9
#: More columns than this do not fit on A4 across.
A4_COLUMNS: Final = 20


def sheet(  # noqa: PLR0917 - what stands on the page, from top to bottom
    title: str,
    told: str,
    head: Sequence[str],
    rows: Sequence[Sequence[Any]],
    widths: Sequence[float],
    now: datetime,
) -> bytes:
    """The workbook. `told` stands under the title: what the table is of, and whose."""
    book = Workbook()
    book.remove(book.worksheets[0])
    page = book.create_sheet(sheet_name(title))
    last = get_column_letter(len(head))
    made = timezone.localtime(now).strftime("%Y-%m-%d %H:%M")
    page.append([title])
    page.append([f"{told}    {_('Made')}: {made}"])
    page.merge_cells(f"A1:{last}1")
    page.merge_cells(f"A2:{last}2")
    page["A1"].font, page["A1"].alignment = TITLE, MIDDLE
    page["A2"].font, page["A2"].alignment = TEXT, LEFT
    page.row_dimensions[1].height = 30
    page.append(list(head))
    for row in rows:
        page.append([cell(value) for value in row])
    _dress(page, len(head), len(rows))
    for index, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(index)].width = width + 2
    _print(page, len(head), last)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _dress(page: Any, columns: int, rows: int) -> None:
    """Borders and faces; numbers stand in the middle, words wrap."""
    for line in page.iter_rows(min_row=3, max_row=3 + rows, max_col=columns):
        for one in line:
            number = isinstance(one.value, int | float | Decimal)
            one.border = BOX
            one.font = HEAD if one.row == 3 else TEXT
            one.alignment = MIDDLE if one.row == 3 or number else LEFT
    page.freeze_panes = "A4"


def _print(page: Any, columns: int, last: str) -> None:
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = A4 if columns <= A4_COLUMNS else A3
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "3:3"
    page.print_options.horizontalCentered = True
    page.oddFooter.center.text = "&P / &N"
    page.print_area = f"A1:{last}{page.max_row}"
