"""What the recorder must know of a logger, in memory."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import asyncpg

from jiulong.monitoring.models import Period

_MINUTE_US: Final = 60_000_000
_HOUR_US: Final = 60 * _MINUTE_US
_DAY_US: Final = 24 * _HOUR_US

_LOGGERS = """
SELECT mn, point_id, key, former_keys, crc_mode, time_label, minute_interval
FROM gateway_logger JOIN monitoring_point ON monitoring_point.id = point_id
"""


class Registered(NamedTuple):
    """A logger, as far as its frames must be read."""

    point: int
    keys: tuple[bytes, ...]
    ignores_crc: bool
    shifts: tuple[int, ...]  # by period: µs from the time that is sent back to the start

    @classmethod
    def of(cls, row: asyncpg.Record) -> Registered:
        shifts = [0] * len(Period)
        if row["time_label"] == "end":
            shifts[Period.MINUTE] = row["minute_interval"] * _MINUTE_US
            shifts[Period.HOUR] = _HOUR_US
            shifts[Period.DAY] = shifts[Period.RUNTIME] = _DAY_US
        # What is recorded late, or again, may have been enciphered with a key it had before.
        keys = tuple(bytes.fromhex(key) for key in (row["key"], *row["former_keys"]) if key)
        return cls(row["point_id"], keys, row["crc_mode"] == "ignore", tuple(shifts))


class Registry:
    """The loggers by MN. Loaded on first use, when they changed, and when one is not found."""

    def __init__(self) -> None:
        self.loggers: dict[str, Registered] = {}
        self.stale = True

    async def load(self, connection: asyncpg.Connection[Any]) -> bool:
        """Read the registry; whether it is another than before."""
        rows = await connection.fetch(_LOGGERS)
        before, self.loggers = self.loggers, {row["mn"]: Registered.of(row) for row in rows}
        self.stale = False
        return before != self.loggers

    def keys(self, mn: str) -> tuple[bytes, ...]:
        """The SM4 keys of a logger, as `hj212.parse` asks for them."""
        logger = self.loggers.get(mn)
        return logger.keys if logger else ()
