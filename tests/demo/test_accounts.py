"""Lost and recorded twice are measured, not assumed."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from django.db import connection

from hj212 import encode
from jiulong.demo.accounts import behind, reckon, settle
from jiulong.demo.history import NODE
from jiulong.evidence.models import Cursor
from jiulong.gateway.journal import Entry, Verdict, pack
from jiulong.gateway.models import QuarantinedFrame
from jiulong.recorder.models import Message
from jiulong.simulator.ledger import Ledger, Sent

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def frame(number: int, cn: str = "3020") -> bytes:
    return encode(cn=cn, st="32", qn=f"2026112012000{number:04d}", pw="1", mn="M", flag=5)


def journal(*frames: bytes, verdict: int = Verdict.ACCEPTED, node: str = "gateway") -> int:
    """Append a batch as a gateway would; returns its id."""
    entries = [Entry(1, int(verdict), "10.0.0.1:1", raw) for raw in frames]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT journal_append(%s, %s, %s, %s, %s)",
            [uuid.uuid4(), AT, node, len(entries), pack(entries)],
        )
        return int(cursor.fetchone()[0])


def record(batch: int, ordinal: int) -> None:
    Message.objects.create(
        point_id=1, cn="3020", at=AT, received_at=AT, batch=batch, ordinal=ordinal, content={}
    )


def ledger(*frames: bytes, cn: str = "3020") -> Ledger:
    kept = Ledger()
    for raw in frames:
        kept.acknowledge(raw, Sent("M", cn, raw.decode()[9:26]))
    return kept


def test_a_frame_that_was_recorded_once_is_neither() -> None:
    record(journal(frame(1)), 0)
    found = reckon(ledger(frame(1)))
    assert (found.lost, found.duplicated) == ([], [])
    assert (found.account.frames_acked, found.account.frames_recorded) == (1, 1)


@pytest.mark.parametrize("verdict", [None, Verdict.BAD_CRC, Verdict.UNKNOWN_MN])
def test_a_frame_that_is_not_in_the_journal_or_refused_there_is_lost(verdict: int | None) -> None:
    if verdict is not None:
        journal(frame(1), verdict=verdict)
    assert [sent.qn for sent in reckon(ledger(frame(1))).lost] == ["20261120120000001"]


def test_a_frame_that_is_in_the_journal_and_nowhere_else_is_lost() -> None:
    journal(frame(1))
    assert reckon(ledger(frame(1))).account.lost == 1


def test_a_frame_of_the_past_is_nobodys_proof() -> None:
    record(journal(frame(1), node=NODE), 0)
    assert reckon(ledger(frame(1))).account.lost == 1


def test_a_frame_in_quarantine_with_a_reason_is_not_lost() -> None:
    batch = journal(frame(1))
    QuarantinedFrame.objects.create(
        batch=batch, ordinal=0, received_at=AT, peer="", reason="no_values", raw=frame(1)
    )
    found = reckon(ledger(frame(1)))
    assert (found.account.lost, found.account.quarantined) == (0, 1)


def test_a_heartbeat_is_kept_by_the_journal_alone() -> None:
    beat = frame(1, "9015")
    assert reckon(ledger(beat, cn="9015")).account.lost == 1
    journal(beat)
    assert reckon(ledger(beat, cn="9015")).account.lost == 0


def test_a_repeat_that_was_recorded_again_is_named() -> None:
    record(journal(frame(1), frame(2)), 0)
    record(journal(frame(1)), 0)
    journal(frame(1))
    found = reckon(ledger(frame(1)))
    assert [sent.qn for sent in found.duplicated] == ["20261120120000001"]
    assert found.account.duplicated == 1


def test_it_waits_for_the_slowest_worker() -> None:
    last = journal(frame(1))
    Cursor.objects.update_or_create(name="recorder", defaults={"position": last})
    Cursor.objects.update_or_create(name="judge", defaults={"position": last - 1})
    assert behind() == 1
    waits: list[float] = []

    def catch_up(seconds: float) -> None:
        waits.append(seconds)
        Cursor.objects.filter(name="judge").update(position=last)

    assert settle(lambda: False, catch_up)
    assert len(waits) == 1
    Cursor.objects.filter(name="judge").update(position=last - 1)
    assert not settle(lambda: True, catch_up)
