"""The raw frame behind a value, decoded for a person, with the seal that covers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied

import hj212
from jiulong.evidence.models import Seal
from jiulong.evidence.queries import seal_of_batch
from jiulong.monitoring import frames
from jiulong.monitoring.models import Point, Reading
from jiulong.monitoring.queries.scope import visible_points
from jiulong.organisation.rules import Viewer, may


@dataclass(frozen=True, slots=True)
class RawFrame:
    """One frame of the journal. `point` and `reading` are None where it became no reading."""

    batch: int
    ordinal: int
    received_at: datetime
    peer: str
    verdict: int
    raw: bytes
    text: str
    decoded: hj212.Frame | hj212.Damage
    point: Point | None
    reading: Reading | None
    seal: Seal | None

    @property
    def frame(self) -> hj212.Frame | None:
        """The decoded frame, or None if the bytes are damaged."""
        return self.decoded if isinstance(self.decoded, hj212.Frame) else self.decoded.frame


def raw_frame(viewer: Viewer, batch: int, ordinal: int) -> RawFrame:
    """What came over the wire as entry `ordinal` of journal batch `batch`.

    Those who may see raw frames see every one; an enterprise sees what became its own readings.

    Raises:
        PermissionDenied: the viewer may not see it.
        LookupError: there is no such frame.
    """
    reading = Reading.objects.filter(batch=batch, ordinal=ordinal).select_related("point").first()
    if not may(viewer, "see_raw") and not _owns(viewer, reading):
        raise PermissionDenied("see_raw")
    entry = frames.read(batch, ordinal)
    return RawFrame(
        batch=batch,
        ordinal=ordinal,
        received_at=entry.received_at,
        peer=entry.peer,
        verdict=entry.verdict,
        raw=entry.raw,
        text=hj212.text_of(entry.raw),
        decoded=hj212.parse(entry.raw),
        point=reading.point if reading else None,
        reading=reading,
        seal=seal_of_batch(batch),
    )


def _owns(viewer: Viewer, reading: Reading | None) -> bool:
    """Whether the reading is of the viewer's own unit. Seeing everybody's values is not enough."""
    if reading is None or may(viewer, "see_all"):
        return False
    return visible_points(viewer).filter(pk=reading.point_id).exists()
