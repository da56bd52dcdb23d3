"""QR codes for labels and documents."""

from __future__ import annotations

import io

import segno


def qr_png(text: str, *, dots: int = 8) -> bytes:
    """The text as a QR code, PNG, `dots` pixels a module. DataOverflowError past 2,331 bytes."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", scale=dots, border=2)
    return out.getvalue()
