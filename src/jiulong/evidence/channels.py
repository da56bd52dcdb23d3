"""What is told over NOTIFY about points, by everyone who tells it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

#: PostgreSQL's limit of a notification is 8,000 bytes.
PAYLOAD_BYTES: Final = 7_900


def points_payload(points: Iterable[int]) -> str:
    """Which points have news, by id, or null where they are too many for a notification."""
    text = json.dumps({"points": sorted(points)}, separators=(",", ":"))
    return text if len(text) <= PAYLOAD_BYTES else '{"points":null}'
