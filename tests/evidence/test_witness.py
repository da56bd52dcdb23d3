"""What was sealed is remembered outside the database."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from jiulong.evidence.actions import seal_due
from jiulong.evidence.checks import Fault, Report
from jiulong.evidence.keys import public_keys
from jiulong.evidence.models import Seal
from jiulong.evidence.sources import SealedSource
from jiulong.evidence.verification import Range, verify
from tests.evidence.conftest import NOON, append_batch, tamper

NOW = NOON + timedelta(hours=3)


@pytest.fixture
def sealed(
    journal: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> list[int]:
    with django_capture_on_commit_callbacks(execute=True):
        while seal_due(now=NOW):
            pass
    return journal


def check(source: SealedSource, keys: Path) -> Report:
    return verify(source, public_keys(keys), Range(), memory=keys)


def test_it_remembers_each_seal(source: SealedSource, sealed: list[int], keys: Path) -> None:
    first = (keys / "seals.log").read_text().splitlines()[0]
    digest = bytes(Seal.objects.get(number=1).digest).hex()
    assert first == f"1 {digest} 2026-03-10T05:00:00.000000Z"
    assert check(source, keys).good


def test_it_notices_a_chain_that_was_cut_back(
    source: SealedSource, sealed: list[int], keys: Path
) -> None:
    tamper("DELETE FROM evidence_sealcontents WHERE seal_id = 3")
    tamper("DELETE FROM evidence_seal WHERE number = 3")
    assert verify(source, public_keys(keys), Range()).good
    found = check(source, keys).bad
    assert found is not None
    assert (found.fault, found.seal) == (Fault.SEAL_MISSING, 3)
    # … and altered, and sealed anew by a keeper that knows nothing of it.
    tamper("DELETE FROM journal WHERE id = %s", sealed[4])
    seal_due(now=NOW)
    assert verify(source, public_keys(keys), Range()).good
    found = check(source, keys).bad
    assert found is not None
    assert (found.fault, found.seal) == (Fault.SEAL_REPLACED, 3)


def test_it_names_a_line_that_cannot_be_read(
    source: SealedSource, sealed: list[int], keys: Path
) -> None:
    with (keys / "seals.log").open("a") as file:
        file.write("nonsense\n")
    found = check(source, keys).bad
    assert found is not None
    assert (found.fault, "line 4" in found.detail) == (Fault.FILE_DAMAGED, True)


def remembered(report: Report) -> tuple[bool, bool | None, int, bool]:
    return report.good, report.remembered, report.forgotten, report.torn


def seal_another(callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    append_batch(NOW)
    with callbacks(execute=True):
        assert seal_due(now=NOW + timedelta(hours=1)) is not None


def test_it_says_that_the_file_is_gone_and_makes_it_again(
    source: SealedSource,
    sealed: list[int],
    keys: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    path = keys / "seals.log"
    assert remembered(check(source, keys)) == (True, True, 0, False)
    before = path.read_text()
    path.unlink()
    assert remembered(check(source, keys)) == (True, False, 3, False)
    seal_another(django_capture_on_commit_callbacks)
    assert path.read_text().startswith(before)
    assert remembered(check(source, keys)) == (True, True, 0, False)


@pytest.mark.parametrize("left", [1, 2, 40, 66, 67, 80, 93])
def test_it_heals_a_torn_last_line(
    source: SealedSource,
    sealed: list[int],
    keys: Path,
    left: int,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    path = keys / "seals.log"
    whole = path.read_text().splitlines(keepends=True)
    path.write_text("".join(whole[:2]) + whole[2][:left])
    assert remembered(check(source, keys)) == (True, False, 1, True)
    seal_another(django_capture_on_commit_callbacks)
    assert len(path.read_text().splitlines()) == 5  # the torn line stays: the file only grows
    assert remembered(check(source, keys)) == (True, True, 0, False)


def test_it_takes_a_line_that_lacks_only_its_end(
    source: SealedSource,
    sealed: list[int],
    keys: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    path = keys / "seals.log"
    path.write_text(path.read_text()[:-1])
    assert remembered(check(source, keys)) == (True, True, 0, False)
    seal_another(django_capture_on_commit_callbacks)
    assert len(path.read_text().splitlines()) == 4
    assert remembered(check(source, keys)) == (True, True, 0, False)


def test_it_seals_also_when_it_cannot_remember(
    journal: list[int],
    keys: Path,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    (keys / "seals.log").mkdir(parents=True)
    with django_capture_on_commit_callbacks(execute=True):
        assert seal_due(now=NOW) is not None
    assert "was not remembered" in caplog.text
