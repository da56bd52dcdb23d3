"""What codes stand for: factors, and the streets and zones of the district."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from jiulong.monitoring.models import Factor
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer


def _signed_in(viewer: Viewer) -> bool:
    """Names are no secret among those who have an account."""
    return isinstance(viewer, User) and viewer.is_active


def _factors(viewer: Viewer) -> QuerySet[Factor]:
    return Factor.objects.all() if _signed_in(viewer) else Factor.objects.none()


def factor(viewer: Viewer, code: str) -> Factor:
    """One factor. Factor.DoesNotExist for a code nobody has measured yet."""
    return _factors(viewer).get(code=code)


def factors(viewer: Viewer, codes: Iterable[str]) -> dict[str, Factor]:
    """Those of the codes that are known."""
    return {known.code: known for known in _factors(viewer).filter(code__in=list(codes))}


def streets(viewer: Viewer) -> list[tuple[str, str]]:
    """Code and name of every street, town and zone."""
    if not _signed_in(viewer):
        return []
    rows = Unit.objects.filter(kind__in=[Unit.Kind.STREET, Unit.Kind.ZONE])
    return list(rows.values_list("code", "name"))
