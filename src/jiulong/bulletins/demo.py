"""An invented year of bulletins, meetings, visits and letters, through the same actions as ever.

No real official, paper or meeting: posts without names. What the packs did not bring (a contest, a
project) is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from jiulong.bulletins import actions, duty, kinds
from jiulong.bulletins.content.standings import FINAL
from jiulong.bulletins.models import (
    Attendance,
    Bulletin,
    Letter,
    LetterScheme,
    Meeting,
    Pairing,
    PairVisit,
)
from jiulong.cases.actions import accept_case, reply_case
from jiulong.organisation.models import Unit, User
from jiulong.projects.models import Project
from jiulong.scorecards.models import Standing, StandingRow

OFFICE: Final = "350602-inspection"
DISTRICT: Final = "350602"
#: user name, role, shown name, unit: who checks, numbers and approves beside the demo's accounts.
STAFF: Final = (
    ("checker", "supervisor", "演示核稿员", OFFICE),
    ("printer", "supervisor", "演示印发员", OFFICE),
    ("chief", "leader", "演示区领导", DISTRICT),
)
POSTS: Final = (
    "区委分管领导甲",
    "区政府分管领导乙",
    "区政府分管领导丙",
    "区人大挂钩领导丁",
    "区政协挂钩领导戊",
)
NOTES: Final = (
    "实地察看现场，听取责任单位汇报，要求倒排工期、挂图推进。",
    "入户走访，了解群众诉求，现场协调路灯和排水问题。",
    "走访企业车间，宣讲惠企政策，梳理用工和用电需求。",
    "召开现场会，研究征迁和管线迁改，明确完成时限。",
)
PROBLEMS: Final = (
    "",
    "",
    "",
    "用电增容审批偏慢，请供电部门跟进。",
    "进场道路未通，请交通部门协调。",
)
DECISIONS: Final = (
    ("加快金峰园区污水管网改造", "年底前完成主管网改造并通水。", "350602-housing"),
    ("建立欠序时项目周调度机制", "每周一调度，红灯项目逐个销号。", "350602-development"),
    ("开展沿街排水户雨污混接排查", "两个月内完成排查并建立台账。", "350602-urban"),
    ("推进惠企资金兑现提速", "符合条件的资金当月兑现到位。", "350602-industry"),
)
PROJECT_PAIRINGS: Final = 14
PROBLEM_DAYS: Final = 60
HANDED_OVER: Final = 10
SERIES: Final = "contest"


def furnish(now: datetime) -> int:
    """Everything, once: how many bulletins there are then. Without the office's unit nothing."""
    if Meeting.objects.exists() or not Unit.objects.filter(code=OFFICE).exists():
        return Bulletin.objects.count()
    people = _people()
    _pair_projects(now)
    _visit(now)
    _hand_over(people, now)
    _letters(people, now)
    _meet(people, now)
    _announce(people, now)
    return Bulletin.objects.count()


def _people() -> dict[str, User]:
    """The chain's people; accounts that the demo made already are taken as they are."""
    for name, role, shown, unit in STAFF:
        User.objects.get_or_create(
            username=name,
            defaults={
                "role": role, "first_name": shown, "unit": Unit.objects.filter(code=unit).first(),
                "password": _password(),
            },
        )  # fmt: skip
    supervisor = User.objects.filter(username="supervisor").first()
    names = [name for name, *_rest in STAFF] + ([supervisor.username] if supervisor else [])
    found = User.objects.with_rights().select_related("unit").filter(username__in=names)
    people = {one.username: one for one in found}
    people.setdefault("supervisor", people["printer"])
    return people


def _password() -> str:
    """That of the demo's other accounts, so that they may be tried; none where there are none."""
    other = User.objects.filter(username="supervisor").first()
    return other.password if other is not None else "!"


def _pair_projects(now: datetime) -> None:
    unit = Unit.objects.filter(code=DISTRICT).first()
    if unit is None:
        return
    since = timezone.localdate(now) - timedelta(days=180)
    found = Project.objects.filter(dropped_on=None).order_by("-total_investment", "code")
    Pairing.objects.bulk_create(
        [
            Pairing(
                leader_post=POSTS[place % len(POSTS)], unit=unit, label="projects.project",
                target=str(one.pk), title=one.name[:160], every="2 weeks", since=since,
                duty="挂钩重点项目，现场协调用地、征迁、资金等问题", made_at=now,
            )
            for place, one in enumerate(found[:PROJECT_PAIRINGS])
        ]
    )  # fmt: skip


