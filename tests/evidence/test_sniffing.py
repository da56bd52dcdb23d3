"""What a file is, its content says."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from openpyxl import Workbook
from PIL import Image

from jiulong.evidence import sniffing
from jiulong.evidence.sniffing import UnknownTypeError, media_type
from tests.evidence.pictures import jpeg


def office(kind: str, *extra: str) -> bytes:
    """A Word or Excel file, with members of these names put in."""
    out = io.BytesIO()
    if kind == "docx":
        document = Document()
        document.add_paragraph("责令改正通知书")
        document.save(out)
    else:
        Workbook().save(out)
    with zipfile.ZipFile(out, "a") as package:
        for name in extra:
            package.writestr(name, b"x")
    return out.getvalue()


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, kind)
    return out.getvalue()


def media(brand: bytes) -> bytes:
    return b"\x00\x00\x00\x18ftyp" + brand + b"\x00\x00\x00\x00" + brand + b"isom" + bytes(40)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (jpeg(), sniffing.JPEG),
        (picture("PNG"), sniffing.PNG),
        (picture("WEBP"), sniffing.WEBP),
        (media(b"heic"), sniffing.HEIC),
        (media(b"mp42"), sniffing.MP4),
        (b"%PDF-1.7\n%\xe2\xe3", sniffing.PDF),
        (office("docx"), sniffing.DOCX),
        (office("xlsx"), sniffing.XLSX),
        ("编号,名称\r\n1,东门\r\n".encode(), sniffing.TEXT),
        ("编号,名称\r\n1,东门\r\n".encode("gb18030"), sniffing.TEXT),
        (b"\xef\xbb\xbfa;b\n", sniffing.TEXT),
    ],
    ids=lambda _value: "value",  # contents carry the time at which they were made
)
def test_it_knows_what_is_kept(content: bytes, found: str) -> None:
    assert media_type(content) == found
    assert sniffing.ENDINGS[found].startswith(".")


@pytest.mark.parametrize(
    "content",
    [
        office("docx", "word/vbaProject.bin"),
        office("xlsx", "xl/activeX/activeX1.xml"),
        office("docx", "word/embeddings/evil.exe"),
        office("docx")[:100],
        b"PK\x05\x06" + bytes(18),
        media(b"jp2 "),
        b"\x00\x00\x00\x04ftypmp42",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"\x7fELF\x02\x01\x01",
        b"<html><body>x",
        b"  <!-- x --><svg onload=alert(1)>",
        b"%!PS-Adobe-3.0",
        b"text with a \x00 in it",
        b"\x80\x81\xff\xfe",
    ],
    ids=lambda _value: "value",  # contents carry the time at which they were made
)
def test_it_refuses_what_is_not(content: bytes) -> None:
    with pytest.raises(UnknownTypeError):
        media_type(content)


def test_it_says_what_a_refused_file_seems_to_be() -> None:
    with pytest.raises(UnknownTypeError, match="gif"):
        media_type(b"GIF89a" + bytes(20))
