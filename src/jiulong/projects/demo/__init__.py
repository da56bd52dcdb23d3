"""Invented key projects with a year behind them: none of these works and people exists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from random import Random
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from jiulong.evidence.actions import Act, record_events
from jiulong.organisation.models import Unit, User
from jiulong.projects import actions
from jiulong.projects.demo import holding, inventing, pictures, words, writing
from jiulong.projects.lights import gathering
from jiulong.projects.models import (
    Funding,
    Milestone,
    MonthReport,
    PlanMonth,
    Project,
    ReportRevision,
    StageMove,
    YearPlan,
)

#: As many as a district named in its report.
COUNTS: Final = {"province": 16, "city": 71, "district": 200}
MONTHS: Final = 12
#: Months of which the timeline tells who reported and confirmed them.
TOLD: Final = 3
#: Streets, towns and zones: where projects lie.
PLACES: Final = (Unit.Kind.STREET, Unit.Kind.ZONE)
OFFICE: Final = "350602-development.project_office"


def furnish(now: datetime, counts: Mapping[str, int] | None = None) -> int:
    """Projects of the levels of which there is none yet; how many were made.

    Needs the district's units; without streets or zones there is nowhere to build.
    """
    there = set(Project.objects.order_by().values_list("level", flat=True).distinct())
    wanted = {level: n for level, n in (counts or COUNTS).items() if level not in there and n}
    zones = dict(Unit.objects.filter(kind__in=PLACES, closed_on=None).values_list("code", "name"))
    if not zones or not wanted:
        return 0
    today = timezone.localdate(now)
    judged = gathering.judged_month(today)
    days = inventing.Days(today, gathering.last_of(judged))
    with transaction.atomic():
        cast = _cast()
        plots = list(inventing.invent(wanted, zones, days, Random(f"projects {sorted(wanted)}")))  # noqa: S311 - invented data
        rows = _rows(plots, cast, now, judged)
        _write(rows)
        _record(rows, cast)
        months = gathering.months_back(judged, MONTHS)
        actions.compute_lights(now=now, months=months, projects=rows.projects)
        holding.hold(rows.projects, plots, now)
        pictures.take(rows.projects, now)
    return len(plots)


def _cast() -> writing.Cast:
    """Units, somebody of each, and the accounts of leaders, who cannot sign in."""
    units = {unit.code: unit for unit in Unit.objects.filter(closed_on=None)}
    nobody = make_password(None)
    district = next((u for u in units.values() if u.kind == Unit.Kind.DISTRICT), None)
    leaders = {}
    for key, title in words.LEADERS:
        leaders[key], _made = User.objects.get_or_create(
            username=f"leader.{key}",
            defaults={
                "role": User.Role.LEADER, "unit": district, "first_name": title,
                "password": nobody,
            },
        )  # fmt: skip
    office, _made = User.objects.get_or_create(
        username=OFFICE,
        defaults={
            "role": "project_office", "unit": units.get("350602-development"),
            "first_name": "区重点项目办公室", "password": nobody,
        },
    )  # fmt: skip
    staff = User.objects.filter(
        is_active=True, role__in=[User.Role.HANDLER, User.Role.STREET_STAFF]
    )
    people = {who.unit_id: who for who in staff if who.unit_id is not None}
    return writing.Cast(units=units, people=people, leaders=leaders, office=office)


def _rows(
    plots: list[inventing.Plot], cast: writing.Cast, now: datetime, judged: date
) -> writing.Rows:
    rows, today = writing.Rows(), timezone.localdate(now)
    months = gathering.months_back(judged, MONTHS)
    for plot in plots:
        rng = Random(f"project {plot.code}")  # noqa: S311 - invented data
        project = writing.project_of(plot, cast, today, rng)
        rows.projects.append(project)
        by = cast.people.get(project.lead_unit_id)
        rows.moves += writing.stage_moves(project, plot, cast.office)
        rows.milestones += writing.milestones_of(project, plot, today, by, rng)
        reporter = writing.Reporter(plot, cast, now, rng)
        share = writing.built(plot, today)
        rows.funds += writing.funds_of(project, plot, share, rng)
        for year in sorted({month.year for month in months} | {today.year}):
            if (found := writing.plan_of(project, plot, year, rng)) is None:
                continue
            plan, planned = found
            rows.plans.append(plan)
            rows.months += planned
            for report, revisions in reporter.reports(plan, planned, months):
                rows.reports.append(report)
                rows.revisions += revisions
    return rows


def _write(rows: writing.Rows) -> None:
    """Kind by kind: what others point to comes first."""
    Project.objects.bulk_create(rows.projects, batch_size=500)
    StageMove.objects.bulk_create(rows.moves, batch_size=2000)
    YearPlan.objects.bulk_create(rows.plans, batch_size=1000)
    PlanMonth.objects.bulk_create(rows.months, batch_size=3000)
    _leave_some(rows)
    MonthReport.objects.bulk_create(rows.reports, batch_size=2000)
    ReportRevision.objects.bulk_create(rows.revisions, batch_size=3000)
    Milestone.objects.bulk_create(rows.milestones, batch_size=2000)
    Funding.objects.bulk_create(rows.funds, batch_size=2000)


def _leave_some(rows: writing.Rows) -> None:
    """Of the last month some reports are missing, some wait to be confirmed, one was returned."""
    last = max((report.month for report in rows.reports), default=None)
    newest = [report for report in rows.reports if report.month == last]
    missing = {id(report) for report in newest[7::37]}
    rows.reports = [report for report in rows.reports if id(report) not in missing]
    rows.revisions = [r for r in rows.revisions if id(r.report) not in missing]
    kept = [report for report in newest if id(report) not in missing]
    waiting = {id(report) for report in kept[3::9]}
    for report in kept[3::9]:
        report.state = MonthReport.State.SUBMITTED
        report.confirmed_at = report.confirmed_by = None
        report.version = 1
    rows.revisions = [r for r in rows.revisions if not (id(r.report) in waiting and r.number > 1)]


def _record(rows: writing.Rows, cast: writing.Cast) -> None:
    """What people did, as the timelines tell it: listed, stages, the last months, nodes."""
    acts = [
        Act(
            actor=cast.office, verb="file_project", subject=project, at=project.filed_at,
            data={"code": project.code, "level": project.level},
        )
        for project in rows.projects
    ]  # fmt: skip
    before: dict[int, str] = {}
    for move in rows.moves:
        if (earlier := before.get(move.project_id)) is not None:
            data = {"from": earlier, "to": move.stage, "on": move.entered_on.isoformat()}
            acts.append(
                Act(actor=move.by, verb="move_stage", subject=move.project, at=move.at, data=data)
            )
        before[move.project_id] = move.stage
    newest = sorted({report.month for report in rows.reports})[-TOLD:]
    for report in rows.reports:
        if report.month in newest:
            acts += _told(report)
    record_events(sorted(acts, key=lambda act: (act.at is not None, act.at)))


def _told(report: MonthReport) -> list[Act]:
    data = {"month": f"{report.month:%Y-%m}", "done": str(report.done)}
    told = [
        Act(
            actor=report.submitted_by, verb="report_month", subject=report.project,
            at=report.submitted_at, data=data,
        )
    ]  # fmt: skip
    if report.confirmed_at is not None:
        told.append(
            Act(
                actor=report.confirmed_by, verb="confirm_report", subject=report.project,
                at=report.confirmed_at, data=data,
            )
        )  # fmt: skip
    return told
