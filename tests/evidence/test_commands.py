"""The command line of seals."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from jiulong.evidence.actions import record_event
from jiulong.evidence.cli import boundary_from, boundary_to
from jiulong.evidence.models import Seal
from jiulong.monitoring.models import Period
from tests.evidence.conftest import NOON, append_batch, tamper
from tests.factories import make_point, make_unit, write_readings

UNALTERED = "No sealed frame of the journal and no sealed event was altered."


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


def call(*arguments: object) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


def test_it_seals_and_says_so(journal: list[int]) -> None:
    said = call("seal")
    digest = bytes(Seal.objects.latest("number").digest).hex()
    assert said.startswith("Seals 1 to ")
    assert digest in said
    assert call("seal") == "Nothing new to seal.\n"


def test_it_verifies(journal: list[int]) -> None:
    assert call("verify") == (
        "Checked: 0 seals, 0 batches, 0 frames, 0 events.\nNot sealed yet: 5 batches.\n"
        "There is no seal to check.\n"
    )
    call("seal")
    said = call("verify")
    assert said.startswith(
        f"Checked: {Seal.objects.count()} seals, 5 batches, 15 frames, 0 events.\n"
    )
    assert "WARNING: seals.log beside the key does not hold" in said  # no commit, so no memory
    assert f"\n{UNALTERED}" in said
    facts = json.loads(call("verify", "--json", "--from", "1"))
    assert (facts["frames"], facts["good"], facts["remembered"]) == (15, True, False)


def test_it_fails_and_names_the_first_bad_entry(journal: list[int]) -> None:
    call("seal")
    tamper("DELETE FROM journal WHERE id = %s", journal[1])
    with pytest.raises(CommandError) as failure:
        call("verify")
    assert failure.value.returncode == 1
    assert str(failure.value) == (
        f"First bad entry: seal 1, batch {journal[1]}: the batch was deleted"
    )


def test_it_cannot_verify_with_a_file_that_is_no_key(journal: list[int], tmp_path: Path) -> None:
    (tmp_path / "x.pub").write_text("nothing")
    for arguments in (
        ("--public-key", tmp_path / "x.pub"),
        ("--public-key", tmp_path / "none.pub"),
        ("--bundle", tmp_path / "none.zip"),
    ):
        with pytest.raises(CommandError) as failure:
            call("verify", *arguments)
        assert failure.value.returncode == 2


def test_it_exports_and_verifies_a_bundle(journal: list[int], keys: Path, tmp_path: Path) -> None:
    call("seal")
    path = tmp_path / "march.zip"
    assert call("seal", "--export", path, "--to", "2026-03-10") == (
        f"3 seals with 15 frames written to {path}.\n"
    )
    said = call("verify", "--bundle", path, "--public-key", keys / "seal.pub")
    assert said.startswith("Checked: 3 seals, 5 batches, 15 frames, 0 events.\n")
    with pytest.raises(CommandError, match="no seal in this range"):
        call("seal", "--export", tmp_path / "none.zip", "--to", "2026-03-09")
    assert not (tmp_path / "none.zip").exists()


def test_it_proves_a_reading(journal: list[int], tmp_path: Path) -> None:
    point = make_point(code="P001")
    write_readings(point, Period.HOUR, [(NOON, {"w01018": 1.0})], batch=journal[1])
    path = tmp_path / "proof.zip"
    for reading in ("P001/hour/2026-03-10T12:30", "P001/2/2026-03-10T04:30Z", f"{journal[1]}/0"):
        with pytest.raises(CommandError, match="--seal-now"):
            call("prove", reading, "--output", path)
    assert "under seal 1" in call("prove", reading, "--output", path, "--seal-now")
    assert "raw: ##frame 0" in call("verify", "--bundle", path)
    assert "under seal 1" in call("prove", "P001/hour/2026-03-10T12:30/0", "--output", path)


def test_it_proves_an_event(journal: list[int], tmp_path: Path) -> None:
    event = record_event(actor=None, verb="assign", subject=make_unit(), data={"to": "建设局"}).pk
    path = tmp_path / "proof.zip"
    with pytest.raises(CommandError, match="--seal-now"):
        call("prove", f"event:{event}", "--output", path)
    with pytest.raises(CommandError, match="no event"):
        call("prove", f"event:{event + 10**9}", "--output", path)
    said = call("prove", f"event:{event}", "--output", path, "--seal-now")
    assert f"Event {event} under seal" in said
    said = call("verify", "--bundle", path)
    assert "Proven, this was recorded:" in said
    assert "data: {'to': '建设局'}" in said


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        ("P001", "is no reading"),
        ("P001/hour/yesterday", "is no reading"),
        ("P001/hour/2026-02-30T12:30", "is no reading"),
        ("P001/hour/2026-03-10T12:30/0/1", "is no reading"),
        ("P001/week/2026-03-10T12:30", "week is no period"),
        ("P001/hour/2026-03-10T12:30/x", "is no reading"),
        ("P009/hour/2026-03-10T12:30", "there is no reading"),
        ("999999999/0", "there is no batch"),
    ],
)
def test_it_says_what_is_wrong_with_a_reading(
    journal: list[int], reading: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match=said):
        call("prove", reading, "--output", tmp_path / "x.zip")


def test_it_reads_boundaries() -> None:
    assert boundary_from("12") == boundary_to("12") == 12
    assert boundary_from("2026-03-10") == datetime(2026, 3, 9, 16, tzinfo=UTC)
    assert boundary_to("2026-03-10") == datetime(2026, 3, 10, 16, tzinfo=UTC)
    assert boundary_to("2026-03-10T08:00+08:00") == datetime(2026, 3, 10, tzinfo=UTC)
    with pytest.raises(CommandError, match="neither the number"):
        call("verify", "--from", "yesterday")
    with pytest.raises(CommandError, match="neither the number"):
        call("verify", "--from", "2026-02-30")


def test_it_names_the_unreadable_batch_when_sealing(journal: list[int]) -> None:
    tamper("UPDATE journal SET body = 'x' WHERE id = %s", journal[0])
    with pytest.raises(CommandError, match=f"batch {journal[0]}"):
        call("seal")


def test_it_keeps_house_once(journal: list[int]) -> None:
    append_batch(NOON + timedelta(days=300))
    assert "seal" in call("keeper", "--once")
    assert Seal.objects.count() > 0


def test_it_checks_a_digest_that_was_noted(journal: list[int], keys: Path, tmp_path: Path) -> None:
    call("seal")
    digest = bytes(Seal.objects.get(number=1).digest).hex()
    assert UNALTERED in call("verify", "--digest", digest.upper())
    call("seal", "--export", tmp_path / "b.zip")
    bundle = ("--bundle", tmp_path / "b.zip")
    assert "Nothing in the file was altered" in call("verify", *bundle, "--digest", digest)
    for arguments in ((), bundle, ("--from", "2")):
        noted = digest if "--from" in arguments else digest[::-1]
        with pytest.raises(CommandError, match="no seal that was checked has this digest"):
            call("verify", *arguments, "--digest", noted)


def test_it_proves_nothing_of_a_batch_that_was_altered(journal: list[int], tmp_path: Path) -> None:
    call("seal")
    tamper("UPDATE journal SET node = 'b' WHERE id = %s", journal[0])
    with pytest.raises(CommandError, match="the batch is not what was sealed"):
        call("prove", f"{journal[0]}/0", "--output", tmp_path / "x.zip")
    tamper("UPDATE journal SET body = 'x' WHERE id = %s", journal[0])
    with pytest.raises(CommandError, match=f"batch {journal[0]}: byte 0"):
        call("prove", f"{journal[0]}/0", "--output", tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()
