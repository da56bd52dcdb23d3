"""Sealing: every hour once, on demand, chained, and never changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from jiulong.evidence import sealing
from jiulong.evidence.actions import SEALS, seal_due, seal_now
from jiulong.evidence.keys import signing_key
from jiulong.evidence.models import Event, Seal, SealContents
from jiulong.evidence.sources import SealedSource
from jiulong.organisation.models import User
from tests.evidence.conftest import NOON, append_batch, frames, tamper
from tests.factories import make_enterprise, make_user

HOUR = timedelta(hours=1)


def spans() -> list[tuple[int, int, str, int]]:
    return [
        (seal.number, seal.batches, f"{seal.period_end:%H:%M}", seal.frames)
        for seal in Seal.objects.order_by("number")
    ]


def test_it_seals_each_hour_once_it_is_over_also_a_silent_one(journal: list[int]) -> None:
    assert seal_due(now=NOON + timedelta(minutes=30)) is None  # commits may still come in
    while seal_due(now=NOON + 3 * HOUR):
        pass
    assert spans() == [(1, 3, "05:00", 9), (2, 0, "06:00", 0), (3, 2, "07:00", 6)]
    assert seal_due(now=NOON + 3 * HOUR) is None
    chain = list(Seal.objects.order_by("number"))
    assert [bytes(seal.previous) for seal in chain] == [
        bytes(32),
        bytes(chain[0].digest),
        bytes(chain[1].digest),
    ]
    assert [seal.contents.ids for seal in chain] == [journal[:3], [], journal[3:]]


def test_it_begins_with_the_first_batch(source: SealedSource) -> None:
    assert seal_due(now=NOON) is None
    assert Seal.objects.count() == 0


def test_it_seals_a_run_of_silent_hours_at_once(source: SealedSource) -> None:
    append_batch(NOON - 100 * HOUR)
    append_batch(NOON - 10 * HOUR)
    while seal_due(now=NOON):
        pass
    assert [(seal.batches, seal.period_end) for seal in Seal.objects.order_by("number")] == [
        (1, sealing.floor_hour(NOON) - 99 * HOUR),
        (0, sealing.floor_hour(NOON) - 10 * HOUR),
        (1, sealing.floor_hour(NOON) - 9 * HOUR),
        (0, sealing.floor_hour(NOON)),
    ]


def test_it_seals_on_demand_what_is_there(journal: list[int]) -> None:
    officer = make_user(User.Role.OFFICER)
    now = NOON + timedelta(minutes=91)
    seals = seal_now(actor=officer, now=now)
    assert spans() == [(1, 3, "05:00", 9), (2, 0, "06:00", 0), (3, 1, "06:01", 3)]
    assert [seal.number for seal in seals] == [1, 2, 3]
    assert seal_now(actor=officer, now=now) == []
    assert [(event.actor, event.verb) for event in Event.objects.all()] == [(officer, "seal_now")]


def test_it_goes_on_by_the_hour_after_a_seal_on_demand(journal: list[int]) -> None:
    seal_now(actor=None, now=NOON + timedelta(minutes=7))
    assert spans() == [(1, 2, "04:37", 6)]
    seal_due(now=NOON + HOUR)
    assert spans()[1:] == [(2, 1, "05:00", 3)]


@pytest.mark.parametrize("role", [User.Role.OBSERVER, User.Role.ENTERPRISE])
def test_it_seals_for_nobody_who_may_not(journal: list[int], role: User.Role) -> None:
    with pytest.raises(PermissionDenied):
        seal_now(actor=make_user(role, make_enterprise().unit))
    assert Seal.objects.count() == 0


def test_it_takes_a_batch_dated_before_its_neighbours(source: SealedSource) -> None:
    late = append_batch(NOON + HOUR)  # one node's clock is ahead
    append_batch(NOON)
    seal_due(now=NOON + 40 * timedelta(minutes=1))
    assert Seal.objects.get().contents.ids == [late, late + 1]


def test_it_leaves_the_seal_to_a_quicker_keeper(
    journal: list[int], keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The other keeper seals while this one is still hashing.
    gather = sealing.gather

    def slow(source: SealedSource, span: sealing.Span) -> sealing.Contents:
        monkeypatch.setattr(sealing, "gather", gather)
        assert seal_due(now=NOON + HOUR) is not None
        return gather(source, span)

    monkeypatch.setattr(sealing, "gather", slow)
    assert seal_due(now=NOON + HOUR) is None
    assert spans() == [(1, 3, "05:00", 9)]


@pytest.mark.django_db(transaction=True)
def test_it_tells_listeners_the_number(source: SealedSource) -> None:
    append_batch(NOON)
    parameters = connection.get_connection_params()
    with psycopg.connect(**{**parameters, "cursor_factory": None}, autocommit=True) as listener:
        listener.execute("LISTEN seals")
        seal_due(now=NOON + HOUR)
        notices = list(listener.notifies(timeout=5, stop_after=1))
    assert [(notice.channel, notice.payload) for notice in notices] == [(SEALS, "1")]
    tamper("DELETE FROM journal")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence_seal SET frames = 1",
        "DELETE FROM evidence_seal",
        "UPDATE evidence_sealcontents SET ids = '{}'",
        "DELETE FROM evidence_event",
        "UPDATE evidence_event SET verb = 'nothing'",
    ],
)
def test_it_lets_nobody_change_what_is_written(journal: list[int], statement: str) -> None:
    seal_now(actor=None, now=NOON + HOUR)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert SealContents.objects.count() == Seal.objects.count() == 1


def test_it_seals_no_batch_that_cannot_be_read(journal: list[int]) -> None:
    tamper("UPDATE journal SET body = 'x' WHERE id = %s", journal[1])
    with pytest.raises(sealing.UnreadableBatchError, match=f"batch {journal[1]}"):
        seal_due(now=NOON + HOUR)
    tamper("UPDATE journal SET body = (SELECT body FROM journal WHERE id = %s), frames = 4 "
           "WHERE id = %s", journal[0], journal[1])  # fmt: skip
    with pytest.raises(sealing.UnreadableBatchError, match="holds 3 frames"):
        seal_due(now=NOON + HOUR)


def test_it_signs_with_the_key_of_the_directory(journal: list[int], keys: Path) -> None:
    seal = seal_due(now=NOON + HOUR)
    assert seal is not None
    assert seal.key_id == signing_key(keys).id


def test_it_seals_a_batch_without_frames(source: SealedSource) -> None:
    append_batch(NOON, frames(NOON, 0))
    seal_due(now=NOON + HOUR)
    assert spans() == [(1, 1, "05:00", 0)]