def _visit(now: datetime) -> None:
    """Visits mostly in time, some late, some never: gaps that the pages show."""
    rng, today = Random(5), timezone.localdate(now)  # noqa: S311 - invented data
    rows = []
    for pairing in Pairing.objects.filter(until=None).order_by("pk"):
        careful = rng.random()
        for on in _days(pairing, today, rng, careful):
            at, problem = _on(on), rng.choice(PROBLEMS)
            # What was seen earlier has been put right since.
            problem = problem if (today - on).days <= PROBLEM_DAYS else ""
            rows.append(
                PairVisit(
                    pairing=pairing, on=on, note=rng.choice(NOTES), problem=problem,
                    by=pairing.leader, by_name=pairing.leader_post, at=min(at, now),
                )
            )  # fmt: skip
    PairVisit.objects.bulk_create(rows)


def _hand_over(people: dict[str, User], now: datetime) -> None:
    """Every other problem of the last months is a case; the others still wait for it."""
    since = timezone.localdate(now) - timedelta(days=PROBLEM_DAYS)
    found = PairVisit.objects.filter(problem__gt="", on__gte=since).select_related("pairing")
    for visit in found.order_by("pk")[::2][:HANDED_OVER]:
        # Without the pack that says what becomes of it, or with what is visited gone, it stays.
        with suppress(ValidationError), transaction.atomic():
            at = min(visit.at + timedelta(hours=3), now)
            actions.file_problem(actor=people["supervisor"], visit=visit, now=at)


def _days(pairing: Pairing, today: date, rng: Random, careful: float) -> Iterator[date]:
    on = pairing.since
    while True:
        length = (duty.step(on, pairing.every) - on).days
        late = rng.random() > careful + 0.35
        on += timedelta(days=length + rng.randint(4, 20) if late else length - rng.randint(0, 4))
        if on >= today:
            return
        yield on


def _letters(people: dict[str, User], now: datetime) -> None:
    """Handed out in January, signed by most, assessed by quarter."""
    year, rng = timezone.localdate(now).year, Random(8)  # noqa: S311 - invented data
    start = _on(date(year, 1, 12))
    for scheme in LetterScheme.objects.filter(retired_at=None):
        made = actions.hand_out_letters(
            actor=people["supervisor"], scheme=scheme, year=year, now=min(start, now)
        )
        for letter in made[:-1]:
            head = _head(letter.unit)
            signed = actions.sign_letter(
                actor=head, letter=letter, digest=letter.digest,
                now=min(start + timedelta(days=3), now),
            )  # fmt: skip
            _assess(head, signed, rng, now)


def _assess(head: User, letter: Letter, rng: Random, now: datetime) -> None:
    item = kinds.ResponsibilityItem.model_validate(letter.spec)
    for number in (1, 2, 3):
        at = _on(date(letter.year, number * 3 + 1, 8))
        if at > now:
            return
        rows = {
            one.key: (
                one.points - Decimal(rng.choice(["0", "0", "0", "0.5", "1"])),
                "按责任书要求落实，台账附后。",
            )
            for one in item.indicators
        }
        actions.assess_letter(
            actor=head, letter=letter, quarter=f"{letter.year}Q{number}", rows=rows, now=at
        )


def _head(unit: Unit) -> User:
    """Whoever signs for a unit: its demo head, made when first needed, who cannot sign in."""
    name = f"head-{unit.code}"
    User.objects.get_or_create(
        username=name,
        defaults={
            "role": "leader", "first_name": f"{unit.name}负责人", "unit": unit, "password": "!",
        },
    )  # fmt: skip
    return User.objects.with_rights().select_related("unit").get(username=name)


