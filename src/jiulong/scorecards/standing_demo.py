"""The section `demo_standings`: an invented past of a contest, made by the verbs people use."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, field_validator

from jiulong.cases import people, specs
from jiulong.cases.demo_cases import carry_on
from jiulong.cases.schema import DemoCase, DemoStep
from jiulong.organisation.models import Unit, User
from jiulong.packs.sections import Change, Context, Fault, Item, Section, register
from jiulong.scorecards import standing_specs
from jiulong.scorecards.actions import standings as contest
from jiulong.scorecards.dating import absolute, is_written
from jiulong.scorecards.engine import periods
from jiulong.scorecards.models import Observation, Outcome, SchemeVersion, Standing, Subject
from jiulong.scorecards.queries.standings import adopted
from jiulong.scorecards.standing_rules import OBJECT, RUN

KEY: Final = "demo_standings"
#: A month is scored on the sixth of the next one.
SCORED_AFTER: Final = timedelta(days=5)
OFFICE: Final = time(9, 30)
#: When cases were answered and struck off after they were opened; younger ones are under way.
SETTLED: Final = {"interview": timedelta(days=6), "case": timedelta(days=20)}
STEPS: Final[tuple[DemoStep, ...]] = ("accept", "reply", "verify", "close")


class Filed(Item):
    """A bonus, deduction or veto."""

    fact: str
    of: str = Field(description="code of the subject")
    period: str
    amount: Decimal = Decimal(1)
    reason: str
    ref: str


class Objection(Item):
    """An objection and, unless it waits, its answer."""

    of: str
    period: str
    criterion: str = ""
    claim: str
    upheld: bool | None = Field(default=None, description="none: it waits for its answer")
    answer: str = ""
    indicator: str = Field(default="", description="value that is revised")
    add: Decimal | None = Field(default=None, description="by how much it is revised")


class Judged(Item):
    """A panel of invented judges for one criterion and group."""

    criterion: str
    group: str
    period: str
    judges: int = Field(default=5, ge=1, le=20)
    closed: bool = True


class PastItem(Item):
    """The past of one contest: computed, disputed, frozen and published period by period."""

    scheme: str = Field(description="code of the scheme")
    first: str = Field(description="first period, as 2024-10 or -8m")
    last: str = Field(default="-1m", description="last period")
    open_last: bool = Field(default=True, description="the last is open to objections now")
    adjustments: list[Filed] = []
    objections: list[Objection] = []
    panels: list[Judged] = []

    @field_validator("first", "last")
    @classmethod
    def _periods(cls, value: str) -> str:
        if not is_written(value):
            raise ValueError(_("no period; expected such as 2024-10 or -8m"))
        return value


def _code(item: PastItem) -> str:
    return item.scheme


def _check(items: Sequence[PastItem], context: Context) -> Iterator[Fault]:
    for n, item in enumerate(items):
        yield from context.unknown((n, "scheme"), "schemes", item.scheme)


def _plan(items: Sequence[PastItem], _context: Context) -> Sequence[Change]:
    known = set(Standing.objects.values_list("scheme__code", flat=True))
    return [
        Change("same" if item.scheme in known else "add", item.scheme, item=item) for item in items
    ]


def _apply(changes: Sequence[Change], context: Context) -> None:
    for change in changes:
        if change.kind == "add":
            _Past(change.item, context.now).play()


class _Past:
    """One contest, played from its first period to its last."""

    def __init__(self, item: PastItem, now: datetime) -> None:
        self.item, self.now = item, now
        self.today = timezone.localtime(now).date()
        self.office = _office()
        # The same district every time: invented marks are not drawn anew.
        self.dice = random.Random(item.scheme)  # noqa: S311 - no secret

    def play(self) -> None:
        first, last = (absolute(one, self.today) for one in (self.item.first, self.item.last))
        period = first
        while periods.order(period) <= periods.order(last):
            scheme = adopted(self.item.scheme, period)
            if scheme is not None:
                self._period(scheme, period, still_open=self.item.open_last and period == last)
            period = periods.following(period)

    def _period(self, scheme: SchemeVersion, period: str, *, still_open: bool) -> None:
        start = self._scored_at(period, still_open=still_open)
        self._file(scheme, period, start)
        self._judge(scheme, period, start)
        standing = contest.compute_standing(
            actor=None, scheme=scheme, period=period, now=start + timedelta(hours=1)
        )
        opened = start + timedelta(hours=2)
        contest.open_standing(actor=None, standing=standing, now=opened)
        self._object(standing, opened, still_open=still_open)
        standing.refresh_from_db()
        until = standing.dispute_until
        if still_open or until is None or until + timedelta(hours=10) > self.now:
            return
        contest.freeze_standing(actor=None, standing=standing, now=until + timedelta(hours=9))
        published = until + timedelta(hours=10)
        contest.publish_standing(actor=None, standing=standing, now=published)
        self._settle(standing, published)

    def _scored_at(self, period: str, *, still_open: bool) -> datetime:
        if still_open:
            return self.now - timedelta(hours=20)
        day = periods.first_day(periods.following(period)) + SCORED_AFTER
        return timezone.make_aware(datetime.combine(day, OFFICE))

    def _at(self, period: str, items: Sequence[Any]) -> Iterator[Any]:
        return (one for one in items if absolute(one.period, self.today) == period)

    def _file(self, scheme: SchemeVersion, period: str, at: datetime) -> None:
        for one in self._at(period, self.item.adjustments):
            row = contest.file_adjustment(
                actor=self.office[0], scheme=scheme, criterion=one.fact,
                subject=Subject.objects.get(code=one.of), period=period, amount=one.amount,
                reason=one.reason, ref=one.ref, now=at - timedelta(days=1),
            )  # fmt: skip
            contest.confirm_adjustment(actor=self.office[1], adjustment=row, now=at)

    def _judge(self, scheme: SchemeVersion, period: str, at: datetime) -> None:
        for one in self._at(period, self.item.panels):
            who = standing_specs.members(standing_specs.of(scheme))
            inside = [pk for pk, (_code, group) in who.items() if group == one.group]
            judges = [*self.office, *User.objects.filter(
                role=User.Role.LEADER, unit__kind=Unit.Kind.DEPARTMENT, is_active=True
            ).order_by("username")][: one.judges]  # fmt: skip
            panel = contest.make_panel(
                actor=None, scheme=scheme, criterion=one.criterion, period=period, group=one.group,
                closes_at=at + timedelta(days=3), judges=judges,
                subjects=Subject.objects.filter(pk__in=inside).select_related("enterprise"),
                now=at - timedelta(days=4),
            )  # fmt: skip
            for task in panel.assignments.select_related("panel", "judge"):
                marks = Decimal(self.dice.randint(148, 196)) / 2
                contest.give_score(actor=task.judge, assignment=task, value=marks, now=at)
            if one.closed:
                contest.close_panel(actor=None, panel=panel, now=at)

    def _object(self, standing: Standing, opened: datetime, *, still_open: bool) -> None:
        at = opened + timedelta(hours=5)
        for one in self._at(standing.period, self.item.objections):
            row = standing.rows.select_related("subject__unit", "subject__enterprise").get(
                subject__code=one.of
            )
            by = people.of_unit([row.subject.unit_id], OBJECT)
            if not by:
                continue
            dispute = contest.file_dispute(
                actor=by[0], row=row, claim=one.claim, criterion=one.criterion, now=at
            )
            if one.upheld is None or (still_open and at + timedelta(hours=2) > self.now):
                continue
            contest.answer_dispute(
                actor=self.office[0], dispute=dispute, upheld=one.upheld, answer=one.answer,
                revision=self._revision(one, standing.period), now=at + timedelta(hours=2),
            )  # fmt: skip

    def _revision(self, one: Objection, period: str) -> contest.Revision | None:
        if not one.indicator or one.add is None or not one.upheld:
            return None
        observation = Observation.objects.get(
            indicator__code=one.indicator, subject__code=one.of, period=period, companion="",
            current=True,
        )  # fmt: skip
        return contest.Revision(observation, observation.value + one.add)

    def _settle(self, standing: Standing, at: datetime) -> None:
        """What older cases asked for was done."""
        for outcome in Outcome.objects.filter(row__standing=standing, case__isnull=False):
            case, done = outcome.case, at + SETTLED.get(outcome.does, SETTLED["case"])
            if case is None or done > self.now:
                continue
            spec = specs.matter(case.matter)
            steps = [step for step in STEPS if step != "accept" or not spec.auto_accept]
            item = DemoCase(
                matter=case.matter.code,
                title=case.title,
                steps=steps,
                answer="已分析原因，落实责任到人，短板指标逐项整改到位。",
            )
            carry_on(case, item, spec, done)


def _office() -> list[User]:
    """Two people who run the contest everywhere; invented where there are too few."""
    found = people.of_verb(RUN)[:2]
    unit = Unit.objects.filter(code="350602-inspection").first()
    for n in range(len(found), 2):
        found.append(
            User.objects.create(
                username=f"contest.office{n + 1}", role=User.Role.SUPERVISOR, unit=unit,
                first_name=f"竞赛办{'甲乙'[n]}", password=make_password(None),
            )
        )  # fmt: skip
    return found


def register_section() -> None:
    """Called once when the apps are ready."""
    register(
        Section(
            key=KEY, label=gettext_lazy("Invented standings"), model=PastItem, order=96,
            code=_code, plan=_plan, apply=_apply, check=_check, demo=True,
        )
    )  # fmt: skip
