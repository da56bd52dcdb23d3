"""What an account holds: everything that was counted, as JSON, and the digest that is signed."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from jiulong.evidence.models import Seal
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer
from jiulong.reports.models import Report
from jiulong.reports.scope import Scope
from jiulong.reports.sections import SECTIONS, Counting
from jiulong.reports.spans import Span

#: Counts up when the meaning of what is kept changes; old accounts are read as they were.
VERSION: Final = 1


def count(viewer: Viewer, span: Span, area: Unit | None, now: datetime) -> dict[str, Any]:
    """Count every section, all from one state of the database."""
    of = Counting(Scope.of(viewer, span, area, now))
    with transaction.atomic():
        sections = {section.key: section.count(of) for section in SECTIONS}
    seal = Seal.objects.order_by("-number").first()
    return {
        "version": VERSION,
        "span": {"kind": span.kind, "first": span.first.isoformat(), "last": span.last.isoformat()},
        "area": str(area) if area else "",
        "counted_at": now.isoformat(),
        "seal": {"number": seal.number, "digest": bytes(seal.digest).hex()} if seal else None,
        "sections": sections,
        "sources": _once(of.scope.sources),
    }


def digest(report: Report) -> str:
    """SHA-256 over what the signatures stand under: identity, figures and texts."""
    signed = {
        "kind": report.kind,
        "first_on": report.first_on.isoformat(),
        "edition": report.edition,
        "number": report.number,
        "content": report.content,
        "texts": report.texts,
    }
    told = json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def _once(sources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sections may ask the same thing; the annex tells it once."""
    kept: list[dict[str, Any]] = []
    for source in sources:
        if source not in kept:
            kept.append(source)
    return kept