def _meet(people: dict[str, User], now: datetime) -> None:
    """Last month's meeting with its decisions, and the next one with its papers."""
    if SERIES not in kinds.series():
        return
    who = people["supervisor"]
    held_at = _at(now, -24)
    held = actions.call_meeting(
        actor=who, series=SERIES, at=held_at, period=_month(held_at, 0), now=_at(now, -31)
    )
    rows = {
        one.unit_id: {"state": _came(place), "post": "主要负责人", "note": ""}
        for place, one in enumerate(held.attendance.order_by("unit__path"))
    }
    actions.record_attendance(actor=who, meeting=held, rows=rows, now=held_at + timedelta(hours=3))
    held.refresh_from_db()
    for place, (title, goal, lead) in enumerate(DECISIONS):
        unit = Unit.objects.filter(code=lead).first()
        if unit is not None:
            due = timezone.localdate(now) + timedelta(days=12 * place - 9)
            due = max(due, timezone.localdate(held_at) + timedelta(days=7))
            made = actions.decide(
                actor=who, meeting=held, title=title, goal=goal, lead=unit, due_on=due,
                now=held_at + timedelta(hours=4),
            )  # fmt: skip
            if place < len(DECISIONS) - 1:
                case = accept_case(actor=None, case=made.case, now=held_at + timedelta(days=1))
                if place == 1:
                    reply_case(
                        actor=None, case=case, answer="已建立周调度机制，红灯项目逐一约谈。",
                        data={"percent": "100"}, now=held_at + timedelta(days=12),
                    )  # fmt: skip
    coming = actions.call_meeting(
        actor=who, series=SERIES, at=_at(now, 3), period=_month(now, 0), now=_at(now, -2)
    )
    actions.make_pack(actor=who, meeting=coming, now=now)


def _came(place: int) -> str:
    states = Attendance.State
    return {4: states.DEPUTY, 9: states.EXCUSED, 13: states.ABSENT}.get(place, states.PRESENT)


def _announce(people: dict[str, User], now: datetime) -> None:
    """Circulars of the last standings: two issued with a commendation, one being passed."""
    found = Standing.objects.filter(state__in=sorted(FINAL)).exclude(
        rows__subject__kind__in=["enterprise", "project"]
    )
    newest = list(found.distinct().order_by("-period", "pk")[:3])
    for place, standing in enumerate(reversed(newest)):
        at = _at(now, 5 * (place - len(newest)))
        about = ("scorecards.standing", standing.pk)
        if place == len(newest) - 1:
            _draft(people, "circular", about, at, signatures=1)
            _draft(people, "commendation", about, at, signatures=0)
            _rectify(people, standing, at)
        else:
            _draft(people, "circular", about, at, signatures=3)
            _draft(people, "commendation", about, at + timedelta(hours=1), signatures=3)


def _rectify(people: dict[str, User], standing: Standing, at: datetime) -> None:
    last = StandingRow.objects.filter(standing=standing).order_by("group", "-rank").first()
    if last is not None:
        _draft(people, "rectification", ("scorecards.standingrow", last.pk), at, signatures=3)


def _draft(
    people: dict[str, User], kind: str, about: tuple[str, int], at: datetime, *, signatures: int
) -> Bulletin:
    """One paper with so many signatures; three issue it."""
    with transaction.atomic():
        made = actions.draft_bulletin(actor=people["supervisor"], kind=kind, about=about, now=at)
        made = actions.submit_bulletin(actor=people["supervisor"], bulletin=made, now=at)
        signers: Sequence[str] = ("checker", "chief", "printer")
        for place, name in enumerate(signers[:signatures]):
            made = actions.pass_bulletin(
                actor=people[name], bulletin=made, digest=made.digest,
                now=at + timedelta(minutes=40 * (place + 1)),
            )  # fmt: skip
    return made


def _on(day: date) -> datetime:
    """Nine in the morning of a day."""
    return timezone.make_aware(datetime.combine(day, time(9)))


def _at(now: datetime, days: int) -> datetime:
    """A morning so many days away."""
    local = timezone.localtime(now) + timedelta(days=days)
    return local.replace(hour=9, minute=0, second=0, microsecond=0)


def _month(at: datetime, back: int) -> str:
    local = timezone.localtime(at).replace(day=1) - timedelta(days=1 + 31 * back)
    return local.strftime("%Y-%m")
