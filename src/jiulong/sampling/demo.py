"""Samplers and samples of the demo, in every state, as if ordered and handled at their times.

Nothing is sent to loggers for the past: the dialogues are written as they would have gone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Final

from django.db import transaction
from django.utils import timezone

import hj212
from jiulong.gateway.actions.commands import wire
from jiulong.gateway.models import Command, CommandStep
from jiulong.monitoring.models import Factor, Finding, Point
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import may
from jiulong.sampling import actions, life
from jiulong.sampling.actions.following import follow
from jiulong.sampling.actions.ordering import made
from jiulong.sampling.guarding import touches
from jiulong.sampling.interlocks import command_of, logger_of, parameters_of
from jiulong.sampling.models import Sample, Sampler
from jiulong.sampling.online import hourly_mean

HOUR: Final = timedelta(hours=1)
MINUTE: Final = timedelta(minutes=1)
#: A cabinet of every third make has 25 bottles, and some points have none at all.
BOTTLES: Final = (24, 24, 25)
WITHOUT: Final = 7
METHODS: Final = {
    "w01018": "HJ 828-2017", "w21003": "HJ 535-2009", "w21011": "GB/T 11893-1989",
    "w21001": "HJ 636-2012", "w01012": "GB/T 11901-1989", "w01001": "HJ 1147-2020",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Story:
    """How long ago a sample was ordered, how far it has come, and what share of the online value
    the laboratory found."""

    ago: timedelta
    upto: str
    share: str = ""


STORIES: Final = (
    Story(timedelta(days=12), life.DISPOSED, "1.04"),
    Story(timedelta(days=6), life.ANALYSED, "1.9"),
    Story(timedelta(days=5), life.ANALYSED, "0.97"),
    Story(timedelta(days=4), life.FAILED),
    Story(timedelta(days=1, hours=2), life.RECEIVED),
    Story(timedelta(hours=23), life.HANDED_OVER),
    Story(timedelta(hours=20), life.SEALED),
    Story(timedelta(hours=9), life.FILLED),
    Story(timedelta(hours=3), life.FILLED),
    Story(timedelta(hours=2), life.UNPLACED),
    Story(timedelta(minutes=50), life.UNKNOWN),
    Story(timedelta(minutes=6), life.ASKED),
)


@dataclass(frozen=True, slots=True)
class People:
    """Who handles the demo's samples: invented people with accounts."""

    first: User
    second: User
    chemist: User
    laboratory: Unit


def furnish(now: datetime) -> int:
    """Samplers at the outfalls, and samples of the last days; returns how many samples.

    Run twice it does nothing. Without two officers and a laboratory nobody handles any sample.
    """
    if Sample.objects.exists():
        return 0
    samplers = _samplers(now - timedelta(days=60))
    people = _people()
    if people is None or not samplers:
        return 0
    # Findings first: water of an exceedance is what people want to see.
    ranked = sorted(samplers, key=lambda one: (not _finding(one.point, now), one.point.code))
    with transaction.atomic():
        for sampler, story in zip(cycle(ranked), STORIES, strict=False):
            _tell(sampler, story, people, now)
    return len(STORIES)


def _samplers(at: datetime) -> list[Sampler]:
    points = Point.objects.filter(
        position=Point.Position.EFFLUENT, loggers__active=True, active_to=None
    )
    found = []
    for number, point in enumerate(points.order_by("code").distinct()):
        if number % WITHOUT == WITHOUT - 1:
            continue
        bottles = BOTTLES[number % len(BOTTLES)]
        found.append(actions.set_sampler(actor=None, point=point, bottles=bottles, now=at))
    return found


def _people() -> People | None:
    everybody = list(User.objects.with_rights().filter(is_active=True).order_by("pk"))
    officers = [user for user in everybody if touches(user)]
    chemists = [user for user in everybody if may(user, "enter_result") and user.unit]
    if len(officers) < 2 or not chemists or chemists[0].unit is None:
        return None
    return People(officers[0], officers[1], chemists[0], chemists[0].unit)


def _finding(point: Point, now: datetime) -> Finding | None:
    rows = Finding.objects.filter(point=point, rule__contains="exceedance", started_at__lt=now)
    return rows.order_by("-started_at").first()


def _tell(sampler: Sampler, story: Story, people: People, now: datetime) -> None:
    """Order the sample and take it as far as its story goes."""
    at, upto = now - story.ago, story.upto
    finding = _finding(sampler.point, at)
    sample = made(
        sampler, user=people.first, now=at, purpose=Sample.Purpose.ENFORCEMENT, factors=[],
        trigger=Sample.Trigger.SUSPICION if finding is None else Sample.Trigger.HAND,
        reason="夜间数据突变，疑似偷排" if finding is None else "小时均值超标，留样核实",
        finding=finding,
    )  # fmt: skip
    if upto == life.ASKED:
        return
    at += 2 * MINUTE
    Sample.objects.filter(pk=sample.pk).update(
        state=life.ORDERED, confirmed_by=people.second, confirmed_at=at,
        command=_command(sample, people.second, at, upto),
    )  # fmt: skip
    sample.refresh_from_db()
    follow(sample, at + 20 * timedelta(seconds=1))
    road: list[tuple[str, Callable[[datetime], object]]] = [
        (life.SEALED, lambda moment: _seal(sample, people, moment)),
        (life.COLLECTED, lambda moment: _collect(sample, people, moment)),
        (life.HANDED_OVER, lambda moment: _hand_over(sample, people, moment)),
        (life.RECEIVED, lambda moment: _receive(sample, people, moment)),
        (life.ANALYSED, lambda moment: _analyse(sample, people, story.share, moment)),
        (life.DISPOSED, lambda moment: _dispose(sample, people, moment)),
    ]
    moment = at + HOUR
    stages = [stage for stage, _do in road]
    for stage, do in road if upto in stages else ():
        sample.refresh_from_db()
        do(min(moment, now))
        moment += HOUR
        if stage == upto:
            break


