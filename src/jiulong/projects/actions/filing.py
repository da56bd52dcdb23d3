"""Listing projects, changing what is known of them, planning their years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, reach, require_or_system
from jiulong.projects import rules, stages
from jiulong.projects.actions.common import ChangedMeanwhileError
from jiulong.projects.models import PlanMonth, Project, StageMove, YearPlan
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
MONTHS: Final = 12


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
    _check(project)
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
    now: datetime | None = None,
) -> Project:
    """Change what is known of a project; the event says what it was before.

    Raises:
        PermissionDenied: the actor keeps neither the old lead unit's projects nor the new one's.
        ValidationError: a value is wrong; it says which.
        ChangedMeanwhileError: somebody else changed it since it was read.
    """
    moment = now or timezone.now()
    user = rules.require(actor, "keep_projects", project)
    before = {name: getattr(project, name) for name in values if name in ENTERED}
    for name, value in _known(values).items():
        setattr(project, name, value)
    _check(project)
    _keeps(user, project)
    _accepts(user, project, str(before.get("late_reason", project.late_reason)))
    changed = {name: was for name, was in before.items() if getattr(project, name) != was}
    if not changed:
        return project
    with transaction.atomic():
        fresh = {name: getattr(project, name) for name in changed}
        done = Project.objects.filter(pk=project.pk, version=project.version).update(
            **fresh, updated_at=moment, version=project.version + 1
        )
        if not done:
            raise ChangedMeanwhileError
        record_event(
            actor=user, verb="change_project", subject=project, at=moment,
            data={name: [_told(name, was), _told(name, fresh[name])]
                  for name, was in changed.items()},
        )  # fmt: skip
    project.refresh_from_db()
    return project


def drop_project(
    *, actor: Viewer | None, project: Project, reason: str, now: datetime | None = None
) -> Project:
    """Take a project off the list. Its history stays.

    Raises:
        PermissionDenied: the actor may not.
        ValidationError: no reason is given.
    """
    moment = now or timezone.now()
    user = rules.require(actor, "keep_projects", project)
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why it is taken off the list.")]})
    with transaction.atomic():
        there = Project.objects.filter(pk=project.pk, dropped_on=None)
        if there.update(
            dropped_on=timezone.localdate(moment), dropped_reason=reason.strip()[:200],
            updated_at=moment, version=models.F("version") + 1,
        ):  # fmt: skip
            record_event(
                actor=user, verb="drop_project", subject=project, at=moment,
                data={"reason": reason.strip()[:200]},
            )  # fmt: skip
    project.refresh_from_db()
    return project


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan of one month: 万元 from January to its end, and the node."""

    month: int
    planned: Decimal
    node: str = ""


def revise_plan(
    *,
    actor: Viewer | None,
    project: Project,
    year: int,
    investment: Decimal,
    months: Sequence[Planned] = (),
    goal: str = "",
    reason: str = "",
    now: datetime | None = None,
) -> YearPlan:
    """Plan a year, or plan it anew with a reason. Without months it is spread evenly.

    Reported months keep the plan as it stood when they were reported.

    Raises:
        PermissionDenied: the actor may not.
        ValidationError: months fall, or do not end at the investment; a change without reason.
    """
    moment = now or timezone.now()
    user = rules.require(actor, "keep_projects", project)
    known = YearPlan.objects.filter(project=project, year=year).first()
    wanted = list(months) or _evenly(investment)
    _check_plan(wanted, investment, reason, known)
    with transaction.atomic():
        plan, _made = YearPlan.objects.update_or_create(
            project=project, year=year,
            defaults={
                "investment": investment, "goal": goal.strip()[:400], "revised_at": moment,
            },
        )  # fmt: skip
        _lay_out(plan, wanted)
        record_event(
            actor=user, verb="revise_plan", subject=project, at=moment,
            data={
                "year": year, "investment": str(investment), "reason": reason.strip()[:200],
                "before": str(known.investment) if known else "",
            },
        )  # fmt: skip
    return plan


def _lay_out(plan: YearPlan, months: Sequence[Planned]) -> None:
    plan.months.all().delete()
    PlanMonth.objects.bulk_create(
        PlanMonth(
            plan=plan, month=date(plan.year, one.month, 1), planned=one.planned, node=one.node
        )
        for one in months
    )


def _evenly(investment: Decimal) -> list[Planned]:
    return [
        Planned(month, (investment * month / MONTHS).quantize(Decimal("0.01")))
        for month in range(1, MONTHS + 1)
    ]


def _check_plan(
    months: Sequence[Planned], investment: Decimal, reason: str, known: YearPlan | None
) -> None:
    wrong: dict[str, str] = {}
    if investment <= 0:
        wrong["investment"] = _("Give the year's investment in 10,000 yuan.")
    if known is not None and not reason.strip():
        wrong["reason"] = _("Say why the plan changes.")
    falls = next((b for a, b in pairwise(months) if b.planned < a.planned), None)
    if falls is not None:
        told = _("The plan of month %(month)s is less than that of the month before.")
        wrong["months"] = told % {"month": falls.month}
    elif [one.month for one in months] != list(range(1, MONTHS + 1)):
        wrong["months"] = _("Give all twelve months.")
    elif months[-1].planned != investment:
        told = _("December must end at the year's investment, %(sum)s.")
        wrong["months"] = told % {"sum": investment}
    if wrong:
        raise ValidationError({name: [text] for name, text in wrong.items()})


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(values) - set(ENTERED))
    if unknown:
        raise ValidationError({"__all__": [_("Not to be entered: %(names)s") % {
            "names": ", ".join(unknown)}]})  # fmt: skip
    return dict(values)


def _check(project: Project) -> None:
    """What the fields allow, and what must fit together.

    Raises:
        ValidationError: by field.
    """
    wrong: dict[str, list[Any]] = {}
    try:
        project.full_clean(validate_constraints=False)
    except ValidationError as error:
        wrong = dict(error.message_dict)
    pairs = (
        ("planned_finish_on", "planned_start_on", _("That is before the start.")),
        ("land_needed_mu", "land_delivered_mu", _("More land is delivered than needed.")),
        ("demolition_m2", "demolished_m2", _("More is demolished than planned.")),
        ("bond_approved", "bond_used", _("More is used than approved.")),
    )
    for most, least, told in pairs:
        high, low = getattr(project, most), getattr(project, least)
        if high is not None and low is not None and not {most, least} & set(wrong) and high < low:
            wrong[most] = [told]
    if wrong:
        raise ValidationError(wrong)


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
