"""Which connection a logger speaks on: the one it last spoke on."""

from __future__ import annotations

from typing import Generic, TypeVar

C = TypeVar("C")


class Sessions(Generic[C]):
    """MN → its live connections, the last speaker last.

    One connection may carry several loggers (an aggregator), one logger may have two connections
    (two SIM cards, or a dead one that TCP has not noticed).
    """

    def __init__(self) -> None:
        self.speaker: dict[str, C] = {}
        self._all: dict[str, dict[C, None]] = {}

    def spoke(self, mn: str, connection: C) -> bool:
        """Note the speaker; True if this is the first word of this logger on this connection.

        For speed, call only where `speaker.get(mn) is not connection`.
        """
        known = self._all.setdefault(mn, {})
        first = connection not in known
        known.pop(connection, None)
        known[connection] = None
        self.speaker[mn] = connection
        return first

    def left(self, mn: str, connection: C) -> None:
        """The connection is gone; another one that the logger has becomes its speaker."""
        known = self._all.get(mn, {})
        known.pop(connection, None)
        if known:
            self.speaker[mn] = next(reversed(known))
        else:
            self._all.pop(mn, None)
            self.speaker.pop(mn, None)

    def __len__(self) -> int:
        return len(self.speaker)
