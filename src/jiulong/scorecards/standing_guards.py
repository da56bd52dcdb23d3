"""Who may see and add files: proof of objections and adjustments, what judges look at."""

from __future__ import annotations

from jiulong.evidence import guards
from jiulong.organisation.rules import Viewer, may
from jiulong.scorecards.models import Adjustment, Dispute
from jiulong.scorecards.queries import material
from jiulong.scorecards.queries.standings import adjustments
from jiulong.scorecards.standing_rules import ADJUST, RUN, sees_row, speaks_for


def _sees_dispute(viewer: Viewer, subject_id: str) -> bool:
    dispute = _dispute(subject_id)
    return dispute is not None and sees_row(viewer, dispute.row)


def _adds_dispute(viewer: Viewer, subject_id: str) -> bool:
    dispute = _dispute(subject_id)
    if dispute is None or dispute.state != Dispute.State.OPEN:
        return False
    return may(viewer, RUN) or speaks_for(viewer, dispute.row.subject)


def _dispute(subject_id: str) -> Dispute | None:
    if not subject_id.isdecimal():
        return None
    rows = Dispute.objects.select_related("row__subject__enterprise")
    return rows.filter(pk=int(subject_id)).first()


def _sees_adjustment(viewer: Viewer, subject_id: str) -> bool:
    if not subject_id.isdecimal():
        return False
    return adjustments(viewer).filter(pk=int(subject_id)).exists()


def _adds_adjustment(viewer: Viewer, subject_id: str) -> bool:
    waiting = Adjustment.objects.filter(
        pk=int(subject_id) if subject_id.isdecimal() else 0,
        confirmed_at=None, withdrawn_at=None, filed_by=getattr(viewer, "pk", None),
    )  # fmt: skip
    return may(viewer, ADJUST) and waiting.exists()


def register_guards() -> None:
    """Called once when the apps are ready."""
    guards.register("scorecards.dispute", _sees_dispute, _adds_dispute)
    guards.register("scorecards.adjustment", _sees_adjustment, _adds_adjustment)
    guards.register(material.LABEL, material.sees, material.adds)
