"""The journal: every frame as it came, with when, from where and whether it was taken.

Everything to the right of it can be rebuilt from it, so this is the one format that must stay
readable for good. A batch is one row of table `journal`; its `body` is

    "JLJ" version(1 byte) zstd-frame(with checksum)

and inside the zstd frame, little endian,

    count u32 · peers u32 · base i64 (µs since 1970 UTC)
    peers     × { length u16 · text in UTF-8 }
    count     × u8   verdict
    count     × u32  index into the peers
    count     × i64  receive time, as difference from the entry before (the first: from base)
    count     × u32  length of the raw frame
    the raw frames, one after the other

Columns instead of records, because zstd finds more in them and `struct` reads them at once.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import accumulate, pairwise
from operator import sub
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

import asyncpg
import zstandard
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

MAGIC: Final = b"JLJ"
VERSION: Final = 1
#: On batches of real-time frames level 1 packs 5 % denser than level 3 (37 and 40 bytes a frame of
#: 373 at 2,000 frames) in 15 % less time; the gateway packs between reading and acknowledging.
COMPRESSION_LEVEL: Final = 1
#: A longer batch is no journal batch: 64 MB are 150,000 frames, a gateway writes a few thousand.
CONTENT_BYTES_MAX: Final = 64 * 1024 * 1024
#: What a gateway should put into one batch at most, so that a recorder's commit stays short.
BATCH_FRAMES_MAX: Final = 5_000

_HEADER = struct.Struct("<IIq")
_PEER = struct.Struct("<H")
_LEAF = struct.Struct(">qBH")
_LEAF_RAW = struct.Struct(">I")


class Verdict(models.IntegerChoices):
    """What became of a frame. The numbers stand in the journal: never renumber."""

    ACCEPTED = 0, _("Accepted")
    BAD_CRC = 1, _("Wrong checksum")
    UNPARSEABLE = 2, _("Not a frame")
    UNKNOWN_MN = 3, _("Unknown logger")
    WRONG_PASSWORD = 4, _("Wrong password")
    WRONG_ADDRESS = 5, _("Address not allowed")
    INACTIVE = 6, _("Logger switched off")
    TOO_LONG = 7, _("Too long")
    # From here on found by the recorder in frames that the gateway took; never in the journal.
    NO_VALUES = 64, _("No values in it")
    BAD_TIME = 65, _("No readable time")
    UNREADABLE = 66, _("Not readable")
    TOO_MANY_FACTORS = 67, _("No room for more factors")
    DAMAGED_BATCH = 68, _("Journal batch damaged")

    @property
    def is_recorders(self) -> bool:
        """Whether the recorder said so, of a frame that the journal has as accepted."""
        return self >= Verdict.NO_VALUES

    @property
    def reason(self) -> str:
        """The verdict as `QuarantinedFrame.reason` has it, e.g. `bad_crc`."""
        return self.name.lower()

    @classmethod
    def of_reason(cls, reason: str) -> Verdict:
        """The reverse of `reason`. KeyError if there is no such reason."""
        return cls[reason.upper()]


class Entry(NamedTuple):
    """One frame of the journal."""

    received_at_us: int  # µs since 1970 UTC
    verdict: int
    peer: str  # address and port it came from
    raw: bytes  # as it came, envelope and all

    @property
    def received_at(self) -> datetime:
        return datetime.fromtimestamp(self.received_at_us // 1_000_000, UTC).replace(
            microsecond=self.received_at_us % 1_000_000
        )


class Batch(NamedTuple):
    """One row of the journal."""

    id: int
    received_at: datetime
    node: str
    frames: int
    body: bytes


class DamagedBatchError(ValueError):
    """A batch body is not what was written; the words say where it breaks."""


class NoSuchEntryError(LookupError):
    """There is no such batch, or no such frame in it."""


class _Codec(threading.local):
    """zstd contexts are costly to make and may not be shared between threads."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=COMPRESSION_LEVEL, write_checksum=True)
        self.decompressor = zstandard.ZstdDecompressor()


