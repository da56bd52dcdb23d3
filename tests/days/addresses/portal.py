"""An enterprise's own stations."""

from __future__ import annotations

from typing import Final

from tests.days.addresses.common import Look
from tests.upkeep import looks as handed_in

LOOKS: Final = (
    Look("portal:stations", "enterprise"),
    Look("portal:station", "enterprise", handed_in.code),
    Look("portal:account", "enterprise", handed_in.code),
    Look("portal:mark", "enterprise", handed_in.code),
    Look("portal:fault", "enterprise", handed_in.code),
    Look("portal:manual", "enterprise", handed_in.code),
    Look("portal:check", "enterprise", handed_in.code),
    Look("portal:maintenance", "enterprise", handed_in.code),
    Look("portal:objection", "enterprise", handed_in.finding),
    Look("portal:objection_to_mark", "enterprise", handed_in.a_rejected_mark),
)  # fmt: skip
