"""`jiulong bench decode`: frames a second from bytes to nested data with CRC, one thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hj212 import benchmark

#: Seconds that each reader works; the best of several rounds counts.
SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Decode:
    """Frames of 8 factors; `frames_per_s` is ours to nested data, `columns_per_s` to the parallel
    columns that the recorder writes. The naive readers read the same bytes in the same run."""

    frames_per_s: int
    columns_per_s: int
    naive_table_frames_per_s: int
    naive_bitwise_frames_per_s: int


def measure(seconds: float = SECONDS) -> Decode:
    """The library's own benchmark, which first checks that all readers read the same."""
    rates = benchmark.frames_per_second(seconds)
    return Decode(
        frames_per_s=round(rates["hj212"]),
        columns_per_s=round(rates["hj212_columns"]),
        naive_table_frames_per_s=round(rates["naive_table_crc"]),
        naive_bitwise_frames_per_s=round(rates["naive_bitwise_crc"]),
    )