_codec = _Codec()


def pack(entries: Sequence[Entry]) -> bytes:
    """The body of a batch. ValueError if it would be longer than CONTENT_BYTES_MAX."""
    times = [entry[0] for entry in entries]
    raws = [entry[3] for entry in entries]
    peers = [entry[2] for entry in entries]
    number = {peer: index for index, peer in enumerate(dict.fromkeys(peers))}
    count, base = len(entries), times[0] if times else 0
    table = [peer.encode() for peer in number]
    content = b"".join((
        _HEADER.pack(count, len(table), base),
        *(_PEER.pack(len(peer)) + peer for peer in table),
        bytes([entry[1] for entry in entries]),
        struct.pack(f"<{count}I", *[number[peer] for peer in peers]),
        struct.pack(f"<{count}q", *map(sub, times, [base, *times])),
        struct.pack(f"<{count}I", *map(len, raws)),
        *raws,
    ))  # fmt: skip
    if len(content) > CONTENT_BYTES_MAX:
        raise ValueError(f"a batch of {len(content)} bytes is over {CONTENT_BYTES_MAX}")
    body: bytes = _codec.compressor.compress(content)
    return MAGIC + bytes([VERSION]) + body


def unpack(body: bytes) -> list[Entry]:
    """The entries of a batch body.

    Raises:
        DamagedBatchError: the body was altered or cut; the message says where it breaks.
    """
    content = _decompress(body)
    if len(content) < _HEADER.size:
        raise DamagedBatchError(f"content ends at byte {len(content)}, inside its header")
    count, peer_count, base = _HEADER.unpack_from(content)
    table, at = _peers(content, peer_count)
    end = at + 17 * count
    if end > len(content):
        raise DamagedBatchError(
            f"columns of {count} entries need bytes {at} to {end}, content ends at {len(content)}"
        )
    verdicts = content[at : at + count]
    indices = struct.unpack_from(f"<{count}I", content, at + count)
    deltas = struct.unpack_from(f"<{count}q", content, at + 5 * count)
    lengths = struct.unpack_from(f"<{count}I", content, at + 13 * count)
    cuts = list(accumulate(lengths, initial=end))
    if cuts[-1] != len(content):
        raise DamagedBatchError(f"frames should end at byte {cuts[-1]}, content at {len(content)}")
    if indices and max(indices) >= peer_count:
        place = next(index for index, peer in enumerate(indices) if peer >= peer_count)
        raise DamagedBatchError(f"entry {place} names peer {indices[place]} of {peer_count}")
    times = list(accumulate(deltas, initial=base))[1:]
    raws = [content[start:stop] for start, stop in pairwise(cuts)]
    return list(map(Entry, times, verdicts, [table[index] for index in indices], raws))


