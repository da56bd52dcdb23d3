"""Every write of the desk: shifts, their log, the hand-over, cameras."""

from jiulong.duty.actions.cameras import remove_camera, set_camera
from jiulong.duty.actions.shifts import (
    NotOnDutyError,
    begin_shift,
    hand_over,
    take_over,
    write_log,
)

__all__ = [
    "NotOnDutyError",
    "begin_shift",
    "hand_over",
    "remove_camera",
    "set_camera",
    "take_over",
    "write_log",
]
