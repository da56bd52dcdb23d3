"""The rows of one invented project: what it is, its stages, nodes, money, plan and reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from django.utils import timezone

from jiulong.organisation.models import Unit, User
from jiulong.projects import stages
from jiulong.projects.demo import words
from jiulong.projects.demo.inventing import DAY, Plot, curve, national_code
from jiulong.projects.lights.gathering import last_of
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

NOUGHT: Final = Decimal(0)
#: By how many points of the year a project is behind in the month that is judged, by fate.
BEHIND: Final = {"slow": (12.0, 26.0), "stuck": (32.0, 46.0)}
#: A gap opens over months: the share of it that showed so many months before.
OPENING: Final = (1.0, 0.85, 0.6, 0.3, 0.1)
#: The share of those on course that were behind for some months and made up for it.
DIPPED: Final = 0.25
#: The share of factories that are an extension of one: 增资.
EXPANDING: Final = 0.12
#: More points behind than this are told with a reason.
TROUBLED: Final = 10
#: Days before the start at which earlier stages were entered.
EARLIER: Final = {stages.PLANNED: 420, stages.SIGNED: 300, stages.PREPARING: 210}


@dataclass
class Cast:
    """Who there is: units by code, somebody of each, leaders by their task force."""

    units: dict[str, Unit]
    people: dict[int, User]
    leaders: dict[str, User]
    office: User | None = None

    def unit(self, code: str, otherwise: Unit) -> Unit:
        return self.units.get(code, otherwise)


@dataclass
class Rows:
    """What is written at the end, kind by kind, so that each kind takes a few statements."""

    projects: list[Project] = field(default_factory=list)
    moves: list[StageMove] = field(default_factory=list)
    plans: list[YearPlan] = field(default_factory=list)
    months: list[PlanMonth] = field(default_factory=list)
    reports: list[MonthReport] = field(default_factory=list)
    revisions: list[ReportRevision] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    funds: list[Funding] = field(default_factory=list)


def noon(day: date) -> datetime:
    """Mid-morning of a working day in Beijing."""
    return timezone.make_aware(datetime.combine(day, time(10, 12)))


def project_of(plot: Plot, cast: Cast, today: date, rng: Random) -> Project:
    """The project itself."""
    zone = cast.units[plot.zone]
    _share, lead, above, _things = words.TRADES[plot.industry]
    leader = cast.leaders.get(words.LEADER_OF[plot.industry])
    filed = min(plot.planned_start, today) - 400 * DAY
    share = built(plot, today)
    project = Project(
        code=plot.code, national_code=national_code(plot, rng), name=plot.name, level=plot.level,
        kind=plot.kind, industry=plot.industry, batch=_batch(plot, rng), stage=plot.stage,
        description=_description(plot), zone=zone, lead_unit=cast.unit(lead, zone),
        supervising_unit=cast.unit(above, zone), leader=leader,
        leader_post="" if leader else "区挂钩领导", contact_name=rng.choice(words.CONTACTS),
        contact_phone=f"1380000{rng.randint(1000, 9999)}", total_investment=plot.total,
        planned_start_on=plot.planned_start, started_on=plot.started,
        planned_finish_on=plot.planned_finish, finished_on=plot.finished,
        in_statistics_on=plot.counted, filed_at=noon(filed), updated_at=noon(today - DAY),
    )  # fmt: skip
    if plot.fate == "late" and rng.random() < 0.4:
        project.late_reason = words.LATE_REASON
    _permit(project, plot, rng)
    _ground(project, plot, share, rng)
    _place(project, zone, rng)
    return project


def _description(plot: Plot) -> str:
    size = int(plot.total / 4) + 800
    if plot.industry in {"transport", "utilities", "ecology"}:
        return f"新建和改造 {max(size // 900, 1)}.{size % 9} 公里，配套附属设施。（虚构项目）"
    return f"总建筑面积约 {size} 平方米，配套道路、管网和绿化。（虚构项目）"


def _batch(plot: Plot, rng: Random) -> str:
    if plot.industry == "manufacturing" and rng.random() < EXPANDING:
        return "expanding"
    return {
        stages.PLANNED: "planned", stages.SIGNED: "signed", stages.PREPARING: "signed",
        stages.PRODUCING: "producing", stages.FINISHED: "producing",
    }.get(plot.stage, "started")  # fmt: skip


def _permit(project: Project, plot: Plot, rng: Random) -> None:
    start = plot.started or plot.planned_start
    known = plot.stage not in {stages.PLANNED, stages.SIGNED}
    if not known:
        return
    project.approved_on = start - timedelta(days=rng.randint(180, 260))
    project.planning_permit_on = start - timedelta(days=rng.randint(100, 160))
    project.eia_on = start - timedelta(days=rng.randint(80, 150))
    if plot.started or rng.random() < 0.4:
        project.land_permit_on = start - timedelta(days=rng.randint(60, 99))
    if plot.started:
        project.construction_permit_on = start - timedelta(days=rng.randint(3, 40))


def built(plot: Plot, today: date) -> float:
    """The share of the whole time of the works that has passed."""
    if plot.started is None:
        return 0.0
    whole = max((plot.planned_finish - plot.started).days, 1)
    return min(((plot.finished or today) - plot.started).days / whole, 1.0)


def _ground(project: Project, plot: Plot, share: float, rng: Random) -> None:
    """Land, demolition and special bonds."""
    if plot.industry not in {"utilities", "services"}:
        needed = Decimal(rng.randint(8, 60) + int(plot.total / 3500))
        given = 1.0 if share > 0.5 else rng.uniform(0.55, 1.0) if plot.started else rng.random() / 2
        project.land_needed_mu = needed
        project.land_delivered_mu = (needed * Decimal(str(given))).quantize(Decimal("0.1"))
    if plot.industry in {"renewal", "transport", "manufacturing"} and rng.random() < 0.6:
        project.demolition_m2 = Decimal(rng.randint(4, 140) * 100)
        done = min(share + rng.uniform(0.1, 0.5), 1.0) if plot.started else rng.random() / 2
        project.demolished_m2 = (project.demolition_m2 * Decimal(str(done))).quantize(Decimal(1))
    if plot.public and rng.random() < 0.45:
        project.bond_approved = (plot.total * Decimal("0.3")).quantize(Decimal(1))
        used = min(max(share + rng.uniform(-0.25, 0.3), 0), 1) if plot.started else 0
        project.bond_used = (project.bond_approved * Decimal(str(used))).quantize(Decimal(1))


def _place(project: Project, zone: Unit, rng: Random) -> None:
    if zone.longitude is None or zone.latitude is None:
        return
    project.longitude = round(rng.gauss(zone.longitude, 0.009), 5)
    project.latitude = round(rng.gauss(zone.latitude, 0.008), 5)
    project.address = f"{zone.name}境内"


def stage_moves(project: Project, plot: Plot, by: User | None) -> Iterator[StageMove]:
    """The stages it went through, each at its day."""
    start = plot.started or plot.planned_start
    days = {stage: start - timedelta(days=ago) for stage, ago in EARLIER.items()}
    if plot.public:
        days.pop(stages.SIGNED)
    if plot.started:
        days[stages.STARTED] = plot.started
        days[stages.BUILDING] = plot.started + 75 * DAY
    if plot.finished:
        days[stages.FINISHED] = plot.finished
        days[stages.PRODUCING] = plot.finished + 35 * DAY
    for stage, day in days.items():
        if stages.index(stage) <= stages.index(plot.stage):
            yield StageMove(project=project, stage=stage, entered_on=day, by=by, at=noon(day))


def milestones_of(
    project: Project, plot: Plot, today: date, by: User | None, rng: Random
) -> Iterator[Milestone]:
    """Six nodes between start and finish; those behind are late."""
    road = plot.industry in {"transport", "utilities", "ecology"}
    titles = words.ROAD_NODES if road else words.NODES
    whole = (plot.planned_finish - plot.planned_start).days
    delay = {"slow": 40, "stuck": 95}.get(plot.fate, 0)
    for nth, title in enumerate(titles):
        due = plot.planned_start + timedelta(days=round(whole * (nth + 1) / len(titles)))
        done = due + timedelta(days=delay + rng.randint(-12, 8))
        if plot.finished and nth == len(titles) - 1:
            done = plot.finished
        there = plot.started is not None and plot.started < done <= today
        seen = there and (today - done).days > 12
        yield Milestone(
            project=project, title=title, planned_on=due, position=nth,
            done_on=done if there else None, done_by=by if there else None,
            confirmed_at=noon(done + 4 * DAY) if seen else None, confirmed_by=None,
        )  # fmt: skip


def funds_of(project: Project, plot: Plot, share: float, rng: Random) -> Iterator[Funding]:
    """Money by source; what arrived runs ahead of what was used."""
    parts = [("own", 0.55), ("loan", 0.45)]
    if plot.public:
        parts = [("budget", 0.4), ("loan", 0.3), ("own", 0.3)]
        if project.bond_approved:
            parts = [("budget", 0.4), ("loan", 0.3)]
            yield Funding(
                project=project, source="bond", planned=project.bond_approved,
                arrived=project.bond_approved, used=project.bond_used,
            )  # fmt: skip
    used = Decimal(str(round(share, 2)))
    lead = min(used + Decimal(str(round(rng.uniform(0.05, 0.2), 2))), Decimal(1))
    for source, part in parts:
        planned = (plot.total * Decimal(str(part))).quantize(Decimal(1))
        yield Funding(
            project=project, source=source, planned=planned, arrived=planned * lead,
            used=planned * used,
        )  # fmt: skip


def plan_of(
    project: Project, plot: Plot, year: int, rng: Random
) -> tuple[YearPlan, list[PlanMonth]] | None:
    """What is to be done in a year; None: the project does not work in it."""
    shares = curve(plot, year)
    if not shares or plot.fate == "reserve":
        return None
    part = Decimal(str(round(rng.uniform(0.28, 0.42), 2)))
    money = (plot.total * part).quantize(Decimal(10))
    goal = f"完成投资{money}万元，达到{_node(plot, 1.0 if plot.kind == 'completing' else 0.7)}。"
    plan = YearPlan(
        project=project, year=year, investment=money, goal=goal, revised_at=noon(date(year, 1, 8))
    )
    months = [
        PlanMonth(
            plan=plan, month=date(year, nth + 1, 1),
            planned=(money * share).quantize(Decimal(1)), node=_node(plot, float(share)),
        )
        for nth, share in enumerate(shares)
    ]  # fmt: skip
    return plan, months


def _node(plot: Plot, share: float) -> str:
    road = plot.industry in {"transport", "utilities", "ecology"}
    titles = words.ROAD_NODES if road else words.NODES
    if share <= 0:
        return "完善前期手续"
    return f"{titles[min(int(share * len(titles)), len(titles) - 1)]}"


class Reporter:
    """What a project reports month by month, the gap of its fate opening towards the last."""

    def __init__(self, plot: Plot, cast: Cast, now: datetime, rng: Random) -> None:
        self.plot, self.cast, self.now, self.rng = plot, cast, now, rng
        low, high = BEHIND.get(plot.fate, (-3.0, 7.0))
        self.usual, self.final = rng.uniform(-2, 5), rng.uniform(low, high)
        dips = plot.fate == "good" and rng.random() < DIPPED
        self.trough = rng.randint(2, 8) if dips else -9
        self.depth = rng.uniform(11, 27)

    def gap(self, ago: int) -> float:
        """By how many points of the year it was behind so many months before the last."""
        opened = OPENING[ago] if ago < len(OPENING) else 0.0
        dip = self.depth * max(0.0, 1 - abs(ago - self.trough) / 3)
        return self.usual + (self.final - self.usual) * opened + dip

    def reports(
        self, plan: YearPlan, months: list[PlanMonth], judged: list[date]
    ) -> Iterator[tuple[MonthReport, list[ReportRevision]]]:
        done = NOUGHT
        for planned in months:
            if planned.month not in judged:
                continue
            gap = self.gap(len(judged) - 1 - judged.index(planned.month))
            behind = plan.investment * Decimal(str(round(gap / 100, 4)))
            started = self.plot.started
            wanted = (planned.planned - behind).quantize(Decimal(1))
            if started is not None and started <= last_of(planned.month):
                done = max(done, min(wanted, plan.investment * Decimal("1.04")))
            yield self.report(plan, planned, done, troubled=gap > TROUBLED)

    def report(
        self, plan: YearPlan, planned: PlanMonth, done: Decimal, *, troubled: bool
    ) -> tuple[MonthReport, list[ReportRevision]]:
        project, office = plan.project, self.cast.office
        by = self.cast.people.get(project.lead_unit_id) or self.cast.people.get(project.zone_id)
        sent = noon(last_of(planned.month) + timedelta(days=self.rng.randint(1, 4)))
        seen = min(sent + timedelta(days=2, hours=3), self.now)
        share = float(done / plan.investment) if plan.investment else 0.0
        report = MonthReport(
            project=project, month=planned.month, planned=planned.planned, done=done,
            node_planned=planned.node, node_done=_node(self.plot, share),
            problems=self.rng.choice(words.SLOW_WORDS) if troubled else "",
            state=MonthReport.State.CONFIRMED, submitted_at=sent, submitted_by=by,
            confirmed_at=seen, confirmed_by=office, version=2,
        )  # fmt: skip
        steps = ((1, MonthReport.State.SUBMITTED, by, sent), (2, report.state, office, seen))
        return report, [
            ReportRevision(
                report=report, number=number, state=state, done=done, node_done=report.node_done,
                by=who, by_name=str(who) if who else "Jiulong", at=at,
            )
            for number, state, who, at in steps
        ]  # fmt: skip
