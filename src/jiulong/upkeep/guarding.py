"""Whose the proofs of a report are: evidence asks here."""

from __future__ import annotations

from functools import partial
from typing import Final

from jiulong.evidence import guards
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer
from jiulong.upkeep.models import (
    FaultReport,
    MaintenanceRecord,
    ManualDatum,
    Mark,
    Objection,
    QcTest,
    Report,
)
from jiulong.upkeep.queries.scope import own_points, visible_points

REPORTS: Final[tuple[type[Report], ...]] = (
    Mark, QcTest, MaintenanceRecord, FaultReport, ManualDatum, Objection,
)  # fmt: skip


def sees(model: type[Report], viewer: Viewer, pk: str) -> bool:
    """Whether the viewer sees the station."""
    rows = model._default_manager.filter(pk=pk)  # noqa: SLF001 - documented by Django
    return pk.isdecimal() and rows.filter(point__in=visible_points(viewer)).exists()


def adds(model: type[Report], viewer: Viewer, pk: str) -> bool:
    """Whether it is their own firm's report, of a station that still is theirs, and stands."""
    if not isinstance(viewer, User) or not pk.isdecimal():
        return False
    rows = model._default_manager.filter(pk=pk, withdrawn_at=None)  # noqa: SLF001
    own = rows.filter(point__in=own_points(viewer), by_unit=viewer.unit_id)
    return viewer.unit_id is not None and own.exists()


def register_guards() -> None:
    """Have evidence ask here for every kind of report."""
    for model in REPORTS:
        guards.register(model._meta.label_lower, partial(sees, model), partial(adds, model))  # noqa: SLF001
