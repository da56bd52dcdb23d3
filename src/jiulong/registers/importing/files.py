"""Workbooks for people: an empty template, and a sheet with its faults marked in it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from jiulong.pages.export import cell as harmless
from jiulong.registers.columns import SheetColumn, sheet_columns
from jiulong.registers.fields import BooleanField, ChoiceField, Field, TextField
from jiulong.registers.importing import sheets
from jiulong.registers.importing.firms import COLUMNS
from jiulong.registers.models import Enterprise, ImportJob
from jiulong.registers.schema import RegisterSpec

HEAD: Final = PatternFill("solid", fgColor="FFDCE9EF")
WRONG: Final = PatternFill("solid", fgColor="FFF6CFC8")
WIDTH: Final = 18
EXAMPLES: Final = {
    "text": "文字", "number": 12, "money": 3.5, "date": "2026-01-31", "boolean": "是",
    "place": "117.65, 24.51", "link": "", "unit": "", "person": "",
}  # fmt: skip


def template(spec: RegisterSpec | None) -> bytes:
    """An .xlsx with the heads, choices to pick from, and an example that the import passes over."""
    columns = sheet_columns(spec) if spec else list(COLUMNS)
    columns = [one for one in columns if one.field is None or one.field.type != "computed"]
    book = Workbook()
    sheet: Any = book.active
    name = str(spec.name) if spec else _("Enterprises")
    sheet.title = name[:31].translate(dict.fromkeys(map(ord, "[]:*?/\\"), "_"))
    sheet.freeze_panes = "B2"
    lists = book.create_sheet("choices")
    lists.sheet_state = "hidden"
    for place, column in enumerate(columns, 1):
        _head(sheet, lists, place, column)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Any, lists: Any, place: int, column: SheetColumn) -> None:
    letter = get_column_letter(place)
    required = column.field is not None and column.field.required
    head = sheet.cell(1, place, harmless(column.label.show() + ("*" if required else "")))
    head.font, head.fill = Font(bold=True), HEAD
    head.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.column_dimensions[letter].width = WIDTH
    if column.field is not None and column.field.hint:
        head.comment = Comment(column.field.hint.show(), "Jiulong")
    example = _("Example (passed over)") if place == 1 else _example(column.field)
    sheet.cell(2, place, harmless(example)).font = Font(italic=True, color="FF566770")
    if words := _choices(column):
        for row, word in enumerate(words, 1):
            lists.cell(row, place, harmless(word))
        several = isinstance(column.field, ChoiceField) and column.field.several
        rule = DataValidation(
            type="list", formula1=f"choices!${letter}$1:${letter}${len(words)}", allow_blank=True,
            showErrorMessage=not several,
        )  # fmt: skip
        sheet.add_data_validation(rule)
        rule.add(f"{letter}2:{letter}{sheets.ROWS_MAX + 1}")


def _example(field: Field | None) -> Any:
    if field is None:
        return None
    if isinstance(field, ChoiceField):
        return str(field.choices[0].label)
    if isinstance(field, TextField) and field.example:
        return field.example
    return EXAMPLES.get(field.type)


def _choices(column: SheetColumn) -> list[str]:
    if isinstance(column.field, ChoiceField):
        return [str(option.label) for option in column.field.choices]
    if isinstance(column.field, BooleanField):
        return [_("yes"), _("no")]
    if column.key == "trade":
        return [str(label) for label in Enterprise.Trade.labels]
    return []


def annotated(job: ImportJob) -> bytes:
    """The sheet that was handed in, wrong cells coloured and remarked, faults in a last column."""
    from jiulong.registers.importing.steps import target_of  # noqa: PLC0415 - they use us

    known = {sheets.clean_head(head) for one in target_of(job).columns for head in one.heads}
    sheet = sheets.read(bytes(job.content), known)
    faults: dict[str, list[str]] = {}
    for at, told in job.faults:
        faults.setdefault(at, []).append(told)
    book = Workbook(write_only=True)
    page = book.create_sheet()
    page.freeze_panes = "A2"
    heads = dict(sheet.heads)
    last = max(column_index_from_string(letter) for letter in heads)
    letters = [get_column_letter(place) for place in range(1, last + 1)]
    # The same rows as in the file that was handed in, so that addresses mean the same in both.
    for _row in range(1, sheet.head_row):
        page.append([])
    page.append(
        [_marked(page, heads.get(letter), faults.get(f"{letter}{sheet.head_row}"), HEAD)
         for letter in letters] + [_("Errors")]
    )  # fmt: skip
    before = sheet.head_row
    for number, cells in sheet.rows:
        for _row in range(before + 1, number):
            page.append([])
        page.append(list(_line(page, number, cells, letters, faults)))
        before = number
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _line(
    page: Any, number: int, cells: dict[str, sheets.Cell], letters: list[str],
    faults: dict[str, list[str]],
) -> Iterable[Any]:  # fmt: skip
    told = []
    for letter in letters:
        cell = cells.get(letter)
        wrong = faults.get(f"{letter}{number}")
        value = cell.value if cell else None
        yield _marked(page, value, wrong, WRONG) if wrong else harmless(value)
        if wrong:
            told.append(f"{letter}{number}: {'; '.join(wrong)}")
    yield harmless(" | ".join(told)) if told else None


def _marked(page: Any, value: Any, remarks: list[str] | None, fill: PatternFill) -> Any:
    made = WriteOnlyCell(page, value=harmless(value))
    made.fill = WRONG if remarks else fill
    if remarks:
        made.comment = Comment("\n".join(remarks), "Jiulong")
    return made
