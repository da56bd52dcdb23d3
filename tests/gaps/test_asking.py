"""Loggers are asked for what is missing: when, for what, how often, and what comes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation

from jiulong.evidence.models import Event
from jiulong.gaps import actions, asking, policy
from jiulong.gaps.models import Gap, HistoryRequest
from jiulong.gateway.models import Command, CommandStep, Logger
from jiulong.monitoring.models import Period, Point, PointState
from jiulong.organisation.models import User
from tests.factories import make_logger, make_point, make_user
from tests.gaps.conftest import Line, at, look
from tests.people import make_people

pytestmark = pytest.mark.django_db
NOW = at(30)


@pytest.fixture
def logger(point: Point) -> Logger:
    PointState.objects.create(point=point, heard_at=NOW, frames=1)
    return make_logger(point)


def make_gap(point: Point, first: float = 2, last: float = 5, **fields: Any) -> Gap:
    start, end = at(first), at(last)
    n = int((end - start) / timedelta(minutes=fields.get("minutes", 60)))
    given = {
        "period": Period.HOUR, "minutes": 60, "start": start, "end": end, "missing": n, "left": n,
        "remaining": [[start, end]], "found_at": at(6), "next_ask_at": at(7),
    }  # fmt: skip
    return Gap.objects.create(point=point, **{**given, **fields})


def end(command: Command, state: str, result: str = "", *, sent: bool = True) -> None:
    """The dialogue is over."""
    Command.objects.filter(pk=command.pk).update(state=state, result=result, updated_at=NOW)
    if sent:
        CommandStep.objects.create(
            command=command, at=NOW, direction="out", state="sent", text="##…"
        )


def round_of(hours: float) -> Gap:
    """Settle and ask on so many hours after NOW; the only gap as it stands then."""
    moment = NOW + timedelta(hours=hours, minutes=1)
    PointState.objects.update(heard_at=moment)
    asking.step(moment)
    return Gap.objects.get()


def test_it_asks_for_the_first_and_last_period_that_are_missing(
    point: Point, logger: Logger
) -> None:
    gap = make_gap(point)
    asking.step(NOW)
    command = Command.objects.get()
    assert (command.cn, command.parameters, command.ordered_by) == (
        "2061", {"BeginTime": "20260310100000", "EndTime": "20260310120000"}, None,
    )  # fmt: skip
    gap.refresh_from_db()
    assert (gap.state, gap.asked, gap.next_ask_at) == ("asked", 1, None)


@pytest.mark.parametrize(
    ("profile", "label", "begin"),
    [("2005", "start", "20260310100000"), ("2025", "end", "20260310101000")],
)
def test_it_asks_in_the_logger_s_own_way(
    point: Point, logger: Logger, profile: str, label: str, begin: str
) -> None:
    Logger.objects.update(profile=profile, time_label=label)
    make_gap(point, period=Period.MINUTE, minutes=10)
    asking.step(NOW)
    command = Command.objects.get()
    assert (command.cn, command.parameters["BeginTime"]) == ("2051", begin)


def test_it_asks_for_no_more_than_one_piece_at_once(point: Point, logger: Logger) -> None:
    make_gap(point, -400, 20)
    asking.step(NOW)
    request = HistoryRequest.objects.get()
    assert request.end - request.begin == policy.CHUNK[Period.HOUR] * timedelta(hours=1)


def test_it_asks_for_hours_before_minutes_and_new_before_old(point: Point, logger: Logger) -> None:
    make_gap(point, 1, 2)
    wanted = make_gap(point, 8, 9)
    make_gap(point, 9, 10, period=Period.MINUTE, minutes=10)
    asking.step(NOW)
    assert HistoryRequest.objects.get().gap == wanted


@pytest.mark.parametrize(
    "trouble", ["not due", "silent", "off", "busy", "sampling", "switched off"]
)
def test_it_asks_nobody_who_cannot_be_asked_now(
    point: Point, logger: Logger, trouble: str, settings: Any
) -> None:
    make_gap(point, next_ask_at=NOW + timedelta(minutes=1) if trouble == "not due" else at(7))
    if trouble == "silent":
        PointState.objects.update(heard_at=NOW - timedelta(minutes=6))
    if trouble == "off":
        Logger.objects.update(active=False)
    if trouble in {"busy", "sampling"}:
        cn, state = ("1011", "queued") if trouble == "busy" else ("3015", "accepted")
        Command.objects.create(
            logger=logger, cn=cn, qn="1", state=state, created_at=NOW, updated_at=NOW
        )
    settings.ASK_HISTORY = trouble != "switched off"
    asking.step(NOW)
    assert not HistoryRequest.objects.exists()


def test_it_keeps_to_its_budgets(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [make_point() for _ in range(3)]
    for one in points:
        PointState.objects.create(point=one, heard_at=NOW, frames=1)
        make_logger(one)
        make_gap(one)
    monkeypatch.setattr(policy, "PER_ROUND", 2)
    asking.step(NOW)
    assert HistoryRequest.objects.count() == 2
    monkeypatch.setattr(policy, "PER_LOGGER_DAY", 0)
    asking.step(NOW)
    assert HistoryRequest.objects.count() == 2


def test_it_grows_patient_and_gives_up_with_the_reason(point: Point, logger: Logger) -> None:
    make_gap(point)
    hours = 0.0
    for wait in (*policy.BACK_OFF, None):
        gap = round_of(hours)
        assert gap.state == "asked"
        end(HistoryRequest.objects.latest("pk").command, "refused", "2")
        gap = round_of(hours + 0.1)
        if wait is not None:
            settled = NOW + timedelta(hours=hours + 0.1, minutes=1)
            assert (gap.state, gap.next_ask_at) == ("open", settled + wait)
            hours += 0.1 + wait / timedelta(hours=1)
    assert (gap.state, gap.reason, gap.asked, gap.next_ask_at) == (
        "given_up", "refused", 5, None,
    )  # fmt: skip
    assert set(HistoryRequest.objects.values_list("outcome", flat=True)) == {"refused"}


def test_it_takes_no_data_for_an_answer(point: Point, logger: Logger) -> None:
    """What the logger has not is not asked for again; the rest is."""
    make_gap(point, -200, 5)
    round_of(0)
    end(HistoryRequest.objects.get().command, "failed", "100")
    assert round_of(0.1).state == "asked"
    second = HistoryRequest.objects.latest("pk")
    assert (second.begin, second.end) == (at(-32), at(5))
    end(second.command, "failed", "100")
    gap = round_of(0.2)
    assert (gap.state, gap.reason, len(gap.denied)) == ("given_up", "no_data", 2)


@pytest.mark.parametrize(
    ("state", "sent", "outcome", "vain"),
    [
        ("done", True, "nothing", 1),
        ("unknown", True, "unanswered", 1),
        ("failed", False, "unsent", 0),
    ],
)
def test_it_tells_what_a_request_brought(
    point: Point, logger: Logger, state: str, sent: bool, outcome: str, vain: int
) -> None:
    make_gap(point)
    round_of(0)
    end(HistoryRequest.objects.get().command, state, sent=sent)
    gap = round_of(0.05)
    assert (HistoryRequest.objects.get().outcome, gap.vain, gap.state) == (outcome, vain, "open")


def test_it_fills_a_gap_with_what_it_asked_for(point: Point, line: Line) -> None:
    """The whole way: missing, asked for, answered, recorded, filled – and no live alarm."""
    logger = make_logger(point)
    line.hours(point, 0, 10, but={3, 4})
    look(10.6)
    PointState.objects.update(heard_at=at(11))
    asking.step(at(11))
    request = HistoryRequest.objects.get()
    assert (request.command.logger, request.begin, request.end) == (logger, at(3), at(5))
    line.sends(point, [at(3), at(4)], received_at=at(11) + timedelta(seconds=5))
    Command.objects.update(state="done", result="1", updated_at=at(11))
    look(11.01)
    asking.step(at(11.1))
    gap, request = Gap.objects.get(start=at(3)), HistoryRequest.objects.get()
    assert (gap.state, gap.filled_at, request.outcome) == (
        "filled", at(11) + timedelta(seconds=5), "filled",
    )  # fmt: skip


def test_it_leaves_the_old_alone(point: Point, logger: Logger) -> None:
    make_gap(point, start=at(-24 * 91), end=at(-24 * 91 + 1))
    gap = round_of(0)
    assert (gap.state, gap.reason) == ("given_up", "too_old")


def test_it_gives_up_what_cannot_be_asked(point: Point, logger: Logger) -> None:
    Logger.objects.update(password="a;b")
    make_gap(point)
    assert round_of(0).reason == "impossible"


# -- by hand -----------------------------------------------------------------------------------


def test_it_asks_by_hand_what_was_given_up(point: Point, logger: Logger) -> None:
    officer = make_user(User.Role.OFFICER)
    gap = make_gap(point, state="given_up", reason="no_data", denied=[[at(2), at(5)]])
    request = actions.request_history(actor=officer, gap=gap, reason="复核", now=NOW)
    gap.refresh_from_db()
    assert (gap.state, gap.reason, request.asked_by, request.command.ordered_by) == (
        "asked", "", officer, officer,
    )  # fmt: skip
    event = Event.objects.get(verb="request_history")
    assert (event.subject_id, event.data["reason"]) == (str(gap.pk), "复核")
    with translation.override("en"), pytest.raises(ValidationError, match="already"):
        actions.request_history(actor=officer, gap=gap, reason="again", now=NOW)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("filled", "Nothing is missing"),
        ("nobody", "No logger"),
        ("busy", "another dialogue"),
        ("reason", "Say why"),
    ],
)
def test_it_says_why_it_cannot_be_asked(point: Point, trouble: str, words: str) -> None:
    officer = make_user(User.Role.OFFICER)
    gap = make_gap(point, state="filled" if trouble == "filled" else "open")
    if trouble != "nobody":
        logger = make_logger(point)
        if trouble == "busy":
            Command.objects.create(
                logger=logger, cn="3015", qn="1", state="sent", created_at=NOW, updated_at=NOW
            )
    reason = " " if trouble == "reason" else "why"
    with translation.override("en"), pytest.raises(ValidationError, match=words):
        actions.request_history(actor=officer, gap=gap, reason=reason, now=NOW)
    assert not HistoryRequest.objects.exists()


def test_it_lets_only_those_ask_who_may() -> None:
    people = make_people()
    gap = make_gap(people.point)
    make_logger(people.point)
    for person in (people.owner, people.sibling, people.observer, people.administrator):
        with pytest.raises(PermissionDenied):
            actions.request_history(actor=person, gap=gap, reason="why", now=NOW)
    assert actions.request_history(actor=people.officer, gap=gap, reason="why", now=NOW).pk
