"""The journal as evidence seals it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import Max, Min, QuerySet, Sum
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _

from jiulong.evidence.sources import SourceBatch
from jiulong.gateway import journal
from jiulong.gateway.models import JournalBatch
from jiulong.monitoring.models import Period, Reading

#: Bodies of one page are held in memory together; a body is tens of kilobytes.
PAGE_BATCHES: Final = 200

_HEAD: Final = struct.Struct(">qBH")
_RAW_LENGTH: Final = 4


class JournalSource:
    """`evidence.sources.SealedSource` over table `journal`."""

    leaf_format = (
        "receive time, microseconds since 1970 UTC: 8 bytes, signed, big endian | verdict "
        "(0 accepted): 1 byte | length of the sender's address: 2 bytes, big endian | the "
        "address in UTF-8 | length of the raw frame: 4 bytes, big endian | the raw frame"
    )

    def last_before(self, moment: datetime, *, after: int) -> int | None:
        rows = JournalBatch.objects.filter(id__gt=after, received_at__lt=moment)
        number: int | None = rows.aggregate(found=Max("id"))["found"]
        return number

    def earliest(self, *, after: int) -> datetime | None:
        found = JournalBatch.objects.filter(id__gt=after).aggregate(found=Min("received_at"))
        moment: datetime | None = found["found"]
        return moment

    def frames_before(self, moment: datetime, *, after: int, upto: int) -> int:
        rows = JournalBatch.objects.filter(id__gt=after, id__lte=upto, received_at__lt=moment)
        return rows.aggregate(found=Sum("frames"))["found"] or 0

    def unsealed(self, *, after: int) -> int:
        return JournalBatch.objects.filter(id__gt=after).count()

    def read(self, *, after: int, upto: int) -> Iterator[SourceBatch]:
        while page := list(_page(after, upto)):
            yield from page
            after = page[-1].id

    def leaves(self, body: bytes) -> list[bytes]:
        return list(map(journal.leaf, journal.unpack(body)))

    def describe(self, leaf: bytes) -> dict[str, Any]:
        entry = _read_leaf(leaf)
        return {
            "received_at": entry.received_at.isoformat(),
            "verdict": entry.verdict,
            "peer": entry.peer,
            "raw": entry.raw.decode("utf-8", "backslashreplace"),
        }

    def locate(self, reading: str) -> tuple[int, int]:
        code, period, at, part, *rest = [*reading.split("/"), "", "", "", ""]
        moment = _moment(at)
        part = part or "0"
        if moment is None or not part.isdecimal() or any(rest):
            raise ValueError(
                _("%(text)s is no reading: write point/period/time, e.g. P001/hour/%(example)s")
                % {"text": reading, "example": "2026-11-20T13:00+08:00"}
            )
        found = (
            Reading.objects.filter(
                point__code=code,
                period=_period(period),
                at=moment,
                part=int(part),
            )
            .values_list("batch", "ordinal")
            .first()
        )
        if found is None:
            raise ValueError(_("there is no reading %(text)s") % {"text": reading})
        return found


def _page(after: int, upto: int) -> Iterator[SourceBatch]:
    rows: QuerySet[JournalBatch] = JournalBatch.objects.filter(id__gt=after, id__lte=upto)
    fields = rows.order_by("id").values_list("id", "received_at", "node", "frames", "body")
    for number, received_at, node, frames, body in fields[:PAGE_BATCHES]:
        yield SourceBatch(number, received_at, node, frames, bytes(body))


def _read_leaf(leaf: bytes) -> journal.Entry:
    """The inverse of `journal.leaf`."""
    received_at_us, verdict, length = _HEAD.unpack_from(leaf)
    end = _HEAD.size + length
    peer = leaf[_HEAD.size : end].decode()
    return journal.Entry(received_at_us, verdict, peer, leaf[end + _RAW_LENGTH :])


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:  # the form of a time, but no such day
        return None
    return make_aware(moment) if moment is not None and is_naive(moment) else moment


def _period(text: str) -> int:
    try:
        return int(text) if text.isdecimal() else Period[text.upper()].value
    except KeyError:
        names = ", ".join(period.name.lower() for period in Period)
        raise ValueError(
            _("%(text)s is no period: write one of %(names)s") % {"text": text, "names": names}
        ) from None
