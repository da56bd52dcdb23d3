"""Days that are worked."""

from __future__ import annotations

from datetime import date
from typing import Final

from tests.days.addresses.common import SENT, Look, const

LOOKS: Final = (
    Look("calendar:year", "supervisor"),
    Look("calendar:of_year", "supervisor", const(2026)),
    Look("calendar:day", "admin", const(date(2026, 10, 1))),
    Look("calendar:notice", "admin"),
    Look("calendar:hours", "admin"),
)  # fmt: skip
OTHERS: Final = {
    SENT: "calendar:remove_hours",
}
