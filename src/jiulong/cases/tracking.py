"""What anybody who holds a tracking number may know of a case: how far, whose, until when.

No title, no words of the reporter, no names of people: they may say who somebody is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from jiulong.cases import rules, specs
from jiulong.cases.lifecycle import (
    ACCEPTED,
    ASSIGNED,
    CLOSED,
    FILED,
    LIFECYCLE,
    MERGED,
    OPEN,
    REPLIED,
    ROAD,
    STAGES,
    SUSPENDED,
    VERIFIED,
)
from jiulong.cases.models import Case
from jiulong.cases.numbers import ALPHABET, TRACKING_LENGTH
from jiulong.organisation.rules import Viewer


@dataclass(frozen=True, slots=True)
class Step:
    """A station of the road; `at` None: not reached yet."""

    name: str | Promise
    at: datetime | None
    current: bool


@dataclass(frozen=True, slots=True)
class Public:
    """The public side of a case."""

    tracking: str
    service: str
    stage: str
    stage_name: str | Promise
    steps: tuple[Step, ...]
    filed_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    unit: str
    result: str
    joined: bool
    case_id: int | None  # only for whoever may confirm it

    @property
    def open(self) -> bool:
        return self.stage in OPEN


def clean(number: str) -> str:
    """The number as it is stored; empty if it cannot be one."""
    plain = "".join(sign for sign in number.upper() if sign.isalnum())
    fits = len(plain) == TRACKING_LENGTH and set(plain) <= set(ALPHABET)
    return plain if fits else ""


def track(viewer: Viewer, number: str) -> Public | None:
    """The public side of the case with this tracking number; None when there is none."""
    rows = Case.objects.select_related("matter", "lead", "dispatch", "enterprise", "parent__matter",
                                       "parent__lead", "parent__dispatch")  # fmt: skip
    wanted = clean(number)
    case = rows.filter(tracking=wanted).first() if wanted else None
    if case is None or specs.matter(case.matter).public is None:
        return None
    shown = case.parent if case.stage == MERGED and case.parent is not None else case
    return Public(
        tracking=wanted,
        service=service_of(case),
        stage=shown.stage,
        stage_name=STAGES[shown.stage],
        steps=_steps(shown),
        filed_at=case.filed_at,
        due_at=shown.due_at if shown.stage in OPEN else None,
        closed_at=shown.closed_at,
        unit=str(shown.lead or shown.dispatch),
        result=result_of(shown),
        joined=shown is not case,
        case_id=case.pk if _may_confirm(viewer, case) else None,
    )


def service_of(case: Case) -> str:
    """What residents call this kind of case."""
    spec = specs.matter(case.matter)
    return str(spec.public.service if spec.public else spec.name)


def result_of(case: Case) -> str:
    """What came of a closed case, in the words of the pack."""
    if case.stage != CLOSED:
        return ""
    results = specs.matter(case.matter).closing.results
    return next((str(each.name) for each in results if each.key == case.result), "")


def _steps(case: Case) -> tuple[Step, ...]:
    at = {
        FILED: case.filed_at, ASSIGNED: case.assigned_at, ACCEPTED: case.accepted_at,
        REPLIED: case.replied_at, VERIFIED: case.verified_at, CLOSED: case.closed_at,
    }  # fmt: skip
    here = case.stage_before if case.stage == SUSPENDED else case.stage
    road = [stage for stage in ROAD if stage != VERIFIED or specs.matter(case.matter).verify]
    reached = road.index(here) if here in road else -1
    return tuple(
        Step(STAGES[stage], at[stage] if n <= reached or reached < 0 else None, stage == here)
        for n, stage in enumerate(road)
    )


def _may_confirm(viewer: Viewer, case: Case) -> bool:
    possible = (case.stage, "confirm") in LIFECYCLE and case.confirmed is None
    return possible and rules.may_move(viewer, case, specs.matter(case.matter), "confirm")
