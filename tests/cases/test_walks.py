"""Random lives of cases: whatever is done in whatever order, what must always hold holds."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from jiulong.calendar.queries import district_calendar
from jiulong.cases import actions, clockwork, escalation, lifecycle
from jiulong.cases.models import Case, Escalation
from jiulong.cases.moves import beats
from jiulong.evidence.models import Event
from tests.cases.matters import District, make_district, make_matter

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
STEPS = 14

VERBS: dict[str, Any] = {
    "assign": lambda case, now: actions.assign_case(actor=None, case=case, now=now),
    "accept": lambda case, now: actions.accept_case(actor=None, case=case, now=now),
    "return": lambda case, now: actions.return_case(actor=None, case=case, reason="x", now=now),
    "feedback": lambda case, now: actions.feedback(actor=None, case=case, text="x", now=now),
    "reply": lambda case, now: actions.reply_case(actor=None, case=case, answer="x", now=now),
    "verify": lambda case, now: actions.verify_case(actor=None, case=case, now=now),
    "send_back": lambda case, now: actions.send_back(actor=None, case=case, reason="x", now=now),
    "close": lambda case, now: actions.close_case(actor=None, case=case, now=now),
    "reopen": lambda case, now: actions.reopen_case(actor=None, case=case, reason="x", now=now),
    "suspend": lambda case, now: actions.suspend_case(actor=None, case=case, reason="x", now=now),
    "resume": lambda case, now: actions.resume_case(actor=None, case=case, now=now),
    "ask_extension": lambda case, now: actions.ask_extension(
        actor=None, case=case, until=(case.due_at or now) + timedelta(days=3), reason="x", now=now
    ),
    "extend": lambda case, now: actions.extend_case(actor=None, case=case, now=now),
    "remind": lambda case, now: actions.remind_case(actor=None, case=case, text="x", now=now),
}


@pytest.fixture
def district() -> District:
    return make_district()


@pytest.mark.parametrize("seed", range(12))
def test_what_must_always_hold_holds(district: District, seed: int) -> None:
    chance = random.Random(seed)
    matter = make_matter(closing={}, clocks={**CLOCKS, "feedback": "2 working_days"})
    case = actions.file_case(actor=district.dispatcher, matter=matter, title="x", now=START)
    now, stages = START, ["filed"]
    for _step in range(STEPS):
        now += timedelta(hours=chance.randint(1, 90))
        while escalation.step(now):
            pass
        case.refresh_from_db()
        possible = [
            *(action for action in lifecycle.moves_from(case.stage) if action in VERBS),
            *(["remind"] if case.stage in lifecycle.OPEN else []),
        ]
        if not possible:
            break
        try:
            case = VERBS[chance.choice(possible)](case, now)
        except ValidationError:
            case.refresh_from_db()
        stages.append(case.stage)
        check(case, now)
    assert len(stages) > 1


CLOCKS = {"assign": "1 working_days", "handle": "5 working_days", "verify": "2 working_days"}


def check(case: Case, now: datetime) -> None:
    clock = clockwork.told(beats(case.pk))
    assert case.due_at == clock.due(district_calendar())
    assert case.clock_serial == clock.serial
    moving = case.stage in lifecycle.OPEN - {"suspended"}
    assert (case.turn_id is not None) == moving
    if not clock.running or case.due_at is None:
        assert case.rung_at is None
    events = list(
        Event.objects.filter(subject="cases.case", subject_id=str(case.pk))
        .exclude(verb="escalate")
        .order_by("id")
        .values_list("data__from", "data__to")
    )
    assert events[0][0] == ""
    assert all(one[1] == other[0] for one, other in itertools.pairwise(events))
    assert events[-1][1] == case.stage
    rungs = list(
        Escalation.objects.filter(case=case).order_by("id").values_list("clock_serial", "rung")
    )
    assert rungs == sorted(set(rungs))
