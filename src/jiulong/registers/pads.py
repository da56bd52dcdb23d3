"""Signatures that are drawn with a finger on a pad: from the form's text to a picture."""

from __future__ import annotations

import base64
import binascii
import io
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

#: A drawn signature is a few kilobytes; more than this is something else.
DRAWN_MAX: Final = 400_000
DRAWN_START: Final = "data:image/png;base64,"
#: Pixels a side: more than any pad has.
SIDE_MAX: Final = 4096


def drawn(text: str) -> bytes:
    """The picture in a data address as the pad makes it.

    Raises:
        ValidationError: it is none, or an empty pad.
    """
    wrong = ValidationError({"signature": [_("This is no signature: sign again.")]})
    if not text.startswith(DRAWN_START) or len(text) > DRAWN_MAX:
        raise wrong
    try:
        content = base64.b64decode(text.removeprefix(DRAWN_START), validate=True)
        with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
            if max(picture.size) > SIDE_MAX:
                raise wrong
            extremes = picture.convert("L").getextrema()
    except (binascii.Error, UnidentifiedImageError, OSError, Image.DecompressionBombError):
        raise wrong from None
    if extremes[0] == extremes[1]:
        raise ValidationError({"signature": [_("The pad is empty: sign on it.")]})
    return content


class PadInput(forms.ClearableFileInput):
    """A pad to sign on; without script, and beside it, a photograph of the signed paper."""

    template_name = "registers/pad_input.html"
    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        given = data.get(f"{name}-drawn", "")
        if not given:
            return super().value_from_datadict(data, files, name)
        return given  # `PadField` reads it: a widget has no way to refuse


class PadField(forms.FileField):
    """What was drawn, or the photograph; cleans to a list as other file fields of packs do."""

    widget = PadInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        if isinstance(data, str):
            try:
                picture = drawn(data)
            except ValidationError as error:
                raise ValidationError(error.messages) from None
            return [SimpleUploadedFile("signature.png", picture, "image/png")]
        return [super().clean(data, initial)] if data else []
