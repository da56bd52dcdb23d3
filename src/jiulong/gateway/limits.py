"""Every bound of the gateway, with its reason. Tests make smaller ones; nobody else should."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: A connection with less room than this is not read at all: tiny reads cost a wake-up each.
READ_BYTES_MIN: Final = 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one gateway process takes upon itself."""

    #: Bytes of one connection that are received and not yet journaled, a half frame included.
    #: It is also the share of one connection in one batch, and so what keeps loggers equal: who
    #: floods waits for the next commit. Must hold the longest frame (8 KiB) with room to read.
    connection_bytes: int = 16 * 1024
    #: Received and not journaled frames of all connections together, some 10 MB. At 35,000 frames
    #: a second that is over half a second of a stalled journal; then TCP holds the loggers back.
    waiting_frames: int = 20_000
    #: Connections at once. Ten thousand loggers are several provinces' key dischargers.
    connections: int = 10_000
    #: Connections from one address. A carrier's NAT or a forwarder brings hundreds of loggers.
    connections_per_address: int = 2_000
    #: Bytes since the last accepted frame, after which a connection is cut: who sends only
    #: garbage, or only frames that are refused, must come again, and cannot fill the journal fast.
    refused_bytes: int = 64 * 1024
    #: Seconds a connection may stay without an accepted frame: enough for a slow modem to dial and
    #: speak, too short for a scanner to hold sockets.
    stranger_s: float = 120.0
    #: A known logger may be silent for so many of its real-time intervals before its line counts
    #: as half open (radio lost without a word) …
    silent_intervals: int = 5
    #: … but never for less than this: hourly and minute data have intervals of their own.
    silent_s_min: float = 1800.0
    #: Silence after which a frame without its line end is taken as complete.
    settle_s: float = 1.0
    #: How often the sweeps for silence run.
    sweep_s: float = 1.0
    #: Bytes of acknowledgements a logger may leave unread before we stop reading it.
    unread_bytes: int = 16 * 1024
    #: Seconds one attempt to append to the journal may take. A disk that syncs in this time is
    #: slow; one that does not is treated as gone, and the same token is tried again.
    append_s: float = 20.0
    #: Waits between attempts: doubling from the first to the last. The last must stay well below
    #: the ten seconds in which service must be back after the database is.
    retry_s_first: float = 0.05
    retry_s_last: float = 0.8
    #: Seconds for the last commit and the last acknowledgements when told to stop.
    stop_s: float = 10.0


DEFAULT: Final = Limits()
