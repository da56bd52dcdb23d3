"""Ends what a supervisor started, should the supervisor itself be killed.

Runs as a process of its own and needs nothing but the standard library. The supervisor tells it
over a pipe what there is; when the pipe ends without `done`, the supervisor is dead, and the reaper
stops everything that was named. Lines: `+PID` and `-PID` (leaders of process groups), `postgres
DIR` (a data directory whose server to stop), `remove DIR` (a directory to delete), `done`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Final, TextIO

#: The children get so long to finish; gateways need the last commit.
GRACE_S: Final = 5.0
_LOOK_S: Final = 0.05


def alive(pid: int) -> bool:
    """Whether any process of the group lives."""
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def stop_groups(pids: set[int], grace_s: float = GRACE_S) -> None:
    """SIGTERM to each group, SIGKILL to those that are still there after the grace."""
    for pid in pids:
        send(pid, signal.SIGTERM)
    end = time.monotonic() + grace_s
    while any(alive(pid) for pid in pids) and time.monotonic() < end:
        time.sleep(_LOOK_S)
    for pid in pids:
        send(pid, signal.SIGKILL)


def stop_postgres(directory: Path, grace_s: float = GRACE_S) -> None:
    """Fast shutdown of the server on a data directory, if one runs there."""
    try:
        pid = int((directory / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, signal.SIGINT)
    except (OSError, ValueError):
        return
    end = time.monotonic() + grace_s
    while (directory / "postmaster.pid").exists() and time.monotonic() < end:
        time.sleep(_LOOK_S)


def listen(lines: TextIO) -> None:
    """Keep the list, and act on it if the lines end early."""
    pids: set[int] = set()
    servers: list[Path] = []
    rubbish: list[Path] = []
    for line in lines:
        word, _, rest = line.strip().partition(" ")
        if word == "done":
            return
        if word == "postgres":
            servers.append(Path(rest))
        elif word == "remove":
            rubbish.append(Path(rest))
        elif word.startswith("+"):
            pids.add(int(word[1:]))
        elif word.startswith("-"):
            pids.discard(int(word[1:]))
    stop_groups(pids)
    for directory in servers:
        stop_postgres(directory)
    for directory in rubbish:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    # The terminal's Ctrl-C is the supervisor's affair.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    listen(sys.stdin)
