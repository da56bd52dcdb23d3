"""NOTIFY: how the processes of one system hear of each other's commits."""

from __future__ import annotations

from typing import Final

from django.db import connection

LOGGERS: Final = "loggers"  # the registry changed; no payload
COMMANDS: Final = "commands"  # a command was queued; payload: its id
COMMAND_STEPS: Final = "command_steps"  # a dialogue went on; payload: the command's id


def notify(channel: str, payload: str = "") -> None:
    """Tell the listeners, if and when the running transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, payload])
