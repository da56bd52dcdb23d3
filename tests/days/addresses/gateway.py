"""Loggers and what they send."""

from __future__ import annotations

from typing import Final

from jiulong.gateway.models import Command, QuarantinedFrame
from tests.browser.district import MN, STRANGER
from tests.days.addresses.common import SENT, Look, const

LOOKS: Final = (
    Look("gateway:loggers", "admin"),
    Look("gateway:logger_new", "admin"),
    Look("gateway:unregistered", "admin"),
    Look("gateway:adopt", "admin", const(STRANGER)),
    Look("gateway:logger", "admin", const(MN)),
    Look("gateway:logger_edit", "admin", const(MN)),
    Look("gateway:order", "officer", const(MN)),
    Look("gateway:quarantine", "admin"),
    Look("gateway:quarantined", "admin", lambda: [QuarantinedFrame.objects.order_by("pk")[0].pk]),
    Look("gateway:commands", "admin"),
    Look("gateway:command", "admin", lambda: [Command.objects.order_by("pk")[0].pk]),
)  # fmt: skip
OTHERS: Final = {
    SENT: "gateway:replay",
}
