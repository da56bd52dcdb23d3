"""What the owner, the neighbour and the unit above see of loggers, refusals and commands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from jiulong.gateway import queries
from jiulong.gateway.actions.commands import queue_command
from jiulong.gateway.journal import Verdict
from jiulong.gateway.models import Command, CommandStep, Logger, QuarantinedFrame
from jiulong.monitoring.models import PointState
from jiulong.organisation.models import Unit, User
from tests.factories import NOW, make_logger, make_point, make_unit, make_user
from tests.gateway.lines import MN, OTHER

pytestmark = pytest.mark.django_db


class People:
    """The owner, the neighbour who must not see, the units above that may; and their loggers."""

    def __init__(self) -> None:
        own, sibling = make_unit(Unit.Kind.ENTERPRISE), make_unit(Unit.Kind.ENTERPRISE)
        self.owner = make_user(User.Role.ENTERPRISE, own)
        self.neighbour = make_user(User.Role.ENTERPRISE, sibling)
        self.observer = make_user(User.Role.OBSERVER)
        self.officer = make_user(User.Role.OFFICER)
        self.administrator = make_user(User.Role.ADMINISTRATOR)
        self.mine = make_logger(make_point(unit=own), mn=MN)
        self.theirs = make_logger(make_point(unit=sibling), mn=OTHER, profile="2005")
        self.nobodies = [
            AnonymousUser(),
            make_user(User.Role.ENTERPRISE, None),
            make_user(User.Role.ADMINISTRATOR, is_active=False),
        ]


@pytest.fixture
def people() -> People:
    return People()


def refuse(mn: str, reason: Verdict = Verdict.UNKNOWN_MN, **fields: object) -> QuarantinedFrame:
    n = QuarantinedFrame.objects.count()
    given = {
        "batch": 1, "ordinal": n, "received_at": NOW + timedelta(seconds=n), "mn": mn,
        "peer": f"10.0.0.{n}:1", "reason": reason.reason, "raw": b"raw",
    }  # fmt: skip
    return QuarantinedFrame.objects.create(**{**given, **fields})


def test_it_shows_loggers_to_whom_they_concern(people: People) -> None:
    assert list(queries.loggers(people.owner)) == [people.mine]
    assert list(queries.loggers(people.neighbour)) == [people.theirs]
    for viewer in (people.observer, people.officer, people.administrator):
        assert list(queries.loggers(viewer)) == [people.mine, people.theirs]
    for nobody in people.nobodies:
        assert list(queries.loggers(nobody)) == []


def test_it_finds_loggers(people: People) -> None:
    viewer, mine, theirs = people.officer, people.mine, people.theirs
    assert list(queries.loggers(viewer, text=MN[-6:])) == [mine]
    assert list(queries.loggers(viewer, text=theirs.point.name)) == [theirs]
    assert list(queries.loggers(viewer, text=theirs.point.outfall.enterprise.name)) == [theirs]
    assert list(queries.loggers(viewer, point=mine.point.code)) == [mine]
    assert list(queries.loggers(viewer, profile="2005")) == [theirs]
    Logger.objects.filter(pk=mine.pk).update(active=False)
    assert list(queries.loggers(viewer, active=True)) == [theirs]
    assert list(queries.loggers(viewer, active=False)) == [mine]


def test_it_gives_one_logger_to_whom_it_concerns(people: People) -> None:
    assert queries.logger(people.owner, MN) == people.mine
    with pytest.raises(Logger.DoesNotExist):
        queries.logger(people.neighbour, MN)


def test_it_shows_refused_frames_to_whom_they_concern(people: People) -> None:
    mine, stranger = refuse(MN, Verdict.WRONG_PASSWORD), refuse("stranger")
    noise = refuse("", Verdict.UNPARSEABLE)
    assert list(queries.quarantined(people.owner)) == [mine]
    assert list(queries.quarantined(people.neighbour)) == []
    assert list(queries.quarantined(people.observer)) == [noise, stranger, mine]
    for nobody in people.nobodies:
        assert list(queries.quarantined(nobody)) == []


def test_it_loads_raw_frames_only_for_who_may_see_them(people: People) -> None:
    refuse(MN)
    for viewer, deferred in (
        (people.officer, set()), (people.administrator, set()),
        (people.owner, {"raw"}), (people.observer, {"raw"}),
    ):  # fmt: skip
        frame = queries.quarantined(viewer).get()
        assert frame.get_deferred_fields() == deferred


def test_it_finds_refused_frames(people: People) -> None:
    first, second = refuse(MN, Verdict.BAD_CRC), refuse(OTHER, replayed_at=NOW)
    viewer = people.officer
    assert list(queries.quarantined(viewer, reason="bad_crc")) == [first]
    assert list(queries.quarantined(viewer, mn=OTHER)) == [second]
    assert list(queries.quarantined(viewer, since=second.received_at)) == [second]
    assert list(queries.quarantined(viewer, until=second.received_at)) == [first]
    assert list(queries.quarantined(viewer, replayed=True)) == [second]
    assert list(queries.quarantined(viewer, replayed=False)) == [first]


def test_it_lists_who_knocks(people: People) -> None:
    refuse("B")
    first = refuse("A")
    refuse("C", replayed_at=NOW)
    refuse(MN)  # registered meanwhile
    refuse("D", Verdict.BAD_CRC)
    last = refuse("A")
    knocking = queries.unregistered(people.observer)
    assert [stranger.mn for stranger in knocking] == ["A", "B"]
    assert knocking[0] == queries.Unregistered(
        "A", 2, first.received_at, last.received_at, last.peer
    )
    for viewer in (people.owner, people.neighbour, *people.nobodies):
        assert queries.unregistered(viewer) == []


def order(logger: Logger, cn: str = "1061") -> Command:
    return queue_command(user=None, logger=logger, cn=cn, parameters={}, reason="", now=NOW)


def test_it_shows_commands_to_whom_they_concern(people: People) -> None:
    mine, theirs = order(people.mine), order(people.theirs)
    assert list(queries.commands(people.owner)) == [mine]
    assert list(queries.commands(people.neighbour)) == [theirs]
    assert list(queries.commands(people.observer)) == [theirs, mine]
    for nobody in people.nobodies:
        assert list(queries.commands(nobody)) == []
    assert queries.command(people.owner, mine.pk) == mine
    with pytest.raises(Command.DoesNotExist):
        queries.command(people.neighbour, mine.pk)


@pytest.mark.parametrize("cn", sorted(queries.UNANNOUNCED))
@pytest.mark.parametrize("state", Command.State)
def test_it_announces_no_sampling_to_whom_it_is_taken_of(
    people: People, cn: str, state: Command.State
) -> None:
    sampling, other = order(people.mine), order(people.mine)
    Command.objects.filter(pk=sampling.pk).update(cn=cn, state=state)
    Command.objects.filter(pk=other.pk).update(state=state)
    still_open = state in {"queued", "sent", "accepted", "replied", "unknown"}
    told = [other] if still_open else [other, sampling]
    assert list(queries.commands(people.owner)) == told
    assert list(queries.commands(people.owner, cn=cn)) == [c for c in told if c == sampling]
    assert list(queries.commands(people.observer)) == [other, sampling]
    assert queries.command(people.officer, sampling.pk) == sampling
    if still_open:
        with pytest.raises(Command.DoesNotExist):
            queries.command(people.owner, sampling.pk)


def test_it_tells_when_a_logger_was_heard_to_whom_it_concerns(people: People) -> None:
    PointState.objects.create(point=people.mine.point, heard_at=NOW)
    for viewer in (people.owner, people.observer):
        assert queries.heard_at(viewer, people.mine) == NOW
        assert queries.is_registered(viewer, MN)
    for viewer in (people.neighbour, *people.nobodies):
        assert queries.heard_at(viewer, people.mine) is None
        assert not queries.is_registered(viewer, MN)
    assert queries.heard_at(people.observer, people.theirs) is None


def test_it_finds_commands(people: People) -> None:
    first, second = order(people.mine), order(people.theirs, "1011")
    Command.objects.filter(pk=first.pk).update(state=Command.State.DONE)
    viewer = people.officer
    assert list(queries.commands(viewer, mn=MN)) == [first]
    assert list(queries.commands(viewer, cn="1011")) == [second]
    assert list(queries.commands(viewer, state="done")) == [first]
    assert list(queries.commands(viewer, open_only=True)) == [second]


def test_it_blots_out_passwords_for_who_may_not_see_raw_frames(people: People) -> None:
    command = queue_command(
        user=None, logger=people.mine, cn="1072", parameters={"NewPW": "secret"}, reason="", now=NOW
    )
    raw = "##0099QN=1;ST=32;CN=1072;PW=123456;MN=x;Flag=5;CP=&&NewPW=secret&&1234"
    CommandStep.objects.create(command=command, at=NOW, direction="out", state="sent", text=raw)
    for viewer in (people.owner, people.observer):
        seen = queries.command(viewer, command.pk)
        (step,) = seen.steps.all()
        assert step.text == (
            "##0099QN=1;ST=32;CN=1072;PW=******;MN=x;Flag=5;CP=&&NewPW=******&&1234"
        )
        assert seen.parameters == {"NewPW": "******"}
    seen = queries.command(people.officer, command.pk)
    assert [step.text for step in seen.steps.all()] == [raw]
    assert seen.parameters == {"NewPW": "secret"}
