"""The home page, the wall, and how the system fares."""

from __future__ import annotations

from typing import Final

from tests.days.addresses.common import FILE, SENT, Look
from tests.days.addresses.projects import on_the_wall

LOOKS: Final = (
    Look("home", "supervisor"),
    Look("wall", "supervisor"),
    Look("wall", "supervisor", on_the_wall, "of projects", "?view=projects"),
    Look("home", "handler"),
    Look("home", "grid"),
    Look("home", "enterprise"),
    Look("operations", "auditor"),
)  # fmt: skip
OTHERS: Final = {
    SENT: "close_hint",
    FILE: "live healthz",
}
