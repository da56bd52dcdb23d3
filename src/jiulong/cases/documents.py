"""Ledgers as .docx: official table, landscape, black on white, page numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from jiulong.documents.word import page_number
from jiulong.pages.columns import Column

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
AUTHOR: Final = "Jiulong"
#: Faces of official documents (GB/T 9704-2012: 小标宋 for titles, 仿宋 for text); Word takes the
#: next best where they are not installed.
TITLE_FACE: Final = "方正小标宋简体"
TEXT_FACE: Final = "仿宋"
TITLE_SIZE: Final = Pt(20)
TEXT_SIZE: Final = Pt(9)
MARGIN: Final = Cm(2)
A4: Final = (Cm(29.7), Cm(21))


def ledger(title: str, columns: Sequence[Column], rows: Sequence[Any], now: datetime) -> bytes:
    """The table with a title, the day it was made and the number of its rows."""
    paper = Document()
    _properties(paper, title, now)
    _landscape(paper)
    _paragraph(paper.add_paragraph(), title, TITLE_FACE, TITLE_SIZE, centred=True)
    day = timezone.localtime(now).strftime("%Y-%m-%d")
    told = _("As of %(day)s; %(n)d rows") % {"day": day, "n": len(rows)}
    _paragraph(paper.add_paragraph(), told, TEXT_FACE, TEXT_SIZE, centred=True)
    table = paper.add_table(rows=1, cols=len(columns) + 1)
    table.style = "Table Grid"
    _fill(table.rows[0].cells, [_("No."), *(str(column.label) for column in columns)], bold=True)
    _repeat(table.rows[0])
    for index, row in enumerate(rows, start=1):
        texts = [str(index), *(cell(column.exported(row)) for column in columns)]
        _fill(table.add_row().cells, texts)
    _number_pages(paper)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def cell(value: Any) -> str:
    """A value as it stands in a cell of an official table."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, date | Decimal | int | float):
        return str(value)
    return str(value)


def _properties(paper: Any, title: str, now: datetime) -> None:
    """What the file says of itself, in place of what python-docx's model says."""
    said = paper.core_properties
    said.title, said.author, said.last_modified_by = title, AUTHOR, AUTHOR
    said.comments = ""
    said.created = said.modified = now.astimezone(UTC).replace(tzinfo=None)


def _landscape(paper: Any) -> None:
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = A4
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = MARGIN


def _paragraph(where: Any, text: str, face: str, size: Any, *, centred: bool = False) -> None:
    run = where.add_run(text)
    _face(run, face, size)
    if centred:
        where.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _face(run: Any, face: str, size: Any) -> None:
    run.font.name, run.font.size = face, size
    run._element.rPr.rFonts.set(qn("w:eastAsia"), face)  # noqa: SLF001 - python-docx has no way


def _fill(cells: Any, texts: Sequence[str], *, bold: bool = False) -> None:
    for one, text in zip(cells, texts, strict=True):
        where = one.paragraphs[0]
        _paragraph(where, text, TEXT_FACE, TEXT_SIZE)
        where.runs[0].bold = bold


def _repeat(row: Any) -> None:
    """The head of the table on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001


def _number_pages(paper: Any) -> None:
    """A PAGE field; each part in a run of its own, as word processors write it."""
    where = paper.sections[0].footer.paragraphs[0]
    where.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in page_number():
        run = where.add_run(part if isinstance(part, str) else "")
        if not isinstance(part, str):
            run._element.append(part)  # noqa: SLF001
        _face(run, TEXT_FACE, TEXT_SIZE)
