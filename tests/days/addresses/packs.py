"""Packs."""

from __future__ import annotations

from typing import Final

from tests.days.addresses.common import SENT, Look, const

LOOKS: Final = (
    Look("packs:packs", "supervisor"),
    Look("packs:pack", "supervisor", const("wangge")),
)  # fmt: skip
OTHERS: Final = {
    SENT: "packs:apply",
}
