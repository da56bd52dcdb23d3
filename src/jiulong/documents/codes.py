"""QR codes for labels and documents."""

from __future__ import annotations

import io

import qrcode
from qrcode.constants import ERROR_CORRECT_M


def qr_png(text: str, *, dots: int = 8) -> bytes:
    """The text as a QR code, PNG, `dots` pixels a module. DataOverflowError past 2,331 bytes."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=dots, border=2)
    code.add_data(text)
    code.make(fit=True)
    out = io.BytesIO()
    code.make_image().save(out)
    return out.getvalue()
