"""Listing projects, changing what is known of them, taking them off the list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, reach, require_or_system
from jiulong.projects import guarding, rules, stages
from jiulong.projects.actions import writing
from jiulong.projects.actions.easing import ask_easing, stored
from jiulong.projects.actions.fitting import check
from jiulong.projects.models import Easing, Project, StageMove
from jiulong.registers.masking import mask

#: What people enter; stages, lights and counts follow from acts.
ENTERED: Final = (
    "code", "national_code", "name", "level", "kind", "industry", "batch", "description", "zone",
    "lead_unit", "supervising_unit", "leader", "leader_post", "contact_name", "contact_phone",
    "total_investment", "invested_before", "planned_start_on", "late_reason", "planned_finish_on",
    "in_statistics_on", "approved_on", "planning_permit_on", "land_permit_on", "eia_on",
    "construction_permit_on", "land_needed_mu", "land_delivered_mu", "demolition_m2",
    "demolished_m2", "bond_approved", "bond_used", "longitude", "latitude", "address",
)  # fmt: skip
#: Stages in which a project may be listed first: later ones ask for dates that acts record.
FIRST: Final = (stages.PLANNED, stages.SIGNED, stages.PREPARING)


def file_project(
    *,
    actor: Viewer | None,
    values: Mapping[str, Any],
    stage: str = stages.PLANNED,
    now: datetime | None = None,
) -> Project:
    """Put a project on the list.

    Args:
        values: by field of `ENTERED`.
        stage: one before works start.

    Raises:
        PermissionDenied: the actor keeps no projects of that lead unit.
        ValidationError: a value is wrong or missing; it says which.
    """
    moment = now or timezone.now()
    user = require_or_system(actor, "keep_projects")
    if stage not in FIRST:
        raise ValidationError({"stage": [_("List it first; then record that works started.")]})
    project = Project(**_known(values), stage=stage, filed_at=moment, updated_at=moment, version=1)
    check(project)
    _keeps(user, project)
    _accepts(user, project, "")
    with transaction.atomic():
        project.save(force_insert=True)
        StageMove.objects.create(
            project=project, stage=stage, entered_on=timezone.localdate(moment), by=user, at=moment
        )
        record_event(
            actor=user, verb="file_project", subject=project, at=moment,
            data={"code": project.code, "name": project.name, "level": project.level},
        )  # fmt: skip
    return project


def change_project(
    *,
    actor: Viewer | None,
    project: Project,
    values: Mapping[str, Any],
    reason: str = "",
    now: datetime | None = None,
) -> Project:
    """Change what is known of a project; the event says what it was before.

    Of a project that lags, what asks less of it waits for a second person (`Easing`, with the
    reason); the rest is changed at once.

    Raises:
        PermissionDenied: the actor keeps neither the old lead unit's projects nor the new one's.
        ValidationError: a value is wrong; it says which; or something is eased without a reason.
        ChangedMeanwhileError: somebody else changed it since it was read.
    """
    moment = now or timezone.now()
    user = rules.require(actor, "keep_projects", project)
    before = {name: getattr(project, name) for name in values if name in ENTERED}
    for name, value in _known(values).items():
        setattr(project, name, value)
    check(project)
    _keeps(user, project)
    _accepts(user, project, str(before.get("late_reason", project.late_reason)))
    changed = {name: was for name, was in before.items() if getattr(project, name) != was}
    with transaction.atomic():
        if user is not None:
            for name in _wait(user, project, changed, reason, moment):
                setattr(project, name, changed.pop(name))
        if changed:
            fresh = {name: getattr(project, name) for name in changed}
            writing.write_values(project, fresh, moment)
            record_event(
                actor=user, verb="change_project", subject=project, at=moment,
                data={name: [_told(name, was), _told(name, fresh[name])]
                      for name, was in changed.items()},
            )  # fmt: skip
    return project


def _wait(
    user: User, project: Project, changed: Mapping[str, Any], reason: str, moment: datetime
) -> list[str]:
    """The fields that wait for a second person; the wish is kept."""
    names = guarding.eased(changed, project)
    if not names:
        return []
    stood = Project.objects.get(pk=project.pk)
    if not guarding.guarded(stood, guarding.Day.of(timezone.localdate(moment))):
        return []
    before = {name: changed[name] for name in names}
    ask_easing(
        user, project, Easing.Kind.CHANGE, reason=reason, moment=moment,
        wanted={name: [stored(stood, name), stored(project, name)] for name in names},
        told=guarding.lines(before, {name: getattr(project, name) for name in names}),
    )  # fmt: skip
    return names


def drop_project(
    *, actor: Viewer | None, project: Project, reason: str, now: datetime | None = None
) -> Project:
    """Take a project off the list. Its history stays; one that lags waits for a second person.

    Raises:
        PermissionDenied: the actor may not.
        ValidationError: no reason is given.
    """
    moment = now or timezone.now()
    user = rules.require(actor, "keep_projects", project)
    why = reason.strip()[:200]
    if not why:
        raise ValidationError({"reason": [_("Say why it is taken off the list.")]})
    day = guarding.Day.of(timezone.localdate(moment))
    if user is not None and guarding.guarded(project, day):
        if project.dropped_on is None:
            ask_easing(
                user, project, Easing.Kind.DROP, wanted={}, told=[], reason=why, moment=moment
            )
        return project
    with transaction.atomic():
        if writing.write_drop(project, why, moment):
            record_event(
                actor=user, verb="drop_project", subject=project, at=moment, data={"reason": why}
            )
    return project


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(values) - set(ENTERED))
    if unknown:
        raise ValidationError({"__all__": [_("Not to be entered: %(names)s") % {
            "names": ", ".join(unknown)}]})  # fmt: skip
    return dict(values)


def _keeps(user: User | None, project: Project) -> None:
    if user is not None and not reach(user, "keep_projects").covers(project.lead_unit_id):
        raise PermissionDenied("keep_projects")


def _accepts(user: User | None, project: Project, before: str) -> None:
    """An accepted reason spares the red light: nobody accepts it who may not set lights.

    Raises:
        ValidationError: the reason is a new one, and the user may not.
    """
    if user is None or project.late_reason in {"", before}:
        return
    if not rules.may(user, "override_light", project):
        told = _("Who may set lights accepts the reason of a late start.")
        raise ValidationError({"late_reason": [told]})


def _told(name: str, value: Any) -> Any:
    """A value as events keep it: contacts masked, others as text."""
    if name == "contact_name":
        return mask("name", str(value or ""))
    if name == "contact_phone":
        return mask("phone", str(value or ""))
    return "" if value is None else str(value)
