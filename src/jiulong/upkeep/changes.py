"""Who is told when a mark, a check or manual data change what counts: floors above listen.

Listeners are called inside the transaction of the act, so that what they write down stands or falls
with it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

#: Called with point id, first and last local day that may change, and the cause `upkeep.mark/17`.
Listener = Callable[[int, date, date, str], None]

_listeners: Final[list[Listener]] = []


def listen(listener: Listener) -> Listener:
    """Call this function on every change from now on, once however often it is registered."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def tell(point_id: int, first_day: date, last_day: date, cause: str) -> None:
    """Say that what counts at a point may have changed on these local days (both included)."""
    for listener in _listeners:
        listener(point_id, first_day, last_day, cause)


def forget(listener: Listener) -> None:
    """Call this function no more."""
    if listener in _listeners:
        _listeners.remove(listener)
