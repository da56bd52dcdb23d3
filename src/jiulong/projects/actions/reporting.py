"""Months: what a unit says of one, and whoever supervises it confirms or returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import Captured, keep_file, record_event
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer
from jiulong.projects import rules
from jiulong.projects.actions.common import ChangedMeanwhileError
from jiulong.projects.actions.lights import compute_lights
from jiulong.projects.lights import gathering
from jiulong.projects.models import MonthReport, Project, ReportRevision
from jiulong.projects.plausibility import Said, doubts, faults

State = MonthReport.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture that goes with a report or a milestone."""

    content: bytes
    name: str
    captured: Captured | None = None


def report_month(
    *,
    actor: Viewer | None,
    project: Project,
    month: date,
    done: Decimal,
    node_done: str = "",
    problems: str = "",
    reason: str = "",
    submit: bool = True,
    photos: Sequence[Photo] = (),
    version: int | None = None,
    now: datetime | None = None,
) -> MonthReport:
    """Say how far a project is at a month's end; said again it is a revision, with its reason.

    `done` is in 万元 from January to the end of the month; `submit=False` keeps a draft; `version`
    is that of the report which the person saw.

    Raises:
        PermissionDenied: the actor does not report for this project.
        ValidationError: a figure cannot be, or looks wrong and has no reason; by field.
        ChangedMeanwhileError: somebody else reported meanwhile.
    """
    moment = now or timezone.now()
    user = rules.require(actor, "report_project", project)
    month = gathering.first_of(month)
    known = _known(project, month, version)
    said = Said(month=month, done=done, reason=reason.strip(), today=timezone.localdate(moment))
    _check(project, said, known, submit=submit)
    told = {
        "done": done, "node_done": node_done.strip()[:200], "problems": problems.strip()[:400],
        "reason": said.reason[:200], **_state(user, moment, submit=submit),
    }  # fmt: skip
    with transaction.atomic():
        report = _written(project, month, known, told)
        _revise(report, user, moment)
        _keep(photos, user, report, moment)
        if submit:
            _submitted(report, user, moment)
    return report


def _known(project: Project, month: date, version: int | None) -> MonthReport | None:
    """What was said before. Raises: ChangedMeanwhileError, it is not what the person saw."""
    known = MonthReport.objects.filter(project=project, month=month).first()
    if known is not None and version is not None and known.version != version:
        raise ChangedMeanwhileError
    return known


def _state(user: User | None, moment: datetime, *, submit: bool) -> dict[str, object]:
    """Whose word it is and since when; nobody's while it is a draft."""
    return {
        "state": State.SUBMITTED if submit else State.DRAFT,
        "submitted_at": moment if submit else None,
        "submitted_by": user if submit else None,
        "confirmed_at": None,
        "confirmed_by": None,
    }


def _keep(
    photos: Sequence[Photo], user: User | None, report: MonthReport, moment: datetime
) -> None:
    for photo in photos:
        keep_file(
            actor=user, content=photo.content, name=photo.name, subject=report.project,
            purpose=f"report {report.month:%Y-%m}", captured=photo.captured, now=moment,
        )  # fmt: skip


def _submitted(report: MonthReport, user: User | None, moment: datetime) -> None:
    """Record it, and judge anew what stands on it."""
    record_event(
        actor=user, verb="report_month", subject=report.project, at=moment,
        data={
            "month": f"{report.month:%Y-%m}", "done": str(report.done), "reason": report.reason,
        },
    )  # fmt: skip
    _judge_again(report.project, report.month, moment)


