"""What schemes, contests and the district are called in a bulletin."""

from __future__ import annotations

from typing import Any

from jiulong.organisation.models import Unit
from jiulong.packs import text
from jiulong.scorecards.models import SchemeVersion


def _spec(scheme: SchemeVersion) -> dict[str, Any]:
    told: dict[str, Any] = scheme.spec.get("scheme", scheme.spec)
    return told


def scheme_name(scheme: SchemeVersion) -> str:
    """The name of a contest; its code where it has none."""
    told = _spec(scheme)
    return text.show(told.get("name") or told.get("title")) or scheme.code


def contest_name(scheme: SchemeVersion, key: str) -> str:
    """The name of one contest of a scheme; its key where it has none."""
    for one in _spec(scheme).get("contests", ()):
        if one.get("key") == key:
            return text.show(one.get("name")) or key
    return key


def district_name() -> str:
    """The district as it stands in the unit tree."""
    found = Unit.objects.filter(kind=Unit.Kind.DISTRICT, parent=None).order_by("pk").first()
    return str(found) if found is not None else ""
