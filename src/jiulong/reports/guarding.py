"""Who may see and add the files of accounts: the printed forms that were published."""

from __future__ import annotations

from jiulong.evidence import guards
from jiulong.organisation.rules import Viewer, may
from jiulong.reports import queries


def _see(viewer: Viewer, subject_id: str) -> bool:
    return subject_id.isdecimal() and queries.reports(viewer).filter(pk=int(subject_id)).exists()


def _add(viewer: Viewer, subject_id: str) -> bool:
    return may(viewer, "publish_report") and _see(viewer, subject_id)


def register_guards() -> None:
    """Called once when the apps are ready."""
    guards.register("reports.report", _see, _add)
