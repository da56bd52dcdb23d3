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
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from jiulong.documents.word import page_number, timeless  # noqa: E402

FORMS: Final = ROOT / "src/jiulong/bulletins/letterheads"
TITLE, TEXT, BLACK, KAI, LATIN = "方正小标宋简体", "仿宋", "黑体", "楷体", "Times New Roman"
#: Faces that come with Windows, WPS or macOS, and the free one of the PDF.
OTHERS: Final = {
    TITLE: "方正小标宋_GBK,华文中宋,Noto Serif SC", TEXT: "仿宋_GB2312,华文仿宋,Noto Serif SC",
    BLACK: "SimHei,思源黑体,Noto Sans SC",
}  # fmt: skip
RED: Final = RGBColor(0xE6, 0x00, 0x12)
SIZE, TITLE_SIZE, HEAD_SIZE, SMALL, TABLE = 16, 22, 42, 14, 12
#: 22 lines on the 225 mm of a page.
LINE: Final = 28.95
#: 发文机关标志 stands 35 mm below the margin; number and title two lines under what is above.
HEAD_BEFORE: Final = 99
TWO_LINES: Final = 2 * LINE
WIDTH_MM: Final = 156
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
        before: float = 0, where: Any = None, keep: bool = False,
    ) -> Any:  # fmt: skip
        """One paragraph."""
        found = where if where is not None else self.paper.add_paragraph()
        form = found.paragraph_format
        found.alignment = SIDES[side]
        form.space_after, form.space_before = Pt(after), Pt(before)
        form.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
        form.line_spacing = Pt(max(LINE, size * 1.3)) if size >= SIZE else Pt(size * 1.4)
        form.keep_with_next = keep
        if indent:
            form.first_line_indent = Pt(size * 2)
        self.say(found, text, face, size, red=red, bold=bold)
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
        _whole(made.rows[2])
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
        # Four characters from the right, as under a stamp.
        for text, before in (("{{ signed }}", TWO_LINES), ("{{ on }}", 0)):
            found = self.line(text, side="right", before=before, keep=not before)
            found.paragraph_format.right_indent = Pt(4 * SIZE)

    def record(self) -> None:
        """版记 at the foot of the last page: copies, who printed it and when, between lines.

        A table that floats at the margin: text never stands under it, wherever the paper ends.
        """
        made = self.paper.add_table(rows=4, cols=1)
        made.autofit = False
        texts = ("{%tr if copies %}", "抄送：{{ copies }}", "{%tr endif %}",
                 "{{ printed_by }}\t{{ on }}印发")  # fmt: skip
        for row, text in zip(made.rows, texts, strict=True):
            where = row.cells[0].paragraphs[0]
            self.line(text, size=SMALL, side="left", where=where)
            form = where.paragraph_format
            form.left_indent = form.right_indent = Pt(SMALL)
            form.tab_stops.add_tab_stop(Mm(WIDTH_MM) - Pt(SMALL), WD_TAB_ALIGNMENT.RIGHT)
            row.cells[0].width = Mm(WIDTH_MM)
        _at_the_foot(made)
        # A floating table hangs on the paragraph behind it.
        self.line("", size=1)

    def sources(self) -> None:
        """The annex: where each figure comes from, on a page of its own."""
        self.tag("{%p if sources %}")
        found = self.line("附件：各项数据来源", face=BLACK, side="left", after=8)
        found.paragraph_format.page_break_before = True
        self.table("sources", "sources_head", "row")
        self.line("", size=8)
        self.tag("{%p endif %}")

    def foot(self) -> None:
        """— 1 —, on odd pages at the right, on even ones at the left, one character from the edge;
        under it the digest and the seal; a draft says so above.
        """
        self.paper.settings.odd_and_even_pages_header_footer = True
        section = self.paper.sections[0]
        for footer, header, side, other in (
            (section.footer, section.header, "right", "left"),
            (section.even_page_footer, section.even_page_header, "left", "right"),
        ):
            self.number(footer.paragraphs[0], side)
            self.line("{{ footer }}", size=7.5, side=other, where=footer.add_paragraph())
            self.line("{{ mark }}", face=BLACK, side="right", where=header.paragraphs[0])

    def number(self, where: Any, side: str) -> None:
        """The number of the page."""
        where.alignment = SIDES[side]
        self.say(where, "— ", TEXT, SMALL)
        for part in page_number():
            if isinstance(part, str):
                self.say(where, part, TEXT, SMALL)
            else:
                run = where.add_run()
                run.font.size = Pt(SMALL)
                run._element.append(part)  # noqa: SLF001
        self.say(where, " —", TEXT, SMALL)
        where.paragraph_format.left_indent = where.paragraph_format.right_indent = Pt(SMALL)

    def save(self, name: str) -> None:
        _fallbacks(self.paper)
        out = io.BytesIO()
        self.paper.save(out)
        (FORMS / name).write_bytes(timeless(out.getvalue()))


def _ruled(where: Any, side: str) -> None:
    """A red line as wide as the text, 4 mm under the paragraph."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement(f"w:{side}")
    for key, value in (("val", "single"), ("sz", "12"), ("space", "11"), ("color", "E60012")):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    where._p.get_or_add_pPr().append(borders)  # noqa: SLF001


def _at_the_foot(table: Any) -> None:
    """Float the table at the bottom margin; thick lines outside (0.35 mm), a thin one within."""
    told = table._tbl.tblPr  # noqa: SLF001
    place = OxmlElement("w:tblpPr")
    for key, value in (
        ("horzAnchor", "margin"), ("vertAnchor", "margin"), ("tblpXSpec", "center"),
        ("tblpYSpec", "bottom"), ("topFromText", "400"),
    ):  # fmt: skip
        place.set(qn(f"w:{key}"), value)
    told.insert(0 if told.tblStyle is None else 1, place)
    borders = OxmlElement("w:tblBorders")
    for side, size in (("top", "8"), ("bottom", "8"), ("insideH", "6")):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", size), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    told.find(qn("w:tblLayout")).addprevious(borders)


def _whole(row: Any) -> None:
    """A row stands on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001


def _fallbacks(paper: Any) -> None:
    """What Word takes where an office has not bought the faces of official papers."""
    told = "".join(
        f'<w:font w:name="{face}"><w:altName w:val="{others}"/></w:font>'
        for face, others in OTHERS.items()
    )
    for part in paper.part.package.parts:
        if str(part.partname) == "/word/fontTable.xml":
            part._blob = part.blob.replace(b"</w:fonts>", f"{told}</w:fonts>".encode())  # noqa: SLF001


def _head(row: Any) -> None:
    """The head of the table stands on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001


def official() -> None:
    """With a red head: circulars, commendations, notices."""
    form = Form()
    form.line(
        "{{ head }}", face=TITLE, size=HEAD_SIZE, side="center", red=True, before=HEAD_BEFORE,
    )  # fmt: skip
    _ruled(form.line("{{ number }}", side="center", before=TWO_LINES), "bottom")
    form.line(
        "{{ title }}", face=TITLE, size=TITLE_SIZE, side="center", before=TWO_LINES, after=LINE
    )
    form.body()
    form.sources()
    form.record()
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
