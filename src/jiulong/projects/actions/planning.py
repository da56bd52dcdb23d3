"""Planning the years of a project."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer
from jiulong.projects import guarding, rules
from jiulong.projects.actions.easing import ask_easing
from jiulong.projects.actions.writing import Fresh, Planned, write_plan
from jiulong.projects.models import Easing, Project, YearPlan

MONTHS: Final = 12


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

    Reported months keep the plan as it stood when they were reported. A plan that asks less of a
    project that lags waits for a second person (`Easing`): the plan that comes back is the one that
    counts.

    Raises:
        PermissionDenied: the actor may not.
        ValidationError: months fall, or do not end at the investment; a change without reason.
    """
    moment = now or timezone.now()
    user = rules.require(actor, "keep_projects", project)
    known = YearPlan.objects.filter(project=project, year=year).first()
    wanted = list(months) or _evenly(investment)
    _check_plan(wanted, investment, reason, known)
    fresh = Fresh(investment, goal, wanted)
    if user is not None and known is not None and _eases(project, known, fresh, moment):
        _ask(user, known, fresh, reason, moment)
        return known
    with transaction.atomic():
        plan = write_plan(project, year, fresh, moment)
        record_event(
            actor=user, verb="revise_plan", subject=project, at=moment,
            data={
                "year": year, "investment": str(investment), "reason": reason.strip()[:200],
                "before": str(known.investment) if known else "",
            },
        )  # fmt: skip
    return plan


def _eases(project: Project, known: YearPlan, fresh: Fresh, moment: datetime) -> bool:
    day = guarding.Day.of(timezone.localdate(moment))
    return guarding.guarded(project, day, known.year) and guarding.plan_eases(
        project, known, fresh.investment, {one.month: one.planned for one in fresh.months}, day
    )


def _ask(user: User, known: YearPlan, fresh: Fresh, reason: str, moment: datetime) -> Easing:
    year = str(known.year)
    stood = {f"{row.month:%Y-%m}": row.planned for row in known.months.all()}
    wanted = {f"{year}-{one.month:02d}": one.planned for one in fresh.months}
    told = guarding.lines({year: known.investment, **stood}, {year: fresh.investment, **wanted})
    kept = {"year": known.year, "stood": known.revised_at.isoformat(), **fresh.stored()}
    return ask_easing(
        user, known.project, Easing.Kind.PLAN, wanted=kept, told=told, reason=reason, moment=moment
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
