"""Every write of the gateway's people: loggers, their quarantined frames, what they are told."""

from jiulong.gateway.actions.commands import order_command
from jiulong.gateway.actions.loggers import adopt_logger, register_logger, update_logger
from jiulong.gateway.actions.quarantine import Replay, replay_quarantine

__all__ = [
    "Replay",
    "adopt_logger",
    "order_command",
    "register_logger",
    "replay_quarantine",
    "update_logger",
]