def _command(sample: Sample, user: User, at: datetime, upto: str) -> Command | None:
    """The dialogue as it would have gone over the wire."""
    logger = logger_of(sample.sampler)
    if logger is None:
        return None
    cn = command_of(sample.sampler, logger.profile)
    parameters = parameters_of(sample.sampler, cn)
    qn = hj212.QnGenerator().next(at)
    state = {life.FAILED: "failed", life.UNKNOWN: "unknown"}.get(upto, "done")
    free = sample.sampler.places.filter(state="free").order_by("-position").first()
    clock = timezone.localtime(at + timedelta(seconds=3)).strftime("%Y%m%d%H%M%S")
    told = upto not in {life.UNPLACED, life.FAILED, life.UNKNOWN} and free is not None
    reply = {"DataTime": clock, "VaseNo": str(free.position)} if told and free else {}
    command = Command.objects.create(
        logger=logger, cn=cn, parameters=parameters, qn=qn, state=state, reply=reply,
        result="" if state == "unknown" else "2" if state == "failed" else "1",
        ordered_by=user, reason=f"{sample.number} {sample.reason}", created_at=at,
        updated_at=at + timedelta(seconds=6),
    )  # fmt: skip
    asked = wire(logger.profile, cn, parameters, qn=qn, pw=logger.password, mn=logger.mn)
    lines = [("out", "sent", b"".join(asked).decode("ascii", "replace").strip())]
    if state == "unknown":
        lines.append(("note", "unknown", "no answer in time; what happened is not known"))
    else:
        lines.append(("in", "accepted", f"CN=9011 QN={qn} QnRtn=1"))
        if reply:
            bottle = f"DataTime={clock};VaseNo={reply['VaseNo']}"
            lines.append(("in", "replied", f"CN={cn} QN={qn} {bottle}"))
        lines.append(("in", state, f"CN=9012 QN={qn} ExeRtn={command.result}"))
    CommandStep.objects.bulk_create(
        CommandStep(
            command=command, at=at + timedelta(seconds=second), direction=direction, state=stage,
            text=text,
        )
        for second, (direction, stage, text) in enumerate(lines)
    )  # fmt: skip
    return command


def _seal(sample: Sample, people: People, at: datetime) -> None:
    actions.seal_sample(
        actor=people.first, sample=sample, certificate="闽E2026001", witness="present",
        seal_number=f"FY{sample.pk:06d}", witness_name="陈建国", now=at,
    )  # fmt: skip
    actions.cosign_sample(
        actor=people.second, sample=sample, certificate="闽E2026002", now=at + MINUTE
    )


def _collect(sample: Sample, people: People, at: datetime) -> None:
    actions.collect_sample(actor=people.first, sample=sample, certificate="闽E2026001", now=at)
    actions.cosign_sample(
        actor=people.second, sample=sample, certificate="闽E2026002", now=at + MINUTE
    )


def _hand_over(sample: Sample, people: People, at: datetime) -> None:
    actions.hand_over_sample(
        actor=people.first, sample=sample, laboratory=people.laboratory,
        temperature_c=Decimal("4.2"), now=at,
    )  # fmt: skip


def _receive(sample: Sample, people: People, at: datetime) -> None:
    actions.receive_sample(
        actor=people.chemist, sample=sample, temperature_c=Decimal("4.6"), intact=True,
        duplicate=True, now=at,
    )  # fmt: skip


def _analyse(sample: Sample, people: People, share: str, at: datetime) -> None:
    for factor in Factor.objects.filter(code__in=sample.factors):
        online = hourly_mean(sample.point, factor, sample.sampled_at or at)
        usual = Decimal("7.2") if factor.code == "w01001" else Decimal(20)
        value = (online or usual) * (Decimal(share) if factor.code == "w01018" else Decimal("1.02"))
        actions.enter_result(
            actor=people.chemist, sample=sample, factor=factor, value=round(value, 3),
            method=METHODS.get(factor.code, "HJ 776-2015"), report=f"LC{sample.pk:05d}",
            analysed_at=at, now=at + MINUTE,
        )  # fmt: skip
        sample.refresh_from_db()


def _dispose(sample: Sample, people: People, at: datetime) -> None:
    actions.dispose_sample(actor=people.chemist, sample=sample, witness="李敏", now=at)
