"""Lights: computed for all projects of a month, and set by hand for a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.organisation.rules import Viewer
from jiulong.projects import rules
from jiulong.projects.lights import gathering, judging
from jiulong.projects.lights.spec import LightSpec
from jiulong.projects.models import Colour, Light, LightOverride, Project

#: A colour by hand lasts no longer than a quarter: then somebody has to look again.
LONGEST_DAYS: Final = 92
WRITTEN: Final = ("colour", "rule", "rules", "explanation", "computed_at")


def compute_lights(
    *,
    now: datetime,
    months: Collection[date] | None = None,
    projects: Iterable[Project] | None = None,
) -> int:
    """Judge projects by the rules in force; how many lights were written.

    Args:
        months: first days; default: the newest whose reports are due.
        projects: default: all that are on the list.
    """
    today = timezone.localdate(now)
    specs = gathering.all_rules()
    if months is None:
        months = [gathering.month_of(today, specs)]
    found = list(Project.objects.filter(dropped_on=None) if projects is None else projects)
    facts = gathering.facts_of(found, months, today)
    lights = [
        _light(pk, spec, about, now)
        for (pk, month), about in facts.items()
        if (spec := gathering.in_force(specs, gathering.last_of(month))) is not None
    ]
    Light.objects.bulk_create(
        lights, batch_size=1000, update_conflicts=True, unique_fields=["project", "month"],
        update_fields=WRITTEN,
    )  # fmt: skip
    return len(lights)


def _light(pk: int, spec: LightSpec, facts: judging.Facts, now: datetime) -> Light:
    verdict = judging.judge(spec, facts)
    return Light(
        project_id=pk, month=facts.month, colour=verdict.colour, rule=verdict.measure,
        rules=spec.code, explanation=verdict.as_json(), computed_at=now,
    )  # fmt: skip


def override_light(
    *,
    actor: Viewer | None,
    project: Project,
    colour: str,
    reason: str,
    until: date,
    now: datetime | None = None,
) -> LightOverride:
    """Set a light by hand until a day; after it the computed colour stands again.

    Raises:
        PermissionDenied: the actor may not.
        ValidationError: no colour, no reason, a day that is past or farther than a quarter.
    """
    moment = now or timezone.now()
    user = rules.require(actor, "override_light", project)
    today = timezone.localdate(moment)
    _check(colour, reason, until, today)
    with transaction.atomic():
        LightOverride.objects.filter(project=project, ended_at=None, until__gte=today).update(
            ended_at=moment
        )
        made = LightOverride.objects.create(
            project=project, colour=colour, reason=reason.strip()[:400], since=today, until=until,
            by=user, by_name=str(user) if user else "Jiulong", at=moment,
        )  # fmt: skip
        record_event(
            actor=user, verb="override_light", subject=project, at=moment,
            data={"colour": colour, "reason": made.reason, "until": until.isoformat()},
        )  # fmt: skip
    return made


def end_override(
    *, actor: Viewer | None, override: LightOverride, now: datetime | None = None
) -> bool:
    """Take a colour by hand back before its day; False: it was over already.

    Raises:
        PermissionDenied: the actor may not.
    """
    moment = now or timezone.now()
    user = rules.require(actor, "override_light", override.project)
    with transaction.atomic():
        standing = LightOverride.objects.filter(
            pk=override.pk, ended_at=None, until__gte=timezone.localdate(moment)
        )
        if not standing.update(ended_at=moment):
            return False
        record_event(actor=user, verb="end_override", subject=override.project, at=moment)
    return True


def _check(colour: str, reason: str, until: date, today: date) -> None:
    wrong = {}
    if colour not in {Colour.GREEN, Colour.YELLOW, Colour.RED}:
        wrong["colour"] = _("Choose green, yellow or red.")
    if not reason.strip():
        wrong["reason"] = _("Say why: it is shown beside the light.")
    if until < today:
        wrong["until"] = _("That day is past.")
    elif (until - today).days > LONGEST_DAYS:
        wrong["until"] = _("At most %(days)s days ahead; then look again.") % {"days": LONGEST_DAYS}
    if wrong:
        raise ValidationError({name: [text] for name, text in wrong.items()})
