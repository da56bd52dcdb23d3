"""Writes the .docx forms of bulletins in the box: `.venv/bin/python scripts/bulletin_forms.py`.

Proportions of GB/T 9704-2012: A4, margins 37/35/28/26 mm, text 16 pt 仿宋 in lines of 28 pt, title
22 pt 小标宋, red head and line, number under it, 版记 at the foot, page numbers "— 1 —" of 14 pt.
The placeholders are those of docs/bulletins.md.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any, Final

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from jiulong.documents.word import page_number, timeless  # noqa: E402

FORMS: Final = ROOT / "src/jiulong/bulletins/letterheads"
TITLE, TEXT, BLACK, KAI, LATIN = "方正小标宋简体", "仿宋", "黑体", "楷体", "Times New Roman"
RED: Final = RGBColor(0xE6, 0x00, 0x12)
SIZE, TITLE_SIZE, HEAD_SIZE, SMALL, TABLE = 16, 22, 42, 14, 12
SIDES: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT, "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}  # fmt: skip


class Form:
    """One .docx while it is written."""

    def __init__(self) -> None:
        self.paper: Any = docx.Document()
        section = self.paper.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(22)
        style = self.paper.styles["Normal"]
        style.font.name, style.font.size = LATIN, Pt(SIZE)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), TEXT)
        self.paper.core_properties.author = "Jiulong"
        self.paper.core_properties.comments = ""

    def line(
        self, text: str, *, face: str = TEXT, size: float = SIZE, side: str = "justify",
        indent: bool = False, red: bool = False, bold: bool = False, after: float = 0,
        before: float = 0, rule: str = "", where: Any = None, keep: bool = False,
    ) -> Any:  # fmt: skip
        """One paragraph; `rule` draws a line above or below it."""
        found = where if where is not None else self.paper.add_paragraph()
        form = found.paragraph_format
        found.alignment = SIDES[side]
        form.space_after, form.space_before = Pt(after), Pt(before)
        form.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
        form.line_spacing = Pt(max(28, size * 1.3)) if size >= SIZE else Pt(size * 1.4)
        form.keep_with_next = keep
        if indent:
            form.first_line_indent = Pt(size * 2)
        self.say(found, text, face, size, red=red, bold=bold)
        if rule:
            _ruled(found, rule, red=red)
        return found

    def tag(self, text: str) -> None:
        """A paragraph that holds only a tag; it is gone when the form is filled."""
        self.say(self.paper.add_paragraph(), text, TEXT, SMALL)

    def say(
        self,
        where: Any,
        text: str,
        face: str,
        size: float,
        *,
        red: bool = False,
        bold: bool = False,
    ) -> None:
        run = where.add_run(text)
        run.font.name, run.font.size, run.font.bold = LATIN, Pt(size), bold
        run._element.rPr.rFonts.set(qn("w:eastAsia"), face)  # noqa: SLF001 - no other way
        if red:
            run.font.color.rgb = RED

    def table(self, rows: str, head: str, cells: str) -> None:
        """A ruled table whose columns and rows come with the content."""
        made = self.paper.add_table(rows=4, cols=3)
        made.style = "Table Grid"
        made.autofit = True
        _head(made.rows[0])
        lines = (
            ("{%tc for cell in " + head + " %}", "{{ cell }}", "{%tc endfor %}"),
            ("{%tr for row in " + rows + " %}", "", ""),
            ("{%tc for cell in " + cells + " %}", "{{ cell }}", "{%tc endfor %}"),
            ("{%tr endfor %}", "", ""),
        )
        for place, (row, texts) in enumerate(zip(made.rows, lines, strict=True)):
            for cell, text in zip(row.cells, texts, strict=True):
                self.line(
                    text, face=BLACK if place == 0 else TEXT, size=TABLE, side="center",
                    where=cell.paragraphs[0],
                )  # fmt: skip

    def body(self) -> None:
        """To whom, the parts, the office and the day."""
        self.tag("{%p if to %}")
        self.line("{{ to }}", side="left")
        self.tag("{%p endif %}")
        self.tag("{%p for section in sections %}")
        self.tag("{%p if section.heading %}")
        self.line("{{ section.heading }}", face=BLACK, indent=True, keep=True)
        self.tag("{%p endif %}")
        self.tag("{%p for text in section.paragraphs %}")
        self.line("{{ text }}", indent=True)
        self.tag("{%p endfor %}")
        self.tag("{%p for table in section.tables %}")
        self.line("{{ table.caption }}", face=BLACK, size=TABLE, side="center", keep=True)
        self.table("table.rows", "table.head", "row")
        self.line("", size=8)
        self.tag("{%p endfor %}")
        self.tag("{%p endfor %}")
        self.line("{{ signed }}", side="right", before=28, keep=True)
        self.line("{{ on }}", side="right", after=28)

    def record(self) -> None:
        """版记: copies, who printed it and when, between two lines."""
        self.tag("{%p if copies %}")
        self.line("抄送：{{ copies }}", size=SMALL, side="left", rule="top")
        self.tag("{%p endif %}")
        self.line("{{ printed_by }}　　{{ on }}印发", size=SMALL, side="left", rule="both")

    def sources(self) -> None:
        """The annex: where each figure comes from, on a page of its own."""
        self.tag("{%p if sources %}")
        found = self.line("附件：各项数据来源", face=BLACK, side="left", after=8)
        found.paragraph_format.page_break_before = True
        self.table("sources", "sources_head", "row")
        self.tag("{%p endif %}")

    def foot(self) -> None:
        """— 1 —, and at the right the digest and the seal; a draft says so above."""
        section = self.paper.sections[0]
        where = section.footer.paragraphs[0]
        where.alignment = SIDES["center"]
        self.say(where, "— ", TEXT, SMALL)
        for part in page_number():
            if isinstance(part, str):
                self.say(where, part, TEXT, SMALL)
            else:
                run = where.add_run()
                run.font.size = Pt(SMALL)
                run._element.append(part)  # noqa: SLF001
        self.say(where, " —", TEXT, SMALL)
        self.line("{{ footer }}", size=7.5, side="right", where=section.footer.add_paragraph())
        self.line(
            "{{ mark }}", face=BLACK, size=SIZE, side="right", where=section.header.paragraphs[0]
        )

    def save(self, name: str) -> None:
        out = io.BytesIO()
        self.paper.save(out)
        (FORMS / name).write_bytes(timeless(out.getvalue()))


def _ruled(where: Any, sides: str, *, red: bool) -> None:
    borders = OxmlElement("w:pBdr")
    for side in ("top", "bottom") if sides == "both" else (sides,):
        line = OxmlElement(f"w:{side}")
        for key, value in (
            ("val", "single"), ("sz", "12" if red else "6"), ("space", "6" if red else "1"),
            ("color", "E60012" if red else "000000"),
        ):  # fmt: skip
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    where._p.get_or_add_pPr().append(borders)  # noqa: SLF001


def _head(row: Any) -> None:
    """The head of the table stands on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001


def official() -> None:
    """With a red head: circulars, commendations, notices."""
    form = Form()
    form.line(
        "{{ head }}", face=TITLE, size=HEAD_SIZE, side="center", red=True, before=40, after=24
    )
    _ruled(form.line("{{ number }}", side="center"), "bottom", red=True)
    form.line("{{ title }}", face=TITLE, size=TITLE_SIZE, side="center", before=28, after=28)
    form.body()
    form.record()
    form.sources()
    form.foot()
    form.save("official.docx")


def plain() -> None:
    """Without one: letters, quarterly sheets, meeting packs."""
    form = Form()
    form.line("{{ title }}", face=TITLE, size=TITLE_SIZE, side="center", after=14)
    form.line("{{ number }}", side="center", after=14)
    form.body()
    form.sources()
    form.foot()
    form.save("plain.docx")


if __name__ == "__main__":
    FORMS.mkdir(exist_ok=True)
    official()
    plain()
