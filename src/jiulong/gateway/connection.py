"""One connection of one or several loggers: bytes in, acknowledgements out. The hot path."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from hj212 import Damage, Frame, Reason, Stream, answer
from hj212.frame import ACKNOWLEDGEMENTS
from jiulong.gateway.intake import Batch, Share
from jiulong.gateway.journal import Entry, Verdict
from jiulong.gateway.judgement import Registered, verdict_of, verdict_of_damage
from jiulong.gateway.limits import READ_BYTES_MIN

if TYPE_CHECKING:
    from jiulong.gateway.server import Gateway

log = logging.getLogger(__name__)

_ACCEPTED: Final = int(Verdict.ACCEPTED)
#: System code of answers and notices, which says nothing of what the logger measures.
INTERACTION_ST: Final = "91"


class LoggerConnection(asyncio.BufferedProtocol):
    """Frames what arrives, judges the sender, and answers what the intake says is durable."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.transport: asyncio.Transport | None = None
        self.address = ""
        self.peer = ""
        self.heard = 0.0  # steady seconds of the last byte
        self.accepted_at = 0.0  # steady seconds of the last accepted frame, or of the connection
        self.systems: dict[str, str] = {}  # MN → ST of its data: our requests carry the same
        self.loggers: dict[str, Registered] = {}  # who spoke here, as registered when judged
        self._last: Registered | None = None
        self._stream = Stream("auto", gateway.registry.keys)
        self._unjournaled = 0
        self._refused = 0  # bytes since the last accepted frame
        self._batch: Batch | None = None  # the batch that `_share` is in
        self._share = Share(self)
        self._paused = False
        self._stalled = False
        self._unread = False
        self._leaving = False

    # -- asyncio calls these ------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        host, port = (transport.get_extra_info("peername") or ("unknown", 0))[:2]
        self.address = host
        self.peer = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.heard = self.accepted_at = self.gateway.steady()
        self.transport.set_write_buffer_limits(high=self.gateway.limits.unread_bytes)
        if not self.gateway.welcome(self):
            self.transport.abort()

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio names it
        """No more than there is room for; all share one buffer, emptied before the next read."""
        room = self.gateway.limits.connection_bytes - self._unjournaled - self._stream.buffered
        return self.gateway.buffer[: max(room, READ_BYTES_MIN)]

    def buffer_updated(self, nbytes: int) -> None:
        gateway = self.gateway
        self.heard = gateway.steady()
        stream = self._stream
        before = stream.buffered + nbytes
        results = stream.feed(bytes(gateway.buffer[:nbytes]))
        if results:
            self.take(results, before - stream.buffered)
        room = gateway.limits.connection_bytes - self._unjournaled - stream.buffered
        if room < READ_BYTES_MIN:
            self._hold()
        elif gateway.intake.full and not self._stalled:
            self._stalled = True
            gateway.intake.stall(self._unstall)
            self._hold()

    def eof_received(self) -> bool:
        """Half closed: what is on its way to the journal is still acknowledged."""
        self._end_of_stream()
        self._leaving = True
        # TLS knows no half-closed connection; there the acknowledgement is lost with the line.
        transport = self.transport
        plain = transport is not None and transport.get_extra_info("sslcontext") is None
        return plain and self._unjournaled > 0

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio names it
        self.transport = None
        self._end_of_stream()
        self.gateway.farewell(self)

    def pause_writing(self) -> None:
        """It does not read its acknowledgements: then we do not read it."""
        self._unread = True
        self._hold()

    def resume_writing(self) -> None:
        self._unread = False
        self._resume()

    # -- the gateway calls these ----------------------------------------------------------------

    def journaled(self, share: Share) -> None:
        """What came from here in one batch is durable: acknowledge it, and read on."""
        self._unjournaled -= share.received
        transport = self.transport
        if share.acks and transport is not None:
            transport.write(b"".join(share.acks))
        for go_on in share.afterwards:
            go_on()
        if transport is None:
            return
        if self._leaving and not self._unjournaled:
            transport.close()
        elif self._paused:
            self._resume()

    def send(self, data: bytes) -> None:
        """Put a request on the wire, if there still is one."""
        if self.transport is not None:
            self.transport.write(data)

    def sweep(self, now: float) -> None:
        """Settle what hangs, and cut who is silent for too long. `now` in steady seconds."""
        limits = self.gateway.limits
        if self._stream.buffered and now - self.heard >= limits.settle_s:
            before = self._stream.buffered
            self.take(self._stream.flush(), before - self._stream.buffered)
        if self._paused and not self._unread:
            return  # silent because we do not listen
        if not self.loggers:
            if now - self.accepted_at >= limits.stranger_s:
                self.cut("no accepted frame")
        elif now - self.heard >= self._patience_s():
            self.cut("silent")

    def cut(self, why: str) -> None:
        """Close the connection from our side."""
        if self.transport is not None and not self.transport.is_closing():
            log.info("%s cut: %s", self.peer, why)
            self.transport.close()

    def stop_reading(self) -> None:
        """The gateway stops: finish what is here, take nothing more."""
        self._leaving = True
        self._hold()
        if not self._unjournaled and self.transport is not None:
            self.transport.close()

    def _patience_s(self) -> float:
        limits = self.gateway.limits
        interval = min(logger.interval_s for logger in self.loggers.values())
        return max(limits.silent_s_min, float(limits.silent_intervals * interval))

    def _end_of_stream(self) -> None:
        before = self._stream.buffered
        self.take(self._stream.close(), before)

    # -- flow of bytes --------------------------------------------------------------------------

    def _hold(self) -> None:
        if not self._paused and self.transport is not None and not self.transport.is_closing():
            self._paused = True
            self.transport.pause_reading()

    def _unstall(self) -> None:
        self._stalled = False
        self._resume()

    def _resume(self) -> None:
        if not self._paused or self._stalled or self._unread or self._leaving:
            return
        room = self.gateway.limits.connection_bytes - self._unjournaled - self._stream.buffered
        transport = self.transport
        if room >= READ_BYTES_MIN and transport is not None and not transport.is_closing():
            self._paused = False
            transport.resume_reading()

    # -- frames ---------------------------------------------------------------------------------

    def take(self, results: list[Frame | Damage], received: int) -> None:
        """Journal what the stream gave, with a verdict each, and note what to answer then."""
        if not results:
            return
        gateway = self.gateway
        share, entries = self._share_of(gateway.intake.open)
        share.received += received
        gateway.intake.open.received += received
        self._unjournaled += received
        known, loggers, speaker = gateway.registry.known, self.loggers, gateway.sessions.speaker
        attentive, acks = gateway.attentive, share.acks
        now, peer = gateway.clock_us(), self.peer
        for result in results:
            if type(result) is Frame:
                mn = result.mn
                logger = known.get(mn)
                # Accepted here before under the same registration: only what varies is looked at.
                if (
                    logger is not None
                    and loggers.get(mn) is logger
                    and result.pw == logger.password
                    and result.crc_variant == "hj"
                    and speaker.get(mn) is self
                ):
                    self._refused = 0
                    entries.append(Entry(now, _ACCEPTED, peer, result.raw))
                    ack = answer(result, logger.profile)
                    if ack is not None:
                        acks.append(ack)
                    if mn in attentive or result.cn in logger.profile.on_notice:
                        gateway.attend(result, logger, share)
                    continue
            self._take_slowly(result, share, now)
        gateway.intake.arrived()
        if self._refused > gateway.limits.refused_bytes:
            self.cut("nothing acceptable")

    def _share_of(self, batch: Batch) -> tuple[Share, list[Entry]]:
        if self._batch is not batch:
            self._batch, self._share = batch, Share(self)
            batch.shares.append(self._share)
        return self._share, batch.entries

    def _take_slowly(self, result: Frame | Damage, share: Share, now: int) -> None:
        """The full judgement: strangers, damage, first frames, dialects."""
        if isinstance(result, Damage) and result.reason is Reason.BLANK:
            # Line ends between frames: a keep-alive, nothing to keep.
            share.received -= len(result.raw)
            self._unjournaled -= len(result.raw)
            return
        logger, frame, verdict = self._judged(result)
        entries = self.gateway.intake.open.entries
        entries.append(Entry(now, int(verdict), self.peer, result.raw))
        if verdict != Verdict.ACCEPTED or frame is None or logger is None:
            self._refused += len(result.raw)
            return
        self._refused = 0
        self.accepted_at = self.heard
        first = self.gateway.sessions.spoke(logger.mn, self)
        if frame.st != INTERACTION_ST:
            self.systems[logger.mn] = frame.st
        self._last = self.loggers[logger.mn] = logger
        ack = answer(frame, logger.profile)
        if ack is not None:
            share.acks.append(ack)
        if first:
            share.afterwards.append(partial(self.gateway.arrived, logger))
        self.gateway.attend(frame, logger, share)

    def _judged(self, result: Frame | Damage) -> tuple[Registered | None, Frame | None, Verdict]:
        registry = self.gateway.registry
        if isinstance(result, Damage):
            frame = result.frame
            logger = registry.known.get(frame.mn) if frame is not None else None
            if frame is None or logger is None or logger.crc_mode != "ignore":
                return None, None, verdict_of_damage(result)
            return logger, frame, verdict_of(frame, logger, self.address)
        if not result.mn and self._last is not None and result.cn in ACKNOWLEDGEMENTS:
            return self._last, result, Verdict.ACCEPTED  # 2005's 9013 and 9014 name nobody
        logger = registry.known.get(result.mn)
        return logger, result, verdict_of(result, logger, self.address)
