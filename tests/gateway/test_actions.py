"""Registering, adopting, replaying and ordering: who may, what is refused, what is recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection

import hj212
from jiulong.evidence.models import Event
from jiulong.gateway import actions, ledger
from jiulong.gateway.actions.commands import queue_command
from jiulong.gateway.journal import Verdict, entries
from jiulong.gateway.models import Command, JournalBatch, Logger, QuarantinedFrame
from jiulong.organisation.models import User
from tests.factories import NOW, make_logger, make_point, make_user
from tests.gateway.lines import MN, OTHER, QN, data
from tests.recorder.conftest import emptied  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    return make_user(User.Role.ADMINISTRATOR)


@pytest.fixture
def officer() -> User:
    return make_user(User.Role.OFFICER)


def quarantine(raw: bytes, reason: Verdict = Verdict.UNKNOWN_MN, mn: str = MN) -> QuarantinedFrame:
    n = QuarantinedFrame.objects.count()
    return QuarantinedFrame.objects.create(
        batch=1, ordinal=n, received_at=NOW + timedelta(seconds=n, microseconds=7),
        peer="10.1.2.3:4567", reason=reason.reason, mn=mn, raw=raw,
    )  # fmt: skip


def events(verb: str) -> list[dict[str, Any]]:
    return list(Event.objects.filter(verb=verb).values_list("data", flat=True))


def errors(error: pytest.ExceptionInfo[ValidationError]) -> set[str]:
    return set(error.value.message_dict)


# -- loggers --------------------------------------------------------------------------------------


def test_it_registers_a_logger(administrator: User) -> None:
    point = make_point()
    logger = actions.register_logger(
        actor=administrator, mn=MN, point=point, password="123456", addresses=["10.0.0.0/8"],
        greet=True, now=NOW,
    )  # fmt: skip
    logger.refresh_from_db()
    assert (logger.mn, logger.point, logger.addresses) == (MN, point, ["10.0.0.0/8"])
    assert (logger.profile, logger.crc_mode, logger.registered_at) == ("2017", "auto", NOW)
    (told,) = events("register_logger")
    assert (told["mn"], told["point"]) == (MN, point.code)
    assert "123456" not in str(told)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("mn", ""),
        ("mn", "has space"),
        ("mn", "x" * 41),
        ("password", "a;b"),
        ("password", "x" * 21),
        ("profile", "1999"),
        ("crc_mode", "never"),
        ("time_label", "middle"),
        ("key", "xyz"),
        ("addresses", ["10.0.0.1/8"]),
        ("addresses", ["nowhere"]),
    ],
)
def test_it_says_which_field_is_wrong(administrator: User, field: str, value: Any) -> None:
    given = {"mn": MN, "point": make_point(), "password": "123456", field: value}
    with pytest.raises(ValidationError) as error:
        actions.register_logger(actor=administrator, **given)
    assert errors(error) == {field}
    assert not Logger.objects.exists()


def test_it_registers_an_mn_once(administrator: User) -> None:
    make_logger(mn=MN)
    with pytest.raises(ValidationError) as error:
        actions.register_logger(actor=administrator, mn=MN, point=make_point(), password="")
    assert errors(error) == {"mn"}


@pytest.mark.parametrize("role", [User.Role.OFFICER, User.Role.OBSERVER, User.Role.ENTERPRISE])
def test_it_lets_only_administrators_register_and_change(role: str) -> None:
    user, logger, point = make_user(role), make_logger(), make_point()
    acts: list[Any] = [
        lambda: actions.register_logger(actor=user, mn=MN, point=point, password=""),
        lambda: actions.adopt_logger(actor=user, mn=MN, point=point, password=""),
        lambda: actions.update_logger(actor=user, logger=logger, greet=True),
        lambda: actions.replay_quarantine(actor=user, mn=logger.mn),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert (Logger.objects.count(), Event.objects.count()) == (1, 0)


def test_it_changes_a_logger_and_tells_no_secret(administrator: User) -> None:
    logger, point = make_logger(mn=MN), make_point()
    key = "00112233445566778899aabbccddeeff"
    actions.update_logger(
        actor=administrator, logger=logger, point=point, password="654321", greet=False, key=key
    )
    logger.refresh_from_db()
    assert (logger.point, logger.password, logger.key) == (point, "654321", key)
    (told,) = events("update_logger")
    assert told.keys() == {"point", "password", "key"}
    assert (told["point"][1], told["password"], told["key"]) == (point.code, "changed", "changed")


def test_it_keeps_the_keys_that_a_logger_had(administrator: User) -> None:
    logger = make_logger(mn=MN)
    one, two = "0" * 31 + "1", "0" * 31 + "2"
    kept = []
    for change in ({"key": one}, {"key": two}, {"greet": True}, {"key": ""}, {"key": two}):
        logger = actions.update_logger(actor=administrator, logger=logger, **change)
        logger.refresh_from_db()
        kept.append(logger.former_keys)
    assert kept == [[], [one], [one], [two, one], [one]]
    assert one not in str(events("update_logger"))


def test_it_keeps_the_key_that_a_logger_agreed_to_leave(officer: User) -> None:
    """By command 1014, whose new key is 16 characters of text."""
    old, new = "1234567890abcdef", "fedcba0987654321"
    logger = make_logger(mn=MN, profile="2025", key=old.encode().hex())
    parameters = {"NewSK": new, "SKCreateTime": "20260310120000"}
    command = queue_command(
        user=officer, logger=logger, cn="1014", parameters=parameters, reason="", now=NOW
    )
    Command.objects.filter(pk=command.pk).update(state=Command.State.ACCEPTED)
    (order,) = ledger.interrupted()
    ledger.record(order, state="done", direction="in", text="ExeRtn=1", now=NOW, token=uuid4())
    logger.refresh_from_db()
    assert (logger.key, logger.former_keys) == (new.encode().hex(), [old.encode().hex()])


def test_it_records_no_change_where_there_is_none(administrator: User) -> None:
    logger = make_logger(mn=MN)
    actions.update_logger(actor=administrator, logger=logger, password="123456", active=True)
    assert events("update_logger") == []


def test_it_changes_neither_identity_nor_to_nonsense(administrator: User) -> None:
    logger = make_logger(mn=MN)
    with pytest.raises(TypeError, match="mn"):
        actions.update_logger(actor=administrator, logger=logger, mn=OTHER)
    with pytest.raises(ValidationError) as error:
        actions.update_logger(actor=administrator, logger=logger, profile="1999")
    assert errors(error) == {"profile"}
    logger.refresh_from_db()
    assert (logger.mn, logger.profile) == (MN, "2017")


# -- quarantine -----------------------------------------------------------------------------------


def test_it_takes_in_what_an_adopted_logger_had_sent(administrator: User) -> None:
    good = [quarantine(data(qn=f"2026031012000000{n}")) for n in range(3)]
    other = quarantine(data(OTHER), mn=OTHER)
    logger, replay = actions.adopt_logger(
        actor=administrator, mn=MN, point=make_point(), password="123456", profile="2017", now=NOW
    )
    assert (logger.mn, replay) == (MN, actions.Replay(taken=3, left=0))
    batch = JournalBatch.objects.order_by("-id").first()
    assert batch is not None
    assert (batch.node, batch.frames, batch.received_at) == ("replay", 3, NOW)
    assert [(e.raw, e.verdict, e.received_at, e.peer) for e in entries(batch.id)] == [
        (bytes(frame.raw), Verdict.ACCEPTED, frame.received_at, frame.peer) for frame in good
    ]
    replayed = QuarantinedFrame.objects.filter(replayed_at=NOW)
    assert list(replayed.order_by("id")) == good
    other.refresh_from_db()
    assert other.replayed_at is None
    assert events("adopt_logger")[0]["mn"] == MN
    assert events("replay_quarantine") == [{"mn": MN, "frames": 3, "batch": batch.id}]


def test_it_replays_a_frame_once(administrator: User) -> None:
    make_logger(mn=MN)
    quarantine(data())
    assert actions.replay_quarantine(actor=administrator, mn=MN) == (1, 0)
    assert actions.replay_quarantine(actor=administrator, mn=MN) == (0, 0)


def test_it_leaves_what_would_be_refused_today(administrator: User) -> None:
    make_logger(mn=MN, addresses=["10.1.0.0/16"])
    quarantine(data(pw="wrong"), Verdict.WRONG_PASSWORD)
    quarantine(data()[:-6] + b"0000\r\n", Verdict.BAD_CRC)
    quarantine(b"##garbage", Verdict.UNPARSEABLE)
    quarantine(data(OTHER))
    QuarantinedFrame.objects.filter(pk=quarantine(data()).pk).update(peer="[2001:db8::1]:99")
    taken = quarantine(data())
    assert actions.replay_quarantine(actor=administrator, mn=MN) == (1, 5)
    assert list(QuarantinedFrame.objects.exclude(replayed_at=None)) == [taken]


def test_it_takes_bad_checksums_where_they_are_to_be_ignored(administrator: User) -> None:
    make_logger(mn=MN, crc_mode="ignore")
    quarantine(data()[:-6] + b"0000\r\n", Verdict.BAD_CRC)
    assert actions.replay_quarantine(actor=administrator, mn=MN) == (1, 0)


def test_it_reads_what_was_enciphered_with_a_former_key(administrator: User) -> None:
    keys = [bytes([n]) * 16 for n in (1, 2)]
    logger = make_logger(mn=MN, profile="2025", key=keys[0].hex())
    actions.update_logger(actor=administrator, logger=logger, key=keys[1].hex())
    for key in (*keys, bytes(16)):
        cp = "DataTime=20260310115900;w01018-Rtd=42.5,w01018-Flag=N"
        given: Any = {"cn": "2011", "st": "32", "qn": QN, "pw": "123456", "mn": MN, "flag": 9}
        quarantine(hj212.encode(**given, cp=cp, key=key))
    assert actions.replay_quarantine(actor=administrator, mn=MN) == (2, 1)


def test_it_replays_chosen_frames(administrator: User) -> None:
    make_logger(mn=MN)
    make_logger(mn=OTHER)
    frames = [quarantine(data()), quarantine(data(OTHER), mn=OTHER), quarantine(data())]
    nobody = quarantine(b"noise", mn="")
    chosen = [frames[0].pk, frames[1].pk, nobody.pk]
    assert actions.replay_quarantine(actor=administrator, ids=chosen) == (2, 1)
    assert list(QuarantinedFrame.objects.exclude(replayed_at=None).order_by("id")) == frames[:2]


def test_it_replays_nothing_of_nobody(administrator: User) -> None:
    for given in ({}, {"mn": MN}, {"ids": [quarantine(data()).pk]}):
        with pytest.raises(ValidationError):
            actions.replay_quarantine(actor=administrator, **given)


def test_it_replays_in_batches(administrator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jiulong.gateway.actions.quarantine.REPLAY_BATCH_FRAMES", 2)
    make_logger(mn=MN)
    for _ in range(5):
        quarantine(data())
    actions.replay_quarantine(actor=administrator, mn=MN)
    told = Event.objects.filter(verb="replay_quarantine").order_by("id")
    assert [event.data["frames"] for event in told] == [2, 2, 1]
    batches = [JournalBatch.objects.get(id=event.data["batch"]) for event in told]
    assert [batch.frames for batch in batches] == [2, 2, 1]


@pytest.mark.parametrize("reason", [verdict for verdict in Verdict if verdict.is_recorders])
def test_it_leaves_what_the_recorder_refused(administrator: User, reason: Verdict) -> None:
    """The journal has it as accepted; once more would be refused once more."""
    make_logger(mn=MN)
    quarantine(data(), reason)
    before = JournalBatch.objects.count()
    assert actions.replay_quarantine(actor=administrator, mn=MN) == (0, 1)
    assert (JournalBatch.objects.count(), events("replay_quarantine")) == (before, [])


def test_it_replays_nothing_if_one_of_the_loggers_is_nobody(administrator: User) -> None:
    make_logger(mn=MN)
    chosen = [quarantine(data()).pk, quarantine(data(OTHER), mn=OTHER).pk]
    with pytest.raises(ValidationError):
        actions.replay_quarantine(actor=administrator, ids=chosen)
    assert not QuarantinedFrame.objects.exclude(replayed_at=None).exists()


def test_it_keeps_what_is_in_when_it_breaks_off(
    emptied: None,  # noqa: F811 - the fixture
    administrator: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Marks stand with exactly their batch: the second one fails, the first one stays."""
    monkeypatch.setattr("jiulong.gateway.actions.quarantine.REPLAY_BATCH_FRAMES", 2)
    make_logger(mn=MN)
    frames = [quarantine(data()) for _ in range(3)]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal ADD CONSTRAINT crammed CHECK (frames = 2) NOT VALID")
    try:
        with pytest.raises(IntegrityError):
            actions.replay_quarantine(actor=administrator, mn=MN)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE journal DROP CONSTRAINT crammed")
    assert list(QuarantinedFrame.objects.exclude(replayed_at=None).order_by("id")) == frames[:2]
    assert [told["frames"] for told in events("replay_quarantine")] == [2]
    assert actions.replay_quarantine(actor=administrator, mn=MN) == (1, 0)


