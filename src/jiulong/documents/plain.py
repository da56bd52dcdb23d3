"""A document as JSON: what the typesetter reads, and what a digest is taken of."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from jiulong.documents.blocks import Document
from jiulong.documents.text import clean


def as_data(document: Document) -> dict[str, Any]:
    """The document as JSON can hold it; pictures by their SHA-256."""
    data: dict[str, Any] = _plain(document)
    return data


def digest(document: Document) -> str:
    """SHA-256 over the canonical JSON: equal for equal content, whatever writes it down."""
    text = json.dumps(as_data(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
        return {"kind": type(value).__name__, **fields}
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return clean(value.isoformat() if isinstance(value, datetime) else value)
