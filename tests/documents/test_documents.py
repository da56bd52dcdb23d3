"""Documents say what they were given, as .docx and as PDF, and the same way twice."""

from __future__ import annotations

import dataclasses
import io
from datetime import UTC, datetime
from typing import Any

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn

from jiulong.documents import (
    Bars,
    Block,
    Cell,
    Columns,
    Document,
    Facts,
    Figure,
    Heading,
    Lines,
    PageBreak,
    Paragraph,
    Picture,
    Series,
    Signatures,
    Strip,
    Table,
    as_data,
    as_docx,
    as_pages,
    as_pdf,
    digest,
    drawn,
    qr_png,
)

HOSTILE = 'a#b $x$ *y* _z_ <w:p> & "q" [l](m) \\u{1} @ref ] } ~ ` \x00\x1b\ud800 \u202eabc 🌊 终'
LONG = "f" * 400


def everything() -> Document:
    blocks: list[Block] = [
        Heading("一、联网运行情况"),
        Paragraph("本月共有监控点120个。\n第二行"),
        Heading("(一)传输", 2),
        Facts([("传输率", "99.1 %"), ("有效率", "97.2 %"), ("在线率", "99.9 %")]),
        Figure(Lines(["1", "2", "3"], [Series("氨氮", [1, None, 2])], "mg/L", 5, "限值5"), "图1"),
        Figure(Bars(["甲厂", "乙厂"], [98, None], "%", 90, "90"), "图2"),
        Figure(Strip(["1", "2"], [("DW001", ["good", "over"])], [("over", "超标")]), "图3"),
        Table(
            head=["企业", Cell("日均值")],
            rows=[["甲厂", Cell("48.31", bold=True, shaded=True)], [Cell("合计", span=2)]],
            align=("left", "right"),
            over=(Cell("全部", span=2),),
            caption="表1",
            note="注:单位为mg/L",
        ),
        PageBreak(),
        Picture(qr_png("JL-1"), 20, "二维码"),
        Columns([Paragraph("左边")], [Paragraph("右边")]),
        Signatures([("制表人:", "王五"), ("审核人:", ""), ("批准人:", "")]),
    ]
    return Document(
        title="二〇二六年十月运行情况",
        subtitle="(副题)",
        number="漳环监〔2026〕3号",
        footer="seal 3f9a2b1c",
        mark="草稿",
        blocks=blocks,
        made_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


def read(pdf: bytes) -> str:
    """The text of every page, without white space: a line ends where the page does."""
    paper = pypdfium2.PdfDocument(pdf)
    pages = [paper[number].get_textpage().get_text_bounded() for number in range(len(paper))]
    paper.close()
    return "".join("".join(pages).split()).replace("\u200b", "")


def words(packed: bytes) -> str:
    paper: Any = docx.Document(io.BytesIO(packed))
    section = paper.sections[0]
    parts = [paper.element.body, section.footer._element, section.header._element]
    return "".join(node.text or "" for part in parts for node in part.iter(qn("w:t")))


SAID = (
    "二〇二六年十月运行情况",
    "漳环监〔2026〕3号",
    "一、联网运行情况",
    "本月共有监控点120个。",
    "第二行",
    "传输率",
    "99.1%",
    "表1",
    "48.31",
    "注:单位为mg/L",
    "左边",
    "右边",
    "制表人:",
    "王五",
    "seal3f9a2b1c",
    "草稿",
    "图1",
)


def test_it_says_everything_in_both_forms() -> None:
    document = everything()
    pdf, word = read(as_pdf(document)), "".join(words(as_docx(document)).split())
    assert [text for text in SAID if text not in pdf] == []
    assert [text for text in SAID if text not in word] == []
    assert "限值5" in pdf  # figures keep their words as text
    assert "氨氮" not in word  # and are pictures in .docx


def test_it_writes_equal_documents_as_equal_bytes() -> None:
    document = everything()
    assert as_pdf(document) == as_pdf(everything())
    assert as_docx(document) == as_docx(everything())
    assert digest(document) == digest(everything())
    other = dataclasses.replace(document, title="另")
    assert digest(other) != digest(document)
    assert as_data(document)["blocks"][9]["png"] == as_data(everything())["blocks"][9]["png"]


def test_it_sets_hostile_text_as_text() -> None:
    shown = 'a#b $x$ *y* _z_ <w:p> & "q" [l](m) \\u{1} @ref ] } ~ `  abc 🌊 终'
    blocks: list[Block] = [
        Heading(HOSTILE),
        Paragraph(HOSTILE),
        Facts([(HOSTILE, HOSTILE)]),
        Table(head=[HOSTILE], rows=[[HOSTILE], [LONG]], caption=HOSTILE, note=HOSTILE),
        Figure(Bars([HOSTILE], [1], HOSTILE, 1, HOSTILE), HOSTILE),
        Signatures([(HOSTILE, HOSTILE)]),
    ]
    document = Document(title=HOSTILE, blocks=blocks, number=HOSTILE, footer=HOSTILE, mark="#x")
    bare = "".join(shown.replace("🌊", "").split())
    assert read(as_pdf(document)).replace("🌊", "").count(bare) >= 9
    assert LONG in read(as_pdf(document))
    assert words(as_docx(document)).count(shown) == 14
    assert LONG in words(as_docx(document))


def test_it_repeats_the_head_of_a_long_table() -> None:
    rows = [[str(n), "福建某某水务有限公司", "48.31"] for n in range(1000)]
    table = Table(head=["序号", "企业名称甲", "日均值"], rows=rows, widths=(1, 4, 2))
    document = Document(title="台账", blocks=[table], form=True, landscape=True)
    told = read(as_pdf(document))
    paper = pypdfium2.PdfDocument(as_pdf(document))
    assert told.count("企业名称甲") == len(paper) > 20
    paper.close()
    assert told.count("48.31") == 1000
    assert len(docx.Document(io.BytesIO(as_docx(document))).tables[0].rows) == 1001


@pytest.mark.parametrize(
    "document",
    [
        Document(title="", blocks=[]),
        Document(title="x", blocks=[Table(head=["a"], rows=[]), Facts([]), Signatures([])]),
        Document(
            title="x", blocks=[Figure(Lines([], [])), Figure(Bars([], [])), Figure(Strip([], []))]
        ),
        Document(title="x", blocks=[Figure(Lines(["1"], [Series("a", [None])]))], language="en"),
        Document(title="x", blocks=[Figure(Bars(["a"], [0]))]),
    ],
)
def test_it_takes_what_is_empty(document: Document) -> None:
    assert as_pdf(document).startswith(b"%PDF")
    assert as_docx(document).startswith(b"PK")


def test_it_turns_pages() -> None:
    wide = Table(head=["甲", "乙"], rows=[["1", "2"]])
    blocks: list[Block] = [Paragraph("a"), PageBreak(landscape=True), wide, PageBreak(), wide]
    document = Document(title="x", blocks=blocks)
    paper = pypdfium2.PdfDocument(as_pdf(document))
    assert [page.get_width() > page.get_height() for page in paper] == [False, True, False]
    paper.close()
    written = docx.Document(io.BytesIO(as_docx(document)))
    assert [one.page_width > one.page_height for one in written.sections] == [False, True, False]


def test_it_shows_pages_as_pictures() -> None:
    pages = as_pages(everything(), ppi=30)
    assert len(pages) >= 2
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_it_breaks_a_line_where_a_value_is_missing() -> None:
    values = [1, 2, None, 4, None, 5, 6]
    svg = drawn(
        Lines([str(n) for n in range(7)], [Series("a", values)], limit=3, limit_label="<3>")
    )
    assert svg.count("<polyline") == 2
    assert svg.count("<circle") == 1
    assert "&lt;3&gt;" in svg


def test_it_refuses_rows_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="a row of 3 in a table of 2 columns"):
        Table(head=["a", "b"], rows=[["1", "2"], [Cell("1", span=2), "2"]])
    with pytest.raises(ValueError, match="1 widths for 2 columns"):
        Table(head=["a", "b"], rows=[], widths=(1,))