# -- commands -------------------------------------------------------------------------------------


def test_it_queues_a_command(officer: User) -> None:
    logger = make_logger(mn=MN)
    command = actions.order_command(
        actor=officer, logger=logger, cn="3012", parameters={"PolId": "w01018"}, reason="smell",
        now=NOW,
    )  # fmt: skip
    assert (command.state, command.qn, command.ordered_by) == (
        "queued", "20260310120000000", officer,
    )  # fmt: skip
    assert events("order_command") == [
        {"mn": MN, "cn": "3012", "parameters": {"PolId": "w01018"}, "reason": "smell"}
    ]


def test_it_never_repeats_a_qn(officer: User) -> None:
    logger = make_logger()
    qns = [
        actions.order_command(actor=officer, logger=logger, cn="1061", now=at).qn
        for at in (NOW, NOW, NOW - timedelta(days=1))
    ]
    assert qns == ["20260310120000000", "20260310120000001", "20260310120000002"]


@pytest.mark.parametrize(
    ("cn", "parameters"),
    [
        ("9999", {}),  # no such command
        ("9011", {}),  # an answer
        ("2081", {}),  # the logger's to send
        ("3012", {}),  # lacks PolId
        ("3012", {"PolId": "a;b"}),  # cannot travel
    ],
)
def test_it_refuses_what_is_no_command(officer: User, cn: str, parameters: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        actions.order_command(actor=officer, logger=make_logger(), cn=cn, parameters=parameters)
    assert not Command.objects.exists()


def test_it_commands_no_logger_that_is_off(officer: User) -> None:
    with pytest.raises(ValidationError):
        actions.order_command(actor=officer, logger=make_logger(active=False), cn="1061")


def test_it_starts_an_actuator_once_at_a_time(officer: User) -> None:
    logger = make_logger()
    first = actions.order_command(actor=officer, logger=logger, cn="3015")
    with pytest.raises(ValidationError):
        actions.order_command(actor=officer, logger=logger, cn="3015")
    actions.order_command(actor=officer, logger=make_logger(), cn="3015")
    Command.objects.filter(pk=first.pk).update(state=Command.State.DONE)
    actions.order_command(actor=officer, logger=logger, cn="3015")


@pytest.mark.parametrize(
    "role", [User.Role.ADMINISTRATOR, User.Role.OBSERVER, User.Role.ENTERPRISE]
)
def test_it_lets_only_officers_command(role: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.order_command(actor=make_user(role), logger=make_logger(), cn="1061")
    assert not Command.objects.exists()


def test_it_records_no_password_it_sends(officer: User) -> None:
    actions.order_command(
        actor=officer, logger=make_logger(), cn="1072", parameters={"NewPW": "abcdef"}
    )
    assert events("order_command")[0]["parameters"] == {"NewPW": "******"}


@pytest.mark.django_db(transaction=True)
def test_it_notifies_when_it_is_committed(administrator: User, officer: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("LISTEN loggers; LISTEN commands")
    logger = actions.register_logger(
        actor=administrator, mn=MN, point=make_point(), password="123456"
    )
    command = actions.order_command(actor=officer, logger=logger, cn="1061")
    heard = connection.connection.notifies(timeout=5, stop_after=2)
    assert [(n.channel, n.payload) for n in heard] == [
        ("loggers", ""), ("commands", str(command.pk)),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("UNLISTEN *")
