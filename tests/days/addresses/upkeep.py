"""What stations hand in, and those who run them."""

from __future__ import annotations

from typing import Final

from tests.days.addresses.common import SENT, Look
from tests.upkeep import looks as handed_in

LOOKS: Final = (
    Look("upkeep:marks", "desk"),
    Look("upkeep:mark", "desk", handed_in.a_mark),
    Look("upkeep:mark", "enterprise", handed_in.a_rejected_mark, "rejected"),
    Look("upkeep:checks", "desk"),
    Look("upkeep:check", "enterprise", handed_in.a_check),
    Look("upkeep:faults", "desk"),
    Look("upkeep:fault", "enterprise", handed_in.a_fault),
    Look("upkeep:maintenance", "desk"),
    Look("upkeep:record", "desk", handed_in.a_record),
    Look("upkeep:objections", "desk"),
    Look("upkeep:objection", "desk", handed_in.an_objection),
)  # fmt: skip
OTHERS: Final = {
    SENT: """
        upkeep:mark_review upkeep:mark_withdraw upkeep:check_withdraw upkeep:fault_restore
        upkeep:objection_answer
    """,
}
