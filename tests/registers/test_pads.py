"""A signature on a phone is a picture; on paper, a photograph."""

from __future__ import annotations

import base64
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from jiulong.registers.fields import FileField
from jiulong.registers.formfields import form_for
from jiulong.registers.pads import DRAWN_START

FIELD = FileField.model_validate(
    {"key": "signed", "type": "file", "label": "签名", "drawn": True, "several": False}
)


def address() -> str:
    picture = Image.new("RGB", (60, 20), "white")
    ImageDraw.Draw(picture).line([(2, 2), (50, 15)], fill="black", width=3)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return DRAWN_START + base64.b64encode(out.getvalue()).decode()


def uploads(data: dict[str, str], files: dict[str, Any]) -> list[tuple[str, bytes]]:
    form = form_for([FIELD], data=data, files=files)
    assert form.is_valid(), form.errors
    return [(one.name, one.read()[:4]) for one in form.uploads()["signed"]]


def test_what_was_drawn_is_handed_in_as_a_picture() -> None:
    assert uploads({"signed-drawn": address()}, {}) == [("signature.png", b"\x89PNG")]


def test_without_the_pad_a_photograph_counts() -> None:
    photo = SimpleUploadedFile("paper.jpg", b"\xff\xd8\xff\xe0", "image/jpeg")
    assert uploads({"signed-drawn": ""}, {"signed": photo}) == [("paper.jpg", b"\xff\xd8\xff\xe0")]


def test_an_empty_pad_is_refused() -> None:
    form = form_for([FIELD], data={"signed-drawn": DRAWN_START + "AAAA"}, files={})
    assert not form.is_valid()
    assert list(form.errors) == ["signed"]


def test_the_pad_is_on_the_form_beside_the_photograph() -> None:
    html = str(form_for([FIELD])["signed"])
    assert "data-pad" in html
    assert 'name="signed-drawn"' in html
    assert 'capture="environment"' in html
