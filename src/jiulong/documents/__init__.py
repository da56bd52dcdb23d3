"""Printed documents: what a page holds as data, written as .docx and as PDF.

    document = Document(title="…", blocks=[Heading("…"), Paragraph("…"), Table(head=[…], rows=[…])])
    as_docx(document)   # for people who go on writing
    as_pdf(document)    # for the file: fonts inside, the same bytes for the same document

Knows nothing of the district: words come translated, numbers come written.
"""

from __future__ import annotations

from jiulong.documents.blocks import (
    Block,
    Cell,
    Columns,
    Document,
    Facts,
    Figure,
    Heading,
    Official,
    PageBreak,
    Paragraph,
    Picture,
    Signatures,
    Table,
)
from jiulong.documents.charts import Bars, Lines, Series, Strip, drawn
from jiulong.documents.codes import qr_png
from jiulong.documents.plain import as_data, digest
from jiulong.documents.typeset import as_pages, as_pdf
from jiulong.documents.word import as_docx

#: Media types of what is written.
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"

__all__ = [
    "DOCX",
    "PDF",
    "Bars",
    "Block",
    "Cell",
    "Columns",
    "Document",
    "Facts",
    "Figure",
    "Heading",
    "Lines",
    "Official",
    "PageBreak",
    "Paragraph",
    "Picture",
    "Series",
    "Signatures",
    "Strip",
    "Table",
    "as_data",
    "as_docx",
    "as_pages",
    "as_pdf",
    "digest",
    "drawn",
    "qr_png",
]
