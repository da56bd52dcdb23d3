"""Events lie under the seals: none slips between two of them, and whatever is altered is named."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from jiulong.evidence import queries, sealing, timeline
from jiulong.evidence.actions import Act, record_event, record_events, seal_due, seal_now
from jiulong.evidence.checks import Fault
from jiulong.evidence.keys import public_keys, signing_key
from jiulong.evidence.models import Event, Seal
from jiulong.evidence.sources import SealedSource
from jiulong.evidence.verification import Range, verify
from jiulong.organisation.models import Unit
from tests.evidence.conftest import NOON, append_batch, tamper
from tests.factories import make_unit, make_user

HOUR = timedelta(hours=1)
COPY = (
    "INSERT INTO evidence_event (id, at, actor_id, actor_name, verb, subject, subject_id, data) "
    "SELECT %s, at, actor_id, actor_name, verb, subject, subject_id, data FROM evidence_event "
    "WHERE id = %s"
)


@pytest.fixture
def unit(source: SealedSource) -> Unit:
    tamper("DELETE FROM evidence_event")
    return make_unit()


@pytest.fixture
def sealed(unit: Unit) -> list[int]:
    """Events 1 to 3 under seal 1, none under 2, two under 3."""
    numbers = [act(unit, f"step{n}") for n in range(3)]
    append_batch(NOON)
    seal_due(now=NOON + HOUR)
    append_batch(NOON + HOUR)
    seal_due(now=NOON + 2 * HOUR)
    numbers += [act(unit, "four"), act(unit, "five")]
    seal_due(now=NOON + 3 * HOUR)
    return numbers


def act(unit: Unit, verb: str, **data: Any) -> int:
    return record_event(actor=None, verb=verb, subject=unit, data=data, at=NOON).pk


def bad(keys: Path, **chosen: Any) -> tuple[Any, ...]:
    from jiulong.evidence import sources

    report = verify(sources.source(), public_keys(keys), Range(**chosen))
    assert report.bad is not None
    return report.bad.fault, report.bad.seal, report.bad.event


def test_they_lie_under_the_seals_in_order(sealed: list[int], keys: Path) -> None:
    rows = Seal.objects.order_by("number").values_list("first_event", "last_event", "events")
    assert list(rows) == [
        (1, sealed[2], 3),
        (sealed[2] + 1, sealed[2], 0),
        (sealed[3], sealed[4], 2),
    ]
    from jiulong.evidence import sources

    report = verify(sources.source(), public_keys(keys), Range())
    assert (report.good, report.seals, report.events, report.unsealed_events) == (True, 3, 5, 0)


def test_they_are_sealed_also_where_no_logger_ever_spoke(unit: Unit) -> None:
    assert seal_due(now=NOON + 5 * HOUR) is None
    act(unit, "first")
    assert seal_due(now=NOON + timedelta(minutes=20)) is None
    made = seal_due(now=NOON + 5 * HOUR)
    assert made
    assert (made.events, made.batches, made.period_end) == (
        1,
        0,
        sealing.floor_hour(NOON) + 5 * HOUR,
    )


@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE evidence_event SET data = '{\"a\": 1}' WHERE id = %s", Fault.EVENT_CHANGED),
        ("UPDATE evidence_event SET verb = 'x' WHERE id = %s", Fault.EVENT_CHANGED),
        ("UPDATE evidence_event SET actor_name = 'x' WHERE id = %s", Fault.EVENT_CHANGED),
        ("UPDATE evidence_event SET subject_id = 'x' WHERE id = %s", Fault.EVENT_CHANGED),
        ("UPDATE evidence_event SET subject = 'x' WHERE id = %s", Fault.EVENT_CHANGED),
        ("UPDATE evidence_event SET at = at + interval '1 microsecond' WHERE id = %s",
         Fault.EVENT_CHANGED),
        ("DELETE FROM evidence_event WHERE id = %s", Fault.EVENT_MISSING),
    ],
)  # fmt: skip
def test_whatever_is_altered_is_named(
    sealed: list[int], keys: Path, at: int, change: str, fault: Fault
) -> None:
    tamper(change, sealed[at])
    assert bad(keys) == (fault, 1 if at < 3 else 3, sealed[at])


def test_another_actor_is_seen(sealed: list[int], keys: Path) -> None:
    tamper("UPDATE evidence_event SET actor_id = %s WHERE id = %s", make_user().pk, sealed[1])
    assert bad(keys) == (Fault.EVENT_CHANGED, 1, sealed[1])


def test_an_inserted_event_is_named(sealed: list[int], keys: Path) -> None:
    tamper(COPY, -5, sealed[0])
    assert bad(keys) == (Fault.EVENT_INSERTED, 1, -5)
    tamper("DELETE FROM evidence_event WHERE id = -5")
    tamper("DELETE FROM evidence_sealevents WHERE seal_id = 3")
    assert bad(keys) == (Fault.EVENT_LIST_CHANGED, 3, None)


def test_an_event_inserted_into_a_gap_is_named(unit: Unit, keys: Path) -> None:
    first = act(unit, "first")
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('evidence_event_id_seq')")  # a transaction rolled back
    act(unit, "third")
    seal_due(now=NOON + HOUR)
    tamper(COPY, first + 1, first)
    assert bad(keys) == (Fault.EVENT_INSERTED, 1, first + 1)


def test_its_list_and_its_seal_cannot_be_bent(sealed: list[int], keys: Path) -> None:
    swap = "UPDATE evidence_sealevents SET hashes = reverse(encode(hashes, 'hex'))::bytea"
    tamper(swap + " WHERE seal_id = 1")
    assert bad(keys)[:2] == (Fault.EVENT_LIST_CHANGED, 1)
    tamper("UPDATE evidence_seal SET events = 2 WHERE number = 1")
    assert bad(keys)[:2] == (Fault.SEAL_CHANGED, 1)


def test_a_seal_of_the_journal_alone_stays_good_and_leads_on(
    unit: Unit, source: SealedSource, keys: Path
) -> None:
    """As it was made before events were sealed too."""
    append_batch(NOON)
    span = sealing.Span(0, source.last_before(NOON + HOUR, after=0) or 0, NOON + HOUR)
    contents = sealing.gather(source, span)
    key = signing_key(keys)
    statement = sealing.write_statement(span, contents, last=None, key_id=key.id, sealed_at=NOON)
    from dataclasses import replace

    from jiulong.evidence.actions.seals import _write
    from jiulong.evidence.models import SealContents

    old = _write(replace(statement, events=None), key)
    SealContents.objects.create(seal=old, ids=contents.ids, hashes=b"".join(contents.hashes))
    assert b"jiulong-seal-1" in sealing.statement_of_seal(old).encode()
    numbers = [act(unit, "one"), act(unit, "two")]
    made = seal_due(now=NOON + 3 * HOUR)
    assert made
    assert (made.number, made.first_event, made.last_event, made.events) == (2, 1, numbers[1], 2)
    report = verify(source, public_keys(keys), Range())
    assert (report.good, report.seals, report.events) == (True, 2, 2)


def test_on_demand_it_seals_new_events_once(unit: Unit) -> None:
    user = make_user()
    act(unit, "one")
    made = seal_now(actor=user, now=NOON)
    assert [seal.events for seal in made] == [1]
    assert seal_now(actor=user, now=NOON) == []  # the act of sealing is no reason to seal
    act(unit, "two")
    assert [seal.events for seal in seal_now(actor=user, now=NOON)] == [2]


def test_a_backlog_beyond_one_seal_goes_into_the_next(
    unit: Unit, keys: Path, source: SealedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "EVENTS_MAX", 2)
    numbers = [act(unit, str(n)) for n in range(5)]
    seal_now(actor=None, now=NOON)
    rows = Seal.objects.order_by("number").values_list("last_event", "events")
    assert list(rows) == [(numbers[1], 2), (numbers[3], 2), (numbers[4], 1)]
    assert verify(source, public_keys(keys), Range()).good


@pytest.mark.parametrize(
    "value",
    ["芗城区 “雨” \u2028 😀", 'quote " back \\ slash / tab \t nul-free \x01', 0.1, 1.5e-9, -0.0,
     12345678901234567890, True, None, [1, {"b": 1, "aa": 2}], "", {"长": "值"}, 3.10],
)  # fmt: skip
def test_a_line_says_what_was_recorded(unit: Unit, value: object) -> None:
    made = record_event(actor=None, verb="变更", subject=unit, data={"value": value}, at=NOON)
    [found] = timeline.read_subject("organisation.unit", str(unit.pk))
    told = json.loads(found.wire)
    assert told == {
        "actor": None, "actor_name": "Jiulong", "at": "2026-03-10T04:30:00.000000Z",
        "data": {"value": value}, "event": made.pk, "subject": "organisation.unit",
        "subject_id": str(unit.pk), "verb": "变更",
    }  # fmt: skip
    assert list(told) == sorted(told)


def test_digits_beyond_a_float_count_too(unit: Unit, keys: Path) -> None:
    number = act(unit, "measure")
    raw = "UPDATE evidence_event SET data = %s::jsonb WHERE id = %s"
    tamper(raw, '{"x": 0.10000000000000000001}', number)
    seal_now(actor=None, now=NOON)
    tamper(raw, '{"x": 0.10000000000000000002}', number)
    assert bad(keys) == (Fault.EVENT_CHANGED, 1, number)


def test_it_is_append_only(unit: Unit) -> None:
    act(unit, "one")
    for change in (lambda: Event.objects.update(verb="x"), lambda: Event.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_many_are_written_with_one_statement(unit: Unit, django_assert_num_queries: Any) -> None:
    user = make_user()
    acts = [Act(actor=user, verb="v", subject=unit, data={"n": n}) for n in range(500)]
    with django_assert_num_queries(1):
        made = record_events(acts)
    assert [event.data["n"] for event in Event.objects.order_by("id")] == list(range(500))
    assert [event.pk for event in made] == sorted(event.pk for event in made)
    with django_assert_num_queries(1):
        record_event(actor=user, verb="v", subject=unit)


class Writer:
    """Another connection that records an event and takes its time to commit."""

    def __init__(self) -> None:
        self.connection = psycopg.connect(**connection.get_connection_params())

    def write(self) -> int:
        row = self.connection.execute(
            "INSERT INTO evidence_event (at, actor_name, verb, subject, subject_id, data) "
            "VALUES (now(), 'W', 'v', 'x.y', '1', '{}') RETURNING id"
        ).fetchone()
        assert row
        return int(row[0])


@pytest.fixture
def writers(transactional_db: None) -> Any:
    made: list[Writer] = []

    def make() -> Writer:
        made.append(Writer())
        return made[-1]

    yield make
    for writer in made:
        writer.connection.close()


def test_nothing_slips_between_two_seals(writers: Any) -> None:
    """A lower number that is committed after a higher one was seen."""
    horizon = timeline.Horizon()
    slow, quick = writers(), writers()
    low, high = slow.write(), quick.write()
    quick.connection.commit()
    assert list(Event.objects.filter(id__gte=low).values_list("id", flat=True)) == [high]
    assert horizon.reach(patience_s=0) < low
    later = quick.write()
    quick.connection.commit()
    slow.connection.commit()
    assert horizon.reach(patience_s=0) == later


def test_an_open_transaction_holds_back_only_what_came_since(writers: Any) -> None:
    horizon = timeline.Horizon()
    first, second = writers(), writers()
    low = first.write()
    assert horizon.reach(patience_s=0) < low
    newer = second.write()  # begins while the first is still open
    first.connection.commit()
    assert low <= horizon.reach(patience_s=0) < newer
    second.connection.rollback()
    assert horizon.reach(patience_s=0) >= newer


def test_it_waits_for_those_who_are_about_to_commit(writers: Any) -> None:
    import threading

    horizon, slow = timeline.Horizon(), writers()
    low = slow.write()
    timer = threading.Timer(0.05, slow.connection.commit)
    timer.start()
    assert horizon.reach(patience_s=30) >= low
    timer.join()


def test_it_tells_the_seal_of_each_of_many_events(
    sealed: list[int], unit: Unit, django_assert_num_queries: Any
) -> None:
    waiting = act(unit, "six")
    with django_assert_num_queries(1):
        found = queries.seal_numbers([waiting, *reversed(sealed)])
    assert found == dict(zip(sealed, [1, 1, 1, 3, 3], strict=True))
    assert queries.seal_numbers([]) == {}
