"""Whatever is altered in the database, verification names it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from jiulong.evidence.actions import keep_file, seal_due
from jiulong.evidence.checks import Fault, Report
from jiulong.evidence.keys import public_keys, signing_key
from jiulong.evidence.models import Seal, SealContents
from jiulong.evidence.sealing import statement_of_seal
from jiulong.evidence.sources import SealedSource
from jiulong.evidence.verification import Range, verify, verify_files
from jiulong.gateway.journal import Entry, pack, unpack
from jiulong.gateway.models import JournalBatch
from tests.evidence.conftest import NOON, append_batch, tamper
from tests.factories import make_unit

HOUR = timedelta(hours=1)
REPLACE = "UPDATE journal SET body = %s, frames = %s WHERE id = %s"


@pytest.fixture
def sealed(journal: list[int]) -> list[int]:
    """Seals 1 (three batches), 2 (silence), 3 (two batches)."""
    while seal_due(now=NOON + 3 * HOUR):
        pass
    return journal


def check(source: SealedSource, keys: Path, *, since: Any = None, until: Any = None) -> Report:
    return verify(source, public_keys(keys), Range(since, until))


def bad(source: SealedSource, keys: Path, **chosen: Any) -> tuple[Any, ...]:
    found = check(source, keys, **chosen).bad
    assert found is not None
    return found.fault, found.seal, found.batch


def entries(batch: int) -> list[Entry]:
    return unpack(bytes(JournalBatch.objects.get(pk=batch).body))


def test_it_finds_nothing_where_nothing_was_altered(
    source: SealedSource, sealed: list[int], keys: Path
) -> None:
    append_batch(NOON + 4 * HOUR)
    report = check(source, keys)
    assert report.facts() == {
        "good": True,
        "seals": 3,
        "batches": 5,
        "frames": 15,
        "events": 0,
        "files": None,
        "records": {},
        "first_seal": 1,
        "last_seal": 3,
        "sealed_to": "2026-03-10T07:00:00+00:00",
        "unsealed_batches": 1,
        "unsealed_events": 0,
        "keys": [signing_key(keys).id],
        "keys_from_bundle": False,
        "proven": None,
        "remembered": None,
        "forgotten": 0,
        "torn": False,
        "late": {},
        "bad": None,
    }


def test_it_says_so_when_there_is_no_seal(source: SealedSource, keys: Path) -> None:
    report = check(source, keys)
    assert (report.good, report.seals, report.unsealed_batches) == (True, 0, 0)


@pytest.mark.parametrize("at", [0, 1, 4])
def test_it_names_the_batch_of_a_changed_frame(
    source: SealedSource, sealed: list[int], keys: Path, at: int
) -> None:
    changed = entries(sealed[at])
    changed[1] = changed[1]._replace(raw=changed[1].raw.replace(b"frame", b"trame"))
    tamper(REPLACE, pack(changed), 3, sealed[at])
    assert bad(source, keys) == (Fault.BATCH_CHANGED, 1 if at < 3 else 3, sealed[at])


def test_it_names_the_first_of_several(source: SealedSource, sealed: list[int], keys: Path) -> None:
    tamper("DELETE FROM journal WHERE id = %s", sealed[4])
    tamper(REPLACE, pack(entries(sealed[0])[::-1]), 3, sealed[1])
    assert bad(source, keys) == (Fault.BATCH_CHANGED, 1, sealed[1])
    assert bad(source, keys, since=2) == (Fault.BATCH_MISSING, 3, sealed[4])


def test_it_sees_frames_in_another_order(
    source: SealedSource, sealed: list[int], keys: Path
) -> None:
    tamper(REPLACE, pack(entries(sealed[3])[::-1]), 3, sealed[3])
    assert bad(source, keys) == (Fault.BATCH_CHANGED, 3, sealed[3])


def test_it_sees_a_body_that_cannot_be_unpacked(
    source: SealedSource, sealed: list[int], keys: Path
) -> None:
    body = bytearray(JournalBatch.objects.get(pk=sealed[2]).body)
    body[20] ^= 1
    tamper("UPDATE journal SET body = %s WHERE id = %s", bytes(body), sealed[2])
    report = check(source, keys)
    assert report.bad is not None
    assert report.bad.fault is Fault.BATCH_UNREADABLE
    assert report.bad.batch == sealed[2]
    assert "byte 4" in str(report.bad)


@pytest.mark.parametrize(
    "change",
    ["received_at = received_at + interval '1 second'", "node = 'b'"],
)
def test_it_sees_a_changed_column(
    source: SealedSource, sealed: list[int], keys: Path, change: str
) -> None:
    tamper(f"UPDATE journal SET {change} WHERE id = %s", sealed[1])
    assert bad(source, keys) == (Fault.BATCH_CHANGED, 1, sealed[1])


@pytest.mark.parametrize("at", [0, 1, 2, 3, 4])
def test_it_names_a_deleted_batch(
    source: SealedSource, sealed: list[int], keys: Path, at: int
) -> None:
    tamper("DELETE FROM journal WHERE id = %s", sealed[at])
    assert bad(source, keys) == (Fault.BATCH_MISSING, 1 if at < 3 else 3, sealed[at])


def test_it_names_an_inserted_batch(source: SealedSource, sealed: list[int], keys: Path) -> None:
    copy = (
        "INSERT INTO journal (id, received_at, node, token, frames, body) OVERRIDING SYSTEM VALUE "
        "SELECT %s, received_at, node, gen_random_uuid(), frames, body FROM journal WHERE id = %s"
    )
    tamper(copy, -5, sealed[0])  # below everything
    assert bad(source, keys) == (Fault.BATCH_INSERTED, 1, -5)
    tamper("DELETE FROM journal WHERE id = -5")
    # into a gap, as a transaction that was rolled back leaves one
    tamper("DELETE FROM journal WHERE id >= %s", sealed[1])
    tamper("DELETE FROM evidence_sealcontents")
    tamper("DELETE FROM evidence_seal")
    last = append_batch(NOON)
    seal_due(now=NOON + HOUR)
    assert check(source, keys).good
    tamper(copy, sealed[2], last)
    assert bad(source, keys) == (Fault.BATCH_INSERTED, 1, sealed[2])


def test_it_names_swapped_batches(source: SealedSource, sealed: list[int], keys: Path) -> None:
    bodies = dict(JournalBatch.objects.values_list("id", "body"))
    for one, other in ((0, 1), (1, 0)):
        tamper(REPLACE, bytes(bodies[sealed[other]]), 3, sealed[one])
    assert bad(source, keys) == (Fault.BATCH_CHANGED, 1, sealed[0])


@pytest.mark.parametrize(
    "change",
    [
        "frames = frames + 1",
        "root = digest",
        "period_end = period_end + interval '1 second'",
        "sealed_at = sealed_at + interval '1 microsecond'",
        "last_batch = last_batch + 1",
        "digest = root",
        "key_id = 'aaaaaaaaaaaaaaaa'",
    ],
)
def test_it_names_a_changed_seal(
    source: SealedSource, sealed: list[int], keys: Path, change: str
) -> None:
    tamper(f"UPDATE evidence_seal SET {change} WHERE number = 2")
    assert bad(source, keys) == (Fault.SEAL_CHANGED, 2, None)


def test_it_names_a_seal_that_was_written_anew_without_the_key(
    source: SealedSource, sealed: list[int], keys: Path
) -> None:
    tamper("UPDATE evidence_seal SET frames = 8 WHERE number = 2")
    digest = statement_of_seal(Seal.objects.get(number=2)).digest()
    tamper("UPDATE evidence_seal SET digest = %s WHERE number = 2", digest)
    assert bad(source, keys) == (Fault.SIGNATURE_BAD, 2, None)


@pytest.mark.parametrize("number", [1, 2])
def test_it_names_a_missing_seal(
    source: SealedSource, sealed: list[int], keys: Path, number: int
) -> None:
    tamper("DELETE FROM evidence_sealcontents WHERE seal_id = %s", number)
    tamper("DELETE FROM evidence_seal WHERE number = %s", number)
    assert bad(source, keys) == (Fault.SEAL_MISSING, number, None)
    assert bad(source, keys, since=number + 1) == (Fault.SEAL_MISSING, number, None)


def test_it_sees_a_seal_of_another_chain(
    source: SealedSource, sealed: list[int], keys: Path
) -> None:
    # Whoever has the key still cannot write one seal anew and leave the next.
    key, seal = signing_key(keys), Seal.objects.get(number=1)
    seal.sealed_at += HOUR
    digest = statement_of_seal(seal).digest()
    tamper("UPDATE evidence_seal SET sealed_at = %s, digest = %s, signature = %s WHERE number = 1",
           seal.sealed_at, digest, key.sign(digest))  # fmt: skip
    assert bad(source, keys) == (Fault.SEAL_UNCHAINED, 2, None)


@pytest.mark.parametrize(
    "change", ["hashes = hashes || hashes", "hashes = ''", "ids = '{1}'", "hashes = 'x'"]
)
def test_it_sees_a_changed_list(
    source: SealedSource, sealed: list[int], keys: Path, change: str
) -> None:
    tamper(f"UPDATE evidence_sealcontents SET {change} WHERE seal_id = 1")
    assert bad(source, keys) == (Fault.LIST_CHANGED, 1, None)


def test_it_sees_a_missing_list(source: SealedSource, sealed: list[int], keys: Path) -> None:
    tamper("DELETE FROM evidence_sealcontents WHERE seal_id = 1")
    assert SealContents.objects.count() == 2
    assert bad(source, keys) == (Fault.LIST_CHANGED, 1, None)


def test_it_trusts_no_other_key(source: SealedSource, sealed: list[int], tmp_path: Path) -> None:
    signing_key(tmp_path / "other")
    assert bad(source, tmp_path / "other") == (Fault.KEY_UNKNOWN, 1, None)


def test_it_checks_a_range(source: SealedSource, sealed: list[int], keys: Path) -> None:
    tamper("DELETE FROM journal WHERE id = %s", sealed[0])
    for chosen in ({"since": 2}, {"since": NOON + HOUR}):
        report = check(source, keys, **chosen)
        assert (report.good, report.first_seal, report.last_seal) == (True, 2, 3)
    report = check(source, keys, since=2, until=NOON + 2 * HOUR)
    assert (report.good, report.first_seal, report.last_seal) == (True, 2, 2)
    assert bad(source, keys, until=1) == (Fault.BATCH_MISSING, 1, sealed[0])


def test_it_tells_of_frames_that_an_outage_held_back(
    source: SealedSource, sealed: list[int], keys: Path
) -> None:
    # Received in the silent hour, committed only after its seal and the next were made.
    append_batch(NOON + HOUR)
    append_batch(NOON + 3 * HOUR)
    seal_due(now=NOON + 4 * HOUR)
    assert Seal.objects.get(number=2).frames == 0
    for chosen in ({}, {"since": 4}):
        report = check(source, keys, **chosen)
        assert (report.good, report.late) == (True, {4: 3})
    assert check(source, keys, until=3).late == {}


def test_it_reads_every_file_where_it_is_asked_to(source: SealedSource, keys: Path) -> None:
    unit = make_unit()
    for content in (b"one of them", b"the other one"):
        keep_file(actor=None, content=content, name="a.txt", subject=unit)
    report = check(source, keys)
    verify_files(report)
    assert (report.good, report.files) == (True, 2)


@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"altered", Fault.CONTENT_CHANGED), (None, Fault.CONTENT_LOST)],
)
def test_it_names_a_file_whose_content_is_not_what_was_kept(
    source: SealedSource, keys: Path, settings: Any, content: bytes | None, fault: Fault
) -> None:
    unique = f"kept for {fault}".encode()
    file = keep_file(actor=None, content=unique, name="a.txt", subject=make_unit()).file
    [place] = Path(settings.FILES).rglob(file.sha256)
    place.unlink() if content is None else place.write_bytes(content)
    report = check(source, keys)
    verify_files(report)
    assert report.bad is not None
    assert (report.bad.fault, report.bad.detail) == (fault, file.sha256)
    place.write_bytes(unique)


def test_it_names_a_file_that_no_event_tells_of(source: SealedSource, keys: Path) -> None:
    kept = keep_file(actor=None, content=b"smuggled in", name="a.txt", subject=make_unit())
    tamper("DELETE FROM evidence_event WHERE verb = 'keep_file'")
    report = check(source, keys)
    verify_files(report)
    assert report.bad is not None
    assert (report.bad.fault, report.bad.detail) == (Fault.FILE_UNPROVEN, kept.file.sha256)
