"""Wishes to ask less of a project that lags."""

from __future__ import annotations

from collections.abc import Sequence

from jiulong.organisation.rules import Viewer, reach
from jiulong.projects import rules
from jiulong.projects.models import Easing, Project

#: So many of those that are settled stand on a project's page.
SETTLED = 5


def easing(viewer: Viewer, pk: int) -> Easing:
    """One wish for a project that the viewer may see.

    Raises:
        Easing.DoesNotExist: there is none, or the viewer may not see its project.
    """
    seen = Project.objects.filter(rules.visible(viewer))
    return Easing.objects.select_related("project").get(pk=pk, project__in=seen)


def easings(project: Project) -> Sequence[Easing]:
    """A project's wishes, those that wait first."""
    rows = Easing.objects.filter(project=project).exclude(state=Easing.State.WITHDRAWN)
    found = list(rows.select_related("project")[: SETTLED + len(Easing.Kind)])
    return sorted(found, key=lambda one: one.state != Easing.State.OPEN)


def to_settle(viewer: Viewer) -> list[Easing]:
    """Wishes that the viewer may grant or refuse, the oldest first."""
    held = reach(viewer, "confirm_project")
    if not held:
        return []
    found = (
        Easing.objects.filter(state=Easing.State.OPEN)
        .filter(held.within("project__supervising_unit"), rules.visible(viewer, "project__"))
        .select_related("project", "project__lead_unit")
        .order_by("asked_at", "pk")
    )
    return [one for one in found if rules.may_ease(viewer, one)]
