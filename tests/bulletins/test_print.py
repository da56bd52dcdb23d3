"""The paper of a circular, measured: GB/T 9704-2012 on the PDF and in Word."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Emu, RGBColor
from PIL import Image

from jiulong.bulletins import paper, templating
from jiulong.bulletins.paper import Printed
from jiulong.documents import Official, as_pages, as_pdf
from tests.bulletins.test_templating import told

#: Pixels of a millimetre at 72 ppi.
MM = 72 / 25.4
RED = RGBColor(0xE6, 0x00, 0x12)


def circular(**changes: Any) -> Printed:
    known = {"head": "芗城区督查通报", "number": "芗督通〔2026〕3号", "copies": "区委办公室"}
    return told(**{**known, **changes})


def red_rows(page: bytes) -> list[tuple[int, int, int]]:
    """Rows with red in them: which, where it begins, how long it reaches; in pixels."""
    picture = Image.open(io.BytesIO(page)).convert("RGB")
    wide, high = picture.size
    found = []
    for y in range(high):
        row = [
            x for x in range(wide)
            if (dot := picture.getpixel((x, y)))[0] > 180 and dot[1] < 120 and dot[2] < 120
        ]  # fmt: skip
        if row:
            found.append((y, row[0], row[-1] - row[0]))
    return found


def test_the_pdf_has_its_head_its_line_and_its_measures() -> None:
    document = paper.document(circular())
    assert isinstance(document, Official)
    pages = as_pages(document, ppi=72)
    assert Image.open(io.BytesIO(pages[0])).size == (595, 842)
    rows = red_rows(pages[0])
    # 35 mm below the margin of 37 mm begins the head; the line under the number is 156 mm long.
    assert rows[0][0] / MM == pytest.approx(72, abs=4)
    line, start, length = rows[-1]
    assert start / MM == pytest.approx(28, abs=1)
    assert length / MM == pytest.approx(156, abs=1)
    assert line > rows[0][0] + 20 * MM
    assert not red_rows(pages[-1])
    assert as_pdf(document) == as_pdf(document)


def test_without_a_head_it_is_plain() -> None:
    document = paper.document(circular(head=""))
    assert not isinstance(document, Official)
    assert not red_rows(as_pages(document, ppi=72)[0])


def test_word_has_the_same_measures() -> None:
    made = docx.Document(io.BytesIO(templating.fill(templating.built_in(red=True), circular())))
    section = made.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    text = section.page_width - section.left_margin - section.right_margin
    high = section.page_height - section.top_margin - section.bottom_margin
    assert (round(Emu(text).mm), round(Emu(high).mm)) == (156, 225)
    head, number, title = made.paragraphs[:3]
    assert (head.text, head.runs[0].font.size.pt, head.runs[0].font.color.rgb) == (
        "芗城区督查通报", 42, RED,
    )  # fmt: skip
    assert round(head.paragraph_format.space_before.mm) == 35
    line = number._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert (number.text, line.get(qn("w:color"))) == ("芗督通〔2026〕3号", "E60012")
    assert (title.runs[0].font.size.pt, face(title)) == (22, "方正小标宋简体")
    body = next(one for one in made.paragraphs if one.text == "第一段")
    assert (body.runs[0].font.size.pt, face(body)) == (16, "仿宋")
    assert body.paragraph_format.first_line_indent.pt == 32
    assert 637.8 / body.paragraph_format.line_spacing.pt == pytest.approx(22, abs=0.1)


def test_word_has_page_numbers_outside_and_the_imprint_at_the_foot() -> None:
    made = docx.Document(io.BytesIO(templating.fill(templating.built_in(red=True), circular())))
    section = made.sections[0]
    assert made.settings.odd_and_even_pages_header_footer
    sides = [one.paragraphs[0].alignment for one in (section.footer, section.even_page_footer)]
    assert [side.name for side in sides] == ["RIGHT", "LEFT"]
    assert section.footer.paragraphs[0].text.replace(" ", "")[0::2][:1] == "—"
    last = made.tables[-1]
    place = last._tbl.tblPr.find(qn("w:tblpPr"))
    assert (place.get(qn("w:vertAnchor")), place.get(qn("w:tblpYSpec"))) == ("margin", "bottom")
    assert [row.cells[0].text for row in last.rows] == [
        "抄送：区委办公室", "督查室\t2026年3月10日印发",
    ]  # fmt: skip
    # Before it comes the annex; who has nobody to copy it to has one line.
    assert made.tables[-2].rows[1].cells[0].text == "q1"
    alone = templating.fill(templating.built_in(red=True), told())
    assert len(docx.Document(io.BytesIO(alone)).tables[-1].rows) == 1


def face(paragraph: Any) -> str:
    return str(paragraph.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")))
