"""Obstacles: what holds a project up becomes a case, with its clocks and its ladder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.cases.actions import file_case
from jiulong.cases.lifecycle import OPEN
from jiulong.cases.models import MatterType
from jiulong.evidence.actions import record_event
from jiulong.organisation.rules import Viewer
from jiulong.projects import rules
from jiulong.projects.models import Obstacle, Project

SOURCE: Final = "projects"
#: Matters of obstacles are those whose code begins so.
PREFIX: Final = "xiangmu."


def raise_obstacle(
    *,
    actor: Viewer | None,
    project: Project,
    matter: MatterType,
    title: str,
    about: str = "",
    data: Mapping[str, Any] | None = None,
    severity: str = "",
    now: datetime | None = None,
) -> Obstacle:
    """Open a case about what holds the project up.

    Raises:
        PermissionDenied: the actor does not report for this project.
        ValidationError: a field is wrong or missing, or one of this kind is open already.
    """
    moment = now or timezone.now()
    user = rules.require(actor, "report_project", project)
    _check(project, matter)
    with transaction.atomic():
        case = file_case(
            actor=user, matter=matter, title=title, about=about, severity=severity,
            place=_place(project),
            data={"project": f"{project.code} {project.name}", **(data or {})},
            area=project.zone, address=project.address, source=SOURCE,
            source_ref=f"project/{project.pk}", now=moment,
        )  # fmt: skip
        made = Obstacle.objects.create(
            project=project, case=case, raised_on=timezone.localdate(moment)
        )
        record_event(
            actor=user, verb="raise_obstacle", subject=project, at=moment,
            data={"case": case.pk, "number": case.number, "title": case.title},
        )  # fmt: skip
    return made


def _place(project: Project) -> tuple[float, float] | None:
    if project.longitude is None or project.latitude is None:
        return None
    return project.longitude, project.latitude


def _check(project: Project, matter: MatterType) -> None:
    if not matter.code.startswith(PREFIX):
        raise ValidationError({"matter": [_("That is no obstacle of a project.")]})
    known = project.obstacles.filter(case__matter=matter, case__stage__in=sorted(OPEN))
    if (there := known.select_related("case").first()) is not None:
        told = _("One of this kind is open already: %(number)s.") % {"number": there.case.number}
        raise ValidationError({"matter": [told]})
