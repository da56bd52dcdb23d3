"""Milestones and money: planned, reached with a photograph, confirmed by somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import keep_file, record_event
from jiulong.evidence.models import Attachment
from jiulong.organisation.rules import Viewer
from jiulong.projects import rules
from jiulong.projects.actions.reporting import Photo
from jiulong.projects.models import Funding, Milestone, Project

#: What its photographs are attached as.
PURPOSE = "milestone"


def add_milestone(
    *,
    actor: Viewer | None,
    project: Project,
    title: str,
    planned_on: date,
    now: datetime | None = None,
) -> Milestone:
    """Plan a node of the works.

    Raises:
        PermissionDenied: the actor may not.
        ValidationError: it has no name.
    """
    moment = now or timezone.now()
    user = rules.require(actor, "keep_projects", project)
    if not title.strip():
        raise ValidationError({"title": [_("Say what is to be reached.")]})
    with transaction.atomic():
        made = Milestone.objects.create(
            project=project, title=title.strip()[:120], planned_on=planned_on,
            position=project.milestones.count(),
        )  # fmt: skip
        record_event(
            actor=user, verb="add_milestone", subject=project, at=moment,
            data={"title": made.title, "planned_on": planned_on.isoformat()},
        )  # fmt: skip
    return made


def finish_milestone(
    *,
    actor: Viewer | None,
    milestone: Milestone,
    done_on: date,
    photos: Sequence[Photo] = (),
    now: datetime | None = None,
) -> Milestone:
    """Say that a node was reached on a day, with a photograph that shows it.

    Raises:
        PermissionDenied: the actor may not.
        ValidationError: a day to come, no photograph, or it was reached already.
    """
    moment = now or timezone.now()
    user = rules.require(actor, "report_project", milestone.project)
    wrong = {}
    if done_on > timezone.localdate(moment):
        wrong["done_on"] = _("That day is still to come.")
    if not photos and not _pictures(milestone):
        wrong["photo"] = _("Add a photograph that shows it.")
    if wrong:
        raise ValidationError({name: [text] for name, text in wrong.items()})
    with transaction.atomic():
        open_still = Milestone.objects.filter(pk=milestone.pk, done_on=None)
        if not open_still.update(done_on=done_on, done_by=user):
            raise ValidationError({"done_on": [_("It was reported as reached already.")]})
        for photo in photos:
            keep_file(
                actor=user, content=photo.content, name=photo.name, subject=milestone,
                purpose=PURPOSE, captured=photo.captured, now=moment,
            )  # fmt: skip
        record_event(
            actor=user, verb="finish_milestone", subject=milestone.project, at=moment,
            data={"title": milestone.title, "done_on": done_on.isoformat()},
        )  # fmt: skip
    milestone.refresh_from_db()
    return milestone


def confirm_milestone(
    *, actor: Viewer | None, milestone: Milestone, now: datetime | None = None
) -> Milestone:
    """Confirm that a node was reached; never by whoever said so.

    Raises:
        PermissionDenied: the actor may not, or reported it.
        ValidationError: it was not reached, or is confirmed.
    """
    moment = now or timezone.now()
    user = rules.require(actor, "confirm_project", milestone.project)
    if user is not None and milestone.done_by_id == user.pk:
        raise PermissionDenied("confirm_project")
    with transaction.atomic():
        waits = Milestone.objects.filter(pk=milestone.pk, done_on__isnull=False, confirmed_at=None)
        if not waits.update(confirmed_at=moment, confirmed_by=user):
            raise ValidationError({"milestone": [_("It does not wait to be confirmed.")]})
        record_event(
            actor=user, verb="confirm_milestone", subject=milestone.project, at=moment,
            data={"title": milestone.title},
        )  # fmt: skip
    milestone.refresh_from_db()
    return milestone


def set_funds(
    *,
    actor: Viewer | None,
    project: Project,
    source: str,
    planned: Decimal,
    arrived: Decimal,
    used: Decimal,
    now: datetime | None = None,
) -> Funding:
    """What one source is to give, gave, and what of it was used, in 万元.

    Raises:
        PermissionDenied: the actor may not.
        ValidationError: a negative sum, an unknown source, or more used than arrived.
    """
    moment = now or timezone.now()
    user = rules.require(actor, "report_project", project)
    wrong = {}
    if source not in Funding.Source.values:
        wrong["source"] = _("Choose where the money comes from.")
    if min(planned, arrived, used) < 0:
        wrong["planned"] = _("Money cannot be negative here.")
    if used > arrived:
        wrong["used"] = _("More is used than arrived.")
    if wrong:
        raise ValidationError({name: [text] for name, text in wrong.items()})
    with transaction.atomic():
        fund, _made = Funding.objects.update_or_create(
            project=project, source=source,
            defaults={"planned": planned, "arrived": arrived, "used": used},
        )  # fmt: skip
        record_event(
            actor=user, verb="set_funds", subject=project, at=moment,
            data={
                "source": source, "planned": str(planned), "arrived": str(arrived),
                "used": str(used),
            },
        )  # fmt: skip
    return fund


def _pictures(milestone: Milestone) -> bool:
    return Attachment.objects.filter(
        subject="projects.milestone", subject_id=str(milestone.pk), withdrawn_at=None,
        file__width__isnull=False,
    ).exists()  # fmt: skip
