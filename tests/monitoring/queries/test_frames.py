"""The raw frame behind a value."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

import hj212
from jiulong.evidence.models import Seal, SealContents
from jiulong.gateway import journal
from jiulong.monitoring import frames
from jiulong.monitoring.models import Period
from jiulong.monitoring.queries import raw_frame
from tests.factories import NOW, write_readings
from tests.people import People

MN = "010000A8900016F000169DC0"
SEGMENT = "QN=20260310120000001;ST=32;CN=2011;PW=123456;MN=" + MN + ";Flag=5;CP=&&{}&&"


def wire(body: str, encoding: str = "utf-8") -> bytes:
    segment = SEGMENT.format(body).encode(encoding)
    return b"##%04d%s%s\r\n" % (len(segment), segment, hj212.crc_text(segment))


GOOD = wire("DataTime=20260310120000;w01018-Rtd=2.2,w01018-Flag=N")
CHINESE = wire("DataTime=20260310120000;i11001-Info=//仪表故障//", "gb18030")


@pytest.fixture
def batch(people: People) -> int:
    entries = [
        journal.Entry(_us(NOW), journal.Verdict.ACCEPTED, "10.0.0.1:5000", GOOD),
        journal.Entry(_us(NOW), journal.Verdict.BAD_CRC, "10.0.0.1:5000", GOOD[:-6] + b"0000\r\n"),
        journal.Entry(_us(NOW), journal.Verdict.ACCEPTED, "10.0.0.1:5000", CHINESE),
        journal.Entry(_us(NOW), journal.Verdict.UNPARSEABLE, "10.0.0.1:5000", b"\xff\xfe"),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT journal_append(%s, %s, 'test', %s, %s)",
            [UUID(int=7), NOW, len(entries), journal.pack(entries)],
        )
        number: int = cursor.fetchone()[0]
    write_readings(people.point, Period.REALTIME, [(NOW, {"w01018": 2.2})], batch=number)
    return number


def _us(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)


def test_it_decodes_the_frame_behind_a_reading(people: People, batch: int) -> None:
    found = raw_frame(people.officer, batch, 0)
    assert (found.raw, found.text, found.peer) == (GOOD, GOOD.decode(), "10.0.0.1:5000")
    assert (found.received_at, found.verdict, found.point) == (NOW, 0, people.point)
    assert found.reading is not None
    assert found.frame is not None
    assert found.reading.at == NOW
    assert found.frame.data == {"w01018": {"Rtd": "2.2", "Flag": "N"}}
    assert found.seal is None


def test_damage_is_shown_as_it_came(people: People, batch: int) -> None:
    bad = raw_frame(people.officer, batch, 1)
    assert (bad.verdict, bad.point, bad.reading) == (journal.Verdict.BAD_CRC, None, None)
    assert isinstance(bad.decoded, hj212.Damage)
    assert bad.frame is not None
    assert bad.frame.cn == "2011"
    assert "仪表故障" in raw_frame(people.officer, batch, 2).text
    assert raw_frame(people.officer, batch, 3).text == "0xfffe"


def test_owners_see_their_own_and_nobody_else_without_the_right(people: People, batch: int) -> None:
    assert raw_frame(people.owner, batch, 0).raw == GOOD
    assert raw_frame(people.administrator, batch, 1).verdict == 1
    for viewer, ordinal in ((people.sibling, 0), (people.observer, 0), (people.owner, 1)):
        with pytest.raises(PermissionDenied):
            raw_frame(viewer, batch, ordinal)


def test_it_names_the_seal_over_it(people: People, batch: int) -> None:
    made = Seal.objects.create(
        number=1, first_batch=batch, last_batch=batch, period_end=NOW, batches=1, frames=4,
        root=b"", previous=b"", digest=b"", key_id="k", signature=b"", sealed_at=NOW,
    )  # fmt: skip
    assert raw_frame(people.officer, batch, 0).seal is None  # the list of its batches is gone
    SealContents.objects.create(seal=made, ids=[batch], hashes=bytes(32))
    assert raw_frame(people.officer, batch, 0).seal == made


def test_what_is_not_there_is_said(people: People, batch: int) -> None:
    with pytest.raises(LookupError, match="no number 9"):
        raw_frame(people.officer, batch, 9)
    with pytest.raises(LookupError):
        raw_frame(people.officer, 10**9, 0)


@pytest.fixture
def unregistered() -> Iterable[None]:
    kept = list(frames._registered)
    frames._registered.clear()
    yield
    frames.register(kept[0])


def test_without_a_journal_it_says_so(people: People, unregistered: None) -> None:
    with pytest.raises(LookupError, match="journal"):
        raw_frame(people.officer, 1, 0)
