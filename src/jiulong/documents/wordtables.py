"""Tables of .docx as one piece of XML: a thousand rows by python-docx's own verbs take a minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from jiulong.documents.blocks import Cell, Facts, Signatures, Table
from jiulong.documents.text import clean

FACES: Final = 'w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋"'
TWIPS_PER_MM: Final = 1440 / 25.4
SHADE: Final = '<w:shd w:val="clear" w:color="auto" w:fill="EBEBEB"/>'
UNDERLINE: Final = (
    '<w:tcBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="000000"/></w:tcBorders>'
)
RULED: Final = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


@dataclass(frozen=True, slots=True)
class Measures:
    """Page and type: millimetres and points. GB/T 9704-2012, or smaller for forms and ledgers."""

    width_mm: float
    height_mm: float
    top_mm: float
    bottom_mm: float
    left_mm: float
    right_mm: float
    title: float
    text: float
    small: float

    @classmethod
    def of(cls, *, form: bool, landscape: bool) -> Self:
        width, height = (297.0, 210.0) if landscape else (210.0, 297.0)
        tight = form or landscape
        margins = (20.0, 20.0, 18.0, 18.0) if tight else (37.0, 35.0, 28.0, 26.0)
        sizes = (16.0, 10.5, 9.0) if form else (22.0, 16.0, 10.5)
        return cls(width, height, *margins, *sizes)

    @property
    def line_mm(self) -> float:
        return self.width_mm - self.left_mm - self.right_mm


def table_xml(block: Table, measures: Measures, line_mm: float) -> Any:
    """A ruled table whose head is repeated on every page."""
    count = len(block.head)
    widths = _widths(block.widths or (1.0,) * count, line_mm)
    middle = ("center",) * count
    head = [_bold(cell) for cell in block.head]
    rows = [_row(block.over, widths, middle, measures.small, head=True)] if block.over else []
    rows.append(_row(head, widths, middle, measures.small, head=True))
    rows += [_row(row, widths, block.align, measures.small) for row in block.rows]
    return _table(widths, rows, RULED)


def facts_xml(block: Facts, measures: Measures, line_mm: float) -> Any:
    """Labels shaded, values beside them, `columns` pairs a row."""
    count = max(block.columns, 1)
    widths = _widths((4.0, 5.0) * count, line_mm)
    rows = []
    for start in range(0, len(block.pairs), count):
        cells: list[str | Cell] = []
        for label, value in block.pairs[start : start + count]:
            cells += [Cell(label, shaded=True), value]
        cells += [""] * (2 * count - len(cells))
        rows.append(_row(cells, widths, (), measures.small))
    return _table(widths, rows, RULED)


def signatures_xml(block: Signatures, measures: Measures, line_mm: float) -> Any:
    """What is signed as, and a line to sign on."""
    count = max(block.per_row, 1)
    widths = _widths((2.0, 3.0) * count, line_mm)
    rows = []
    for start in range(0, len(block.lines), count):
        cells: list[str | Cell] = []
        for label, name in block.lines[start : start + count]:
            cells += [Cell(label, align="right"), name]
        cells += [""] * (2 * count - len(cells))
        rows.append(_row(cells, widths, (), measures.small, lined=True))
    return _table(widths, rows, "")


def _widths(shares: Sequence[float], line_mm: float) -> list[int]:
    whole = sum(shares)
    return [round(share / whole * line_mm * TWIPS_PER_MM) for share in shares]


def _bold(cell: str | Cell) -> Cell:
    if isinstance(cell, str):
        return Cell(cell, bold=True)
    return Cell(cell.text, bold=True, align=cell.align, span=cell.span, shaded=cell.shaded)


def _table(widths: Sequence[int], rows: Sequence[str], borders: str) -> Any:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f"<w:tblBorders>{borders}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _row(
    cells: Sequence[str | Cell],
    widths: Sequence[int],
    align: Sequence[str],
    size: float,
    *,
    head: bool = False,
    lined: bool = False,
) -> str:
    place, done = 0, []
    for told in cells:
        cell = told if isinstance(told, Cell) else Cell(told)
        side = cell.align or (align[place] if place < len(align) else "left")
        width = sum(widths[place : place + cell.span])
        under = lined and place % 2 == 1
        done.append(_cell(cell, width, side, size, under=under))
        place += cell.span
    mark = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{mark}</w:trPr>{''.join(done)}</w:tr>"


def _cell(cell: Cell, width: int, side: str, size: float, *, under: bool) -> str:
    weight = "<w:b/>" if cell.bold else ""
    run = f'<w:rPr><w:rFonts {FACES}/>{weight}<w:sz w:val="{round(size * 2)}"/></w:rPr>'
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in clean(cell.text).split("\n")
    )
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    look = (UNDERLINE if under else "") + (SHADE if cell.shaded else "")
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{look}<w:vAlign w:val="center"/>'
        f'</w:tcPr><w:p><w:pPr><w:spacing w:before="20" w:after="20"/><w:jc w:val="{side}"/>'
        f"</w:pPr><w:r>{run}{lines}</w:r></w:p></w:tc>"
    )