def _decompress(body: bytes) -> bytes:
    if body[:3] != MAGIC:
        raise DamagedBatchError(
            f"byte 0: no journal body, starts with {bytes(body[:3])!r}, not {MAGIC!r}"
        )
    if body[3:4] != bytes([VERSION]):
        raise DamagedBatchError(f"byte 3: format version {body[3:4].hex()} is not known")
    try:
        size = zstandard.frame_content_size(body[4:])
        if not 0 <= size <= CONTENT_BYTES_MAX:
            raise DamagedBatchError(f"byte 4: content of {size} bytes announced")
        content: bytes = _codec.decompressor.decompress(body[4:], allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise DamagedBatchError(f"byte 4 and on of {len(body)}: {error}") from error
    return content


def _peers(content: bytes, count: int) -> tuple[list[str], int]:
    """The peer table and where it ends."""
    table, at = [], _HEADER.size
    for index in range(count):
        if at + _PEER.size > len(content):
            raise DamagedBatchError(f"peer {index} of {count}: content ends at byte {len(content)}")
        (length,) = _PEER.unpack_from(content, at)
        at += _PEER.size
        try:
            table.append(content[at : at + length].decode())
        except UnicodeDecodeError as error:
            raise DamagedBatchError(f"peer {index} at byte {at} is not UTF-8") from error
        at += length
    return table, at


def leaf(entry: Entry) -> bytes:
    """The canonical bytes of one entry, of which the Merkle tree is made.

    Big endian: receive time in µs i64 · verdict u8 · length u16 and UTF-8 of the peer ·
    length u32 and bytes of the raw frame. Two different entries never give the same bytes.
    """
    peer = entry.peer.encode()
    return b"".join((
        _LEAF.pack(entry.received_at_us, entry.verdict, len(peer)),
        peer,
        _LEAF_RAW.pack(len(entry.raw)),
        entry.raw,
    ))  # fmt: skip


class Journal(Protocol):
    """Where batches are kept: durable once `append` returns, read in the order of their ids."""

    async def append(
        self, *, token: UUID, received_at: datetime, node: str, frames: int, body: bytes
    ) -> int:
        """Make a batch durable and return its id; the same token again returns the same id."""
        ...

    async def read(
        self, *, after: int, limit: int, max_frames: int = ..., max_bytes: int = ...
    ) -> list[Batch]:
        """Batches with ids above `after`: at most so many, and at least one if there is one."""
        ...


_APPEND = "SELECT journal_append($1, $2, $3, $4, $5)"
#: The same for Django's cursors; in the same order token, received_at, node, frames, body.
APPEND_BY_DJANGO: Final = "SELECT journal_append(%s, %s, %s, %s, %s)"

#: The next batches, cut off where frames or bytes would pass their limit; the first one always.
#: octet_length of a column stored EXTERNAL does not read the body.
_READ = """
SELECT journal.id, received_at, node, frames, body
FROM journal JOIN (
    SELECT id,
           sum(frames) OVER w AS frames_so_far,
           sum(octet_length(body)) OVER w AS bytes_so_far,
           row_number() OVER w AS place
    FROM (SELECT id, frames, body FROM journal WHERE id > $1 ORDER BY id LIMIT $2) AS ahead
    WINDOW w AS (ORDER BY id)
) AS chosen USING (id)
WHERE place = 1 OR (frames_so_far <= $3 AND bytes_so_far <= $4)
ORDER BY id
"""


class PostgresJournal:
    """The journal in table `journal`; durable when the commit returns.

    Works on a pool or on one connection, which then must not be used for anything else meanwhile.
    """

    def __init__(self, database: asyncpg.Pool[Any] | asyncpg.Connection[Any]) -> None:
        self._database = database

    async def append(
        self, *, token: UUID, received_at: datetime, node: str, frames: int, body: bytes
    ) -> int:
        number: int = await self._database.fetchval(_APPEND, token, received_at, node, frames, body)
        return number

    async def read(
        self,
        *,
        after: int,
        limit: int,
        max_frames: int = 10_000,
        max_bytes: int = 16 * 1024 * 1024,
    ) -> list[Batch]:
        rows = await self._database.fetch(_READ, after, limit, max_frames, max_bytes)
        return [Batch(*row) for row in rows]


def entries(batch: int) -> list[Entry]:
    """All entries of a batch, over Django's connection.

    Raises:
        NoSuchEntryError: there is no such batch.
        DamagedBatchError: its body was altered; the message names the batch.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM journal WHERE id = %s", [batch])
        row = cursor.fetchone()
    if row is None:
        raise NoSuchEntryError(f"no batch {batch} in the journal")
    try:
        return unpack(bytes(row[0]))
    except DamagedBatchError as error:
        raise DamagedBatchError(f"batch {batch}: {error}") from error


def read_entry(batch: int, ordinal: int) -> Entry:
    """The frame that a reading, a message or a quarantine row points back to.

    Raises:
        NoSuchEntryError: there is no such batch, or no such frame in it.
        DamagedBatchError: the batch was altered.
    """
    found = entries(batch)
    if not 0 <= ordinal < len(found):
        raise NoSuchEntryError(f"batch {batch} has {len(found)} frames, no number {ordinal}")
    return found[ordinal]
