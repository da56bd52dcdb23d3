"""The QR code of a bottle's label, as SVG for the page."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe


def code_svg(text: str) -> SafeString:
    """The text as a QR code. Medium error correction: labels get wet."""
    drawn = segno.make_qr(text, error="m").svg_inline(border=1, omitsize=True, svgclass="qr")
    return mark_safe(drawn)  # noqa: S308 - drawn by us; the text is in modules, not in marks
