"""Moving a project along its life; each step asks for what it cannot be without."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.organisation.rules import Viewer
from jiulong.projects import rules, stages
from jiulong.projects.actions.common import ChangedMeanwhileError
from jiulong.projects.actions.lights import compute_lights
from jiulong.projects.models import Project, StageMove

#: Stages whose day is a fact of the project, too.
DATED: Final[dict[str | None, str]] = {
    stages.STARTED: "started_on",
    stages.FINISHED: "finished_on",
}


def move_stage(
    *,
    actor: Viewer | None,
    project: Project,
    move: str,
    on: date,
    note: str = "",
    now: datetime | None = None,
) -> Project:
    """Record that a project entered its next stage on a day.

    Raises:
        PermissionDenied: the actor may not.
        ValidationError: no such step from here, a day that cannot be, or no construction permit.
    """
    moment = now or timezone.now()
    user = rules.require(actor, "keep_projects", project)
    target = stages.LIFE.get((project.stage, move))
    _check(project, target, on, timezone.localdate(moment))
    fields: dict[str, object] = {"stage": target}
    if target in DATED:
        fields[DATED[target]] = on
    with transaction.atomic():
        changed = Project.objects.filter(
            pk=project.pk, stage=project.stage, version=project.version
        ).update(**fields, updated_at=moment, version=project.version + 1)
        if not changed:
            raise ChangedMeanwhileError
        StageMove.objects.create(
            project=project, stage=str(target), entered_on=on, note=note.strip()[:200], by=user,
            at=moment,
        )  # fmt: skip
        record_event(
            actor=user, verb="move_stage", subject=project, at=moment,
            data={"from": project.stage, "to": target, "on": on.isoformat()},
        )  # fmt: skip
        project.refresh_from_db()
        compute_lights(now=moment, projects=[project])
    return project


def _check(project: Project, target: str | None, on: date, today: date) -> None:
    wrong: dict[str, str] = {}
    if target is None or project.dropped_on is not None:
        told = _("There is no such step from “%(stage)s”.")
        wrong["move"] = told % {"stage": stages.STAGES[project.stage]}
    if on > today:
        wrong["on"] = _("That day is still to come.")
    last = project.stage_moves.order_by("-entered_on").values_list("entered_on", flat=True).first()
    if last is not None and on < last:
        wrong["on"] = _("The stage before was entered later, on %(day)s.") % {"day": last}
    if target == stages.STARTED:
        permit = project.construction_permit_on
        if permit is None:
            wrong["on"] = _("Works cannot start without a construction permit: enter its date.")
        elif permit > on:
            wrong["on"] = _("The construction permit is later, of %(day)s.") % {"day": permit}
    if wrong:
        raise ValidationError({name: [text] for name, text in wrong.items()})
