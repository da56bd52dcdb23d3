"""Seals and files."""

from __future__ import annotations

from typing import Final

from jiulong.evidence.models import Seal
from tests.days.addresses.common import FILE, SENT, Look

LOOKS: Final = (
    Look("evidence:seals", "admin"),
    Look("evidence:seal", "admin", lambda: [Seal.objects.order_by("pk")[0].number]),
)  # fmt: skip
OTHERS: Final = {
    SENT: "evidence:seal_now evidence:attach evidence:withdraw",
    FILE: "evidence:public_key evidence:file",
}
