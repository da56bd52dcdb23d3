"""Who may see which projects, and who may do what with one."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, posted, reach, require_or_system
from jiulong.projects.models import Easing, Project


def visible(viewer: Viewer, prefix: str = "") -> Q:
    """The projects a viewer may see: that their units lead, supervise or have, or they answer for.

    `prefix` names the way to the project, as in `project__`.
    """
    held = reach(viewer, "see_projects")
    if held.everything:
        return Q()
    if not held:
        return Q(pk__in=[])
    own = Q(**{f"{prefix}leader": viewer.pk})
    units = held.units
    return (
        own
        | Q(**{f"{prefix}lead_unit__in": units})
        | Q(**{f"{prefix}zone__in": units})
        | Q(**{f"{prefix}supervising_unit__in": units})
    )


def may(viewer: Viewer, verb: str, project: Project) -> bool:
    """Whether the viewer holds the verb for this project.

    Reporting reaches as far as the unit that leads it and the place it lies in; confirming as far
    as the unit that supervises it; everything else as far as the unit that leads it.
    """
    held = reach(viewer, verb)
    if held.everything:
        return True
    units = {
        "report_project": (project.lead_unit_id, project.zone_id),
        "confirm_project": (project.supervising_unit_id,),
        "see_projects": (project.lead_unit_id, project.zone_id, project.supervising_unit_id),
    }.get(verb, (project.lead_unit_id,))
    if any(held.covers(unit) for unit in units):
        return True
    return verb == "see_projects" and bool(held) and project.leader_id == viewer.pk


def require(actor: Viewer | None, verb: str, project: Project) -> User | None:
    """The acting user, if they may do it to this project; None stays None: the system itself.

    Raises:
        PermissionDenied: they may not, or not with this project.
    """
    user = require_or_system(actor, verb)
    if user is not None and not may(user, verb, project):
        raise PermissionDenied(verb)
    return user


def may_ease(viewer: Viewer, easing: Easing) -> bool:
    """Whether they may settle that less is asked of a project: of those who confirm what it reports
    neither who asked for it nor anybody with a post in the unit that leads it.
    """
    project = easing.project
    if not isinstance(viewer, User) or easing.asked_by_id == viewer.pk:
        return False
    return project.lead_unit_id not in posted(viewer) and may(viewer, "confirm_project", project)


def sees_by_id(viewer: Viewer, subject_id: str) -> bool:
    """Whether the viewer may see the files of the project with this key."""
    return _sees(viewer, Project.objects.filter(pk=_number(subject_id)).first())


def reports_by_id(viewer: Viewer, subject_id: str) -> bool:
    """Whether the viewer may add files to the project with this key."""
    project = Project.objects.filter(pk=_number(subject_id)).first()
    return project is not None and may(viewer, "report_project", project)


def sees_milestone(viewer: Viewer, subject_id: str) -> bool:
    """Whether the viewer may see the photographs of the milestone with this key."""
    return _sees(viewer, _project_of(subject_id))


def reports_milestone(viewer: Viewer, subject_id: str) -> bool:
    """Whether the viewer may add photographs to the milestone with this key."""
    project = _project_of(subject_id)
    return project is not None and may(viewer, "report_project", project)


def _sees(viewer: Viewer, project: Project | None) -> bool:
    return project is not None and may(viewer, "see_projects", project)


def _project_of(subject_id: str) -> Project | None:
    return Project.objects.filter(milestones=_number(subject_id)).first()


def _number(subject_id: str) -> int:
    return int(subject_id) if subject_id.isdecimal() else 0
