"""The desk that watches."""

from __future__ import annotations

from typing import Any, Final

from jiulong.duty.actions import begin_shift, write_log
from jiulong.duty.models import Shift
from jiulong.monitoring.models import Point
from tests.days.addresses.common import FILE, PART, SENT, Look, user


def a_shift() -> list[Any]:
    """The desk is on duty, and has written a line."""
    shift = Shift.objects.order_by("pk").first() or begin_shift(actor=user("desk"))
    write_log(actor=user("desk"), shift=shift, text="电话通知企业说明情况", kind="call")
    return [shift.pk]


LOOKS: Final = (
    Look("duty:desk", "desk"),
    Look("duty:shifts", "desk"),
    Look("duty:shift", "desk", a_shift),
    Look("duty:ledgers", "desk"),
    Look("duty:ledgers", "desk", note="of a month", query="?month=2026-03"),
    Look("duty:outfall", "desk", lambda: [Point.objects.order_by("pk")[0].outfall.code]),
)  # fmt: skip
OTHERS: Final = {
    SENT: """
        duty:acknowledge duty:begin duty:write duty:hand_over duty:take_over duty:add_camera
        duty:drop_camera
    """,
    FILE: "duty:shift_paper duty:ledger_file",
    PART: "duty:alarm duty:section",
}