def confirm_report(
    *, actor: Viewer | None, report: MonthReport, now: datetime | None = None
) -> MonthReport:
    """Confirm what a unit said of a month; never by whoever said it.

    Raises:
        PermissionDenied: the actor may not, or reported it.
        ValidationError: it does not wait to be confirmed.
    """
    moment = now or timezone.now()
    user = rules.require(actor, "confirm_project", report.project)
    if user is not None and report.submitted_by_id == user.pk:
        raise PermissionDenied("confirm_project")
    with transaction.atomic():
        _move(report, State.CONFIRMED, confirmed_at=moment, confirmed_by=user)
        _revise(report, user, moment)
        record_event(
            actor=user, verb="confirm_report", subject=report.project, at=moment,
            data={"month": f"{report.month:%Y-%m}", "done": str(report.done)},
        )  # fmt: skip
    return report


def return_report(
    *, actor: Viewer | None, report: MonthReport, reason: str, now: datetime | None = None
) -> MonthReport:
    """Give a month back to whoever reported it: until it comes again it does not count.

    Raises:
        PermissionDenied: the actor may not.
        ValidationError: no reason, or it does not wait to be confirmed.
    """
    moment = now or timezone.now()
    user = rules.require(actor, "confirm_project", report.project)
    if not reason.strip():
        raise ValidationError({"reason": [_("Say what is wrong with it.")]})
    with transaction.atomic():
        _move(report, State.RETURNED, reason=reason.strip()[:200])
        _revise(report, user, moment)
        record_event(
            actor=user, verb="return_report", subject=report.project, at=moment,
            data={"month": f"{report.month:%Y-%m}", "reason": report.reason},
        )  # fmt: skip
        _judge_again(report.project, report.month, moment)
    return report


def _check(project: Project, said: Said, known: MonthReport | None, *, submit: bool) -> None:
    """Raises: ValidationError by field."""
    wrong = faults(project, said)
    if not submit and known is not None and known.state in gathering.COUNTED:
        # A draft counts for nobody: what was confirmed would be gone without a word.
        wrong["done"] = _("This month was handed in: correct it by handing it in again.")
    if submit and not wrong and not said.reason:
        wrong = doubts(project, said)
        if known is not None and known.state == State.CONFIRMED:
            wrong["reason"] = _("This month was confirmed: say why it changes.")
    if wrong:
        raise ValidationError({name: [text] for name, text in wrong.items()})


def _written(
    project: Project, month: date, known: MonthReport | None, told: dict[str, object]
) -> MonthReport:
    if known is None:
        planned = gathering.facts_of([project], [month], gathering.last_of(month))
        facts = planned[project.pk, month]
        return MonthReport.objects.create(
            project=project, month=month, planned=facts.planned or Decimal(0),
            node_planned=_node(project, month), **told,
        )  # fmt: skip
    changed = MonthReport.objects.filter(pk=known.pk, version=known.version).update(
        **told, version=known.version + 1
    )
    if not changed:
        raise ChangedMeanwhileError
    return MonthReport.objects.select_related("project").get(pk=known.pk)


def _node(project: Project, month: date) -> str:
    found = project.plans.filter(year=month.year, months__month=month)
    return found.values_list("months__node", flat=True).first() or ""


def _move(report: MonthReport, state: str, **fields: object) -> None:
    waits = MonthReport.objects.filter(pk=report.pk, state=State.SUBMITTED, version=report.version)
    if not waits.update(state=state, version=report.version + 1, **fields):
        raise ValidationError({"state": [_("This report does not wait to be confirmed.")]})
    report.refresh_from_db()


def _revise(report: MonthReport, user: User | None, moment: datetime) -> None:
    ReportRevision.objects.create(
        report=report, number=report.version, state=report.state, done=report.done,
        node_done=report.node_done, reason=report.reason, by=user,
        by_name=str(user) if user else "Jiulong", at=moment,
    )  # fmt: skip


def _judge_again(project: Project, month: date, moment: datetime) -> None:
    """The lights of the month and of those after it: what is cumulative goes on."""
    last = gathering.month_of(timezone.localdate(moment))
    months = []
    while month <= last:
        months.append(month)
        month = gathering.after(month)
    compute_lights(now=moment, months=months, projects=[project])
