"""Files for judges: kept with the first assignment of a number, seen by all who judge it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from jiulong.evidence.models import Attachment
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may
from jiulong.scorecards.models import Assignment, Panel
from jiulong.scorecards.standing_rules import RUN

LABEL: Final = "scorecards.assignment"


def anchor(panel: int, alias: str) -> Assignment | None:
    """The assignment with which the files of a number are kept; None: no such number."""
    found = Assignment.objects.filter(panel=panel, alias=alias).order_by("pk")
    return found.select_related("panel").first()


def files_at(task: Assignment) -> Sequence[Attachment]:
    """The files kept with it."""
    rows = Attachment.objects.filter(subject=LABEL, subject_id=str(task.pk), withdrawn_at=None)
    return list(rows.select_related("file").order_by("id"))


def material(viewer: Viewer, task: Assignment) -> Sequence[Attachment]:
    """What the viewer may look at for this task; two queries."""
    kept = anchor(task.panel_id, task.alias)
    return files_at(kept) if kept is not None and sees(viewer, str(kept.pk)) else []


def of_panel(panel: Panel) -> dict[str, int]:
    """Number → how many files its judges have; two queries."""
    keys = {str(pk): alias for pk, alias in panel.assignments.values_list("pk", "alias")}
    rows = Attachment.objects.filter(subject=LABEL, subject_id__in=keys, withdrawn_at=None)
    found: dict[str, int] = {}
    for pk in rows.values_list("subject_id", flat=True):
        found[keys[pk]] = found.get(keys[pk], 0) + 1
    return found


def keeps_material(viewer: Viewer, panel: Panel) -> bool:
    """Whether they may add: who runs the contest, unless they judge in the panel themselves."""
    return may(viewer, RUN) and not panel.assignments.filter(judge=viewer.pk).exists()


def sees(viewer: Viewer, subject_id: str) -> bool:
    """Who judges that number without a conflict, and who may add: for `evidence.guards`."""
    task = _task(subject_id)
    if task is None or not isinstance(viewer, User) or not viewer.is_active:
        return False
    judges = Assignment.objects.filter(panel=task.panel_id, alias=task.alias, judge=viewer)
    return judges.filter(conflict="").exists() or keeps_material(viewer, task.panel)


def adds(viewer: Viewer, subject_id: str) -> bool:
    """Who runs the contest, while the panel is open."""
    task = _task(subject_id)
    return task is not None and task.panel.closed_at is None and keeps_material(viewer, task.panel)


def _task(subject_id: str) -> Assignment | None:
    if not subject_id.isdecimal():
        return None
    return Assignment.objects.filter(pk=int(subject_id)).select_related("panel").first()
