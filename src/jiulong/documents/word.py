"""The same document as .docx, for people who go on writing in it.

Faces by name as GB/T 9704-2012 asks for them; a machine that has them not takes its next best.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from jiulong.documents.blocks import (
    Block,
    Columns,
    Document,
    Facts,
    Figure,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Signatures,
    Table,
)
from jiulong.documents.text import clean
from jiulong.documents.typeset import drawing_png
from jiulong.documents.wordtables import Measures, facts_xml, signatures_xml, table_xml

TITLE_FACE: Final = "方正小标宋简体"
TEXT_FACE: Final = "仿宋"
HEADING_FACES: Final = {1: "黑体", 2: "楷体", 3: "仿宋"}
LATIN_FACE: Final = "Times New Roman"
AUTHOR: Final = "Jiulong"
SIDES: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
#: The moment a file tells when the document has none: the first that a zip can hold.
NO_MOMENT: Final = datetime(1980, 1, 1, tzinfo=UTC)


def as_docx(document: Document) -> bytes:
    """The document as .docx; the same bytes for the same document."""
    writer = _Writer(document)
    writer.top()
    writer.put(document.blocks, writer.measures.line_mm)
    writer.foot()
    out = io.BytesIO()
    writer.paper.save(out)
    return timeless(out.getvalue())


class _Writer:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.paper: Any = docx.Document()
        self.measures = Measures.of(form=document.form, landscape=document.landscape)
        self.turned = document.landscape
        self._page()
        self._properties()

    def top(self) -> None:
        """Title, subtitle, number."""
        one, sizes = self.document, self.measures
        for text, face, size in (
            (one.title, TITLE_FACE, sizes.title),
            (one.subtitle, TEXT_FACE, sizes.text),
            (one.number, TEXT_FACE, sizes.text),
        ):
            if text:
                where = self.paper.add_paragraph()
                where.alignment = SIDES["center"]
                where.paragraph_format.space_after = Pt(6)
                self._say(where, text, face, size)

    def put(self, blocks: Sequence[Block], line_mm: float) -> None:
        for block in blocks:
            if isinstance(block, PageBreak):
                line_mm = self._page_break(landscape=block.landscape)
            else:
                self._one(block, line_mm)

    def _one(self, block: Block, line_mm: float) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Paragraph():
                self._paragraph(block)
            case Facts():
                self._xml(facts_xml(block, self.measures, line_mm))
            case Table():
                self._table(block, line_mm)
            case Figure():
                png = drawing_png(block.drawing)
                self._picture(Picture(png, line_mm, block.caption), line_mm)
            case Picture():
                self._picture(block, line_mm)
            case Signatures():
                self._xml(signatures_xml(block, self.measures, line_mm))
            case Columns():
                # Word's columns are a section's; what stood side by side stands below each other.
                self.put(block.left, line_mm)
                self.put(block.right, line_mm)

    def _heading(self, block: Heading) -> None:
        level = min(max(block.level, 1), 3)
        where = self.paper.add_paragraph(style=f"Heading {level}")
        where.paragraph_format.keep_with_next = True
        self._say(where, block.text, HEADING_FACES[level], self.measures.text, bold=level == 1)

    def _paragraph(self, block: Paragraph) -> None:
        size = self.measures.small if block.small else self.measures.text
        # A paragraph a line: Word would stretch a justified line that a break ends.
        for line in clean(block.text).split("\n"):
            where = self.paper.add_paragraph()
            where.alignment = SIDES[block.align]
            if block.indent:
                where.paragraph_format.first_line_indent = Pt(size * 2)
            self._say(where, line, TEXT_FACE, size, bold=block.bold)

    def _table(self, block: Table, line_mm: float) -> None:
        self._caption(block.caption, above=True)
        self._xml(table_xml(block, self.measures, line_mm))
        if block.note:
            self._paragraph(Paragraph(block.note, indent=False, small=True))

    def _picture(self, block: Picture, line_mm: float) -> None:
        where = self.paper.add_paragraph()
        where.alignment = SIDES[block.align]
        width = Mm(min(block.width_mm, line_mm))
        where.add_run().add_picture(io.BytesIO(block.png), width=width)
        self._caption(block.caption)

    def _caption(self, text: str, *, above: bool = False) -> None:
        if text:
            where = self.paper.add_paragraph()
            where.alignment = SIDES["center"]
            where.paragraph_format.keep_with_next = above
            self._say(where, text, TEXT_FACE, self.measures.small, bold=True)

    def _xml(self, table: Any) -> None:
        """The table, and the empty line without which Word would join two tables."""
        body = self.paper.element.body
        body.insert(len(body) - 1, table)
        self.paper.add_paragraph().paragraph_format.line_spacing = Pt(8)

    def _say(self, where: Any, text: str, face: str, size: float, *, bold: bool = False) -> None:
        for number, line in enumerate(clean(text).split("\n")):
            run = where.add_run()
            if number:
                run.add_break()
            run.add_text(line)
            run.font.name, run.font.size, run.font.bold = LATIN_FACE, Pt(size), bold
            run.font.italic = False
            run._element.rPr.rFonts.set(qn("w:eastAsia"), face)  # noqa: SLF001 - no other way

    def _page_break(self, *, landscape: bool) -> float:
        """A new page, in a section of its own where it turns; gives the length of its line."""
        turned = landscape or self.document.landscape
        sizes = Measures.of(form=self.document.form, landscape=turned)
        if turned == self.turned:
            self.paper.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        else:
            self.turned = turned
            _lay(self.paper.add_section(WD_SECTION.NEW_PAGE), sizes, landscape=turned)
        return sizes.line_mm

    def _page(self) -> None:
        _lay(self.paper.sections[0], self.measures, landscape=self.document.landscape)
        for level in (1, 2, 3):
            style = self.paper.styles[f"Heading {level}"]
            style.font.color.rgb = None
            style.paragraph_format.space_before = Pt(8)
        self.paper.styles["Normal"].paragraph_format.space_after = Pt(4)

    def _properties(self) -> None:
        said, made = self.paper.core_properties, self.document.made_at or NO_MOMENT
        said.title, said.author, said.last_modified_by = clean(self.document.title), AUTHOR, AUTHOR
        said.comments, said.language = "", self.document.language
        said.created = said.modified = made.astimezone(UTC).replace(tzinfo=None)

    def foot(self) -> None:
        """— 1 —, the footer's words at the right end, a draft's mark on top of every page."""
        section = self.paper.sections[0]
        where = section.footer.paragraphs[0]
        where.alignment = SIDES["center"]
        self._say(where, "— ", TEXT_FACE, self.measures.small)
        for part in page_number():
            if isinstance(part, str):
                self._say(where, part, TEXT_FACE, self.measures.small)
            else:
                where.add_run()._element.append(part)  # noqa: SLF001
        self._say(where, " —", TEXT_FACE, self.measures.small)
        if self.document.footer:
            told = section.footer.add_paragraph()
            told.alignment = SIDES["right"]
            self._say(told, self.document.footer, TEXT_FACE, 7.5)
        if self.document.mark:
            above = section.header.paragraphs[0]
            above.alignment = SIDES["right"]
            self._say(above, self.document.mark, HEADING_FACES[1], self.measures.text, bold=True)


def _lay(section: Any, sizes: Measures, *, landscape: bool) -> None:
    """A section's paper and margins."""
    section.page_width, section.page_height = Mm(sizes.width_mm), Mm(sizes.height_mm)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.top_margin, section.bottom_margin = Mm(sizes.top_mm), Mm(sizes.bottom_mm)
    section.left_margin, section.right_margin = Mm(sizes.left_mm), Mm(sizes.right_mm)


def page_number() -> tuple[Any, ...]:
    """The parts of a PAGE field; each wants a run of its own, as word processors write it."""
    return _mark("begin"), _field("PAGE"), _mark("separate"), "1", _mark("end")


def _mark(kind: str) -> Any:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    return mark


def _field(name: str) -> Any:
    field = OxmlElement("w:instrText")
    field.set(qn("xml:space"), "preserve")
    field.text = f" {name} "
    return field


def timeless(packed: bytes) -> bytes:
    """The same parts with one moment for all: a zip tells otherwise when each was written."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = zipfile.ZipInfo(name, NO_MOMENT.timetuple()[:6])
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return out.getvalue()
