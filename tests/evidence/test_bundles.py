"""Bundles and proofs: verified without a database, and no bit of them can be changed."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiulong.evidence import archive as archives
from jiulong.evidence import bundles, proofs, sources
from jiulong.evidence.actions import seal_due
from jiulong.evidence.checks import BadEntryError, Fault
from jiulong.evidence.keys import public_keys, signing_key
from jiulong.evidence.offline import verify_bundle
from jiulong.evidence.sources import SealedSource
from jiulong.evidence.verification import Range
from tests.evidence.conftest import NOON, append_batch, frames

HOUR = timedelta(hours=1)
Change = Callable[[bytes], bytes]


@pytest.fixture
def bundle(source: SealedSource, journal: list[int], keys: Path, tmp_path: Path) -> Path:
    """Seals 1 (three batches), 2 (silence), 3 (two batches), nine and six frames."""
    while seal_due(now=NOON + 3 * HOUR):
        pass
    path = tmp_path / "bundle.zip"
    exported = bundles.export(source, public_keys(keys), Range().select(), path)
    assert exported == (3, 15)
    return path


@pytest.fixture
def proof(bundle: Path, source: SealedSource, journal: list[int], keys: Path) -> Path:
    path = bundle.with_name("proof.zip")
    proofs.prove(source, public_keys(keys), batch=journal[1], ordinal=2, path=path)
    return path


def rewrite(path: Path, changes: dict[str, Change | None], extra: str = "") -> Path:
    """The bundle as a forger who knows its format would write it: all checksums right."""
    forged = path.with_name("forged.zip")
    with zipfile.ZipFile(path) as old, archives.writing(forged) as new:
        for name in old.namelist():
            change = changes.get(name, bytes)
            if change is not None:
                archives.write_member(new, name, change(old.read(name)))
        if extra:
            archives.write_member(new, extra, b"")
    return forged


def bad(path: Path, keys: Path) -> BadEntryError:
    found = verify_bundle(path, public_keys(keys), sources.source()).bad
    assert found is not None
    return found


def swap(old: bytes, new: bytes) -> Change:
    def change(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new, 1)

    return change


def test_it_finds_nothing_in_a_bundle_as_exported(bundle: Path, keys: Path) -> None:
    report = verify_bundle(bundle, public_keys(keys), sources.source())
    assert (report.good, report.seals, report.batches, report.frames) == (True, 3, 5, 15)
    assert (report.keys, report.keys_from_bundle) == ([signing_key(keys).id], False)


def test_it_says_when_the_key_came_with_the_bundle(bundle: Path, tmp_path: Path) -> None:
    report = verify_bundle(bundle, {}, sources.source())
    assert (report.good, report.keys_from_bundle) == (True, True)


def test_it_writes_the_same_bundle_again(
    bundle: Path, source: SealedSource, keys: Path, tmp_path: Path
) -> None:
    bundles.export(source, public_keys(keys), Range().select(), tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == bundle.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.zip", "bundle.zip", "keys"]


def test_it_exports_a_range_that_stands_by_itself(
    bundle: Path, source: SealedSource, keys: Path, tmp_path: Path
) -> None:
    path = tmp_path / "part.zip"
    bundles.export(source, public_keys(keys), Range(since=2).select(), path)
    report = verify_bundle(path, public_keys(keys), source)
    assert (report.good, report.first_seal, report.last_seal, report.frames) == (True, 2, 3, 6)


def test_it_names_frame_and_batch_of_a_changed_frame(
    bundle: Path, journal: list[int], keys: Path
) -> None:
    name = "seals/00000001/frames.bin"
    found = bad(rewrite(bundle, {name: swap(b"##frame 2", b"##trame 2")}), keys)
    assert (found.fault, found.seal, found.batch, found.ordinal) == (
        Fault.FRAME_CHANGED, 1, journal[0], 2,
    )  # fmt: skip


def test_it_is_not_deceived_by_hashes_that_were_changed_too(
    bundle: Path, source: SealedSource, journal: list[int], keys: Path
) -> None:
    from jiulong.evidence import merkle

    with zipfile.ZipFile(bundle) as archive:
        old = archive.read("seals/00000003/frames.bin")
    leaf = old[4 : 4 + int.from_bytes(old[:4], "big")]
    forged = leaf.replace(b"frame", b"trame")
    changes: dict[str, Change | None] = {
        "seals/00000003/frames.bin": swap(leaf, forged),
        "seals/00000003/hashes.bin": swap(merkle.leaf_hash(leaf), merkle.leaf_hash(forged)),
    }
    found = bad(rewrite(bundle, changes), keys)
    assert (found.fault, found.seal, found.batch) == (Fault.BATCH_CHANGED, 3, journal[3])


@pytest.mark.parametrize(
    ("name", "change", "fault"),
    [
        ("seal.json", swap(b'"frames":9', b'"frames":8'), Fault.SIGNATURE_BAD),
        ("seal.json", swap(b'"frames"', b' "frames"'), Fault.SEAL_UNREADABLE),
        ("seal.json", swap(b'"number":1', b'"number":3'), Fault.SEAL_CHANGED),
        ("seal.json", swap(b'"key":"', b'"key":"0'), Fault.KEY_UNKNOWN),
        ("signature.bin", lambda _old: bytes(64), Fault.SIGNATURE_BAD),
        ("batches.jsonl", swap(b'"node":"a"', b'"node":"b"'), Fault.LIST_CHANGED),
        ("batches.jsonl", swap(b'"node":"a"', b'"node": "a"'), Fault.LIST_CHANGED),
        ("batches.jsonl", lambda old: old[:-1], Fault.FILE_DAMAGED),
        ("batches.jsonl", lambda old: old + old, Fault.BATCH_INSERTED),
        ("batches.jsonl", lambda _old: b"", Fault.FILE_DAMAGED),
        ("frames.bin", lambda old: old[:-1], Fault.FRAME_CHANGED),
        ("frames.bin", lambda old: b"\xff" + old[1:], Fault.FRAME_CHANGED),
        ("frames.bin", lambda old: old + b"x", Fault.FILE_DAMAGED),
        ("hashes.bin", lambda old: bytes(len(old)), Fault.FRAME_CHANGED),
        ("hashes.bin", lambda old: old + b"x", Fault.FILE_DAMAGED),
        ("hashes.bin", None, Fault.FILE_UNEXPECTED),
    ],
)
def test_it_names_the_seal_of_whatever_a_forger_changed(
    bundle: Path, keys: Path, name: str, change: Change | None, fault: Fault
) -> None:
    found = bad(rewrite(bundle, {f"seals/00000001/{name}": change}), keys)
    assert (found.fault, found.seal) == (fault, 1)


def test_it_misses_a_seal_that_was_taken_out(bundle: Path, keys: Path) -> None:
    names = zipfile.ZipFile(bundle).namelist()
    second: dict[str, Change | None] = {name: None for name in names if "/00000002/" in name}
    found = bad(rewrite(bundle, second), keys)
    assert (found.fault, found.seal) == (Fault.SEAL_MISSING, 2)


def test_it_accepts_no_file_that_does_not_belong(bundle: Path, keys: Path) -> None:
    for extra in ("evil.sh", "seals/x", "public-keys/x.pub"):
        assert bad(rewrite(bundle, {}, extra), keys).fault is Fault.FILE_UNEXPECTED


def test_it_checks_the_enclosed_key(bundle: Path, keys: Path, tmp_path: Path) -> None:
    signing_key(tmp_path / "other")
    other = (tmp_path / "other" / "seal.pub").read_bytes()
    name = f"public-keys/{signing_key(keys).id}.pub"
    for content in (other, b"no key"):
        forged = rewrite(bundle, {name: lambda _old, new=content: new})  # type: ignore[misc]
        assert bad(forged, keys).fault is Fault.FILE_DAMAGED
    assert bad(bundle, tmp_path / "other").fault is Fault.KEY_UNKNOWN


def test_it_refuses_what_is_no_bundle(tmp_path: Path, keys: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"nothing of the kind")
    assert bad(path, keys).fault is Fault.NOT_A_BUNDLE
    with archives.writing(path) as archive:
        archives.write_member(archive, "README.txt", b"")
    assert bad(path, keys).fault is Fault.NOT_A_BUNDLE
    with pytest.raises(FileNotFoundError):
        bad(tmp_path / "missing.zip", keys)


@given(data=st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_notices_any_single_bit_that_was_changed(
    bundle: Path, proof: Path, keys: Path, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from([bundle, proof]))
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    flipped = path.with_name("flipped.zip")
    flipped.write_bytes(content)
    assert not verify_bundle(flipped, public_keys(keys), sources.source()).good


def test_it_notices_a_file_that_was_cut(bundle: Path, keys: Path) -> None:
    content = bundle.read_bytes()
    cut = bundle.with_name("cut.zip")
    for end in (0, 1, 22, len(content) // 2, len(content) - 65, len(content) - 1):
        cut.write_bytes(content[:end])
        assert not verify_bundle(cut, public_keys(keys), sources.source()).good
    cut.write_bytes(content + b"\n")
    assert not verify_bundle(cut, public_keys(keys), sources.source()).good


def test_it_proves_one_frame(proof: Path, journal: list[int], keys: Path) -> None:
    report = verify_bundle(proof, public_keys(keys), sources.source())
    assert report.good
    assert report.proven == {
        "batch": journal[1],
        "ordinal": 2,
        "received_at": "2026-03-10T04:35:02+00:00",
        "verdict": 0,
        "peer": "10.0.0.7:4000",
        "raw": "##frame 2",
    }


@pytest.mark.parametrize(
    ("name", "change", "fault"),
    [
        ("frame.leaf", swap(b"frame 2", b"frame 3"), Fault.FRAME_CHANGED),
        ("frame.json", swap(b"frame 2", b"frame 3"), Fault.FRAME_CHANGED),
        ("proof.json", swap(b'"ordinal":2', b'"ordinal":1'), Fault.FRAME_CHANGED),
        ("proof.json", swap(b'"node":"a"', b'"node":"b"'), Fault.PROOF_WRONG),
        ("proof.json", swap(b'"position":1', b'"position":0'), Fault.PROOF_WRONG),
        ("proof.json", lambda _old: b"{}", Fault.PROOF_WRONG),
        ("proof.json", lambda _old: b"[", Fault.PROOF_WRONG),
        ("signature.bin", lambda _old: bytes(64), Fault.SIGNATURE_BAD),
    ],
)
def test_it_believes_no_forged_proof(
    proof: Path, keys: Path, name: str, change: Change, fault: Fault
) -> None:
    found = bad(rewrite(proof, {f"seals/00000001/{name}": change}), keys)
    assert (found.fault, found.seal) == (fault, 1)


def test_it_proves_only_what_is_there_and_sealed(
    bundle: Path, source: SealedSource, journal: list[int], keys: Path, tmp_path: Path
) -> None:
    waiting = append_batch(NOON + 4 * HOUR, frames(NOON, 1))
    path = tmp_path / "x.zip"
    for batch, ordinal, error in (
        (waiting, 0, proofs.NotSealedError),
        (waiting, 1, proofs.NoSuchFrameError),
        (waiting + 1, 0, proofs.NoSuchFrameError),
    ):
        with pytest.raises(error):
            proofs.prove(source, public_keys(keys), batch=batch, ordinal=ordinal, path=path)
    assert not path.exists()


def run_offline(home: Path, *arguments: Any) -> subprocess.CompletedProcess[str]:
    """`jiulong verify` as on a strange machine: no database, an empty directory."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("JIULONG_")
    }
    return subprocess.run(
        [sys.executable, "-m", "jiulong", "verify", *map(str, arguments)],
        cwd=home,
        env={**environment, "JIULONG_VAR": str(home / "var"), "PGHOST": "/nonexistent"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_verifies_where_there_is_only_the_public_key(
    bundle: Path, proof: Path, keys: Path, tmp_path: Path
) -> None:
    home = tmp_path / "elsewhere"
    home.mkdir()
    public = keys / "seal.pub"
    done = run_offline(home, "--bundle", bundle, "--public-key", public)
    assert (done.returncode, done.stderr) == (0, "")
    done = run_offline(home, "--bundle", proof, "--public-key", public, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    forged = rewrite(bundle, {"seals/00000001/frames.bin": swap(b"frame 1", b"frame 7")})
    done = run_offline(home, f"--bundle={forged}", "--public-key", public)
    assert done.returncode == 1
    assert list(home.iterdir()) == []


def test_it_tells_of_late_frames_offline(bundle: Path, source: SealedSource, keys: Path) -> None:
    append_batch(NOON + HOUR)  # received in the silent hour of seal 2
    append_batch(NOON + 3 * HOUR)
    seal_due(now=NOON + 4 * HOUR)
    bundles.export(source, public_keys(keys), Range().select(), bundle)
    report = verify_bundle(bundle, public_keys(keys), source)
    assert (report.good, report.frames, report.late) == (True, 21, {4: 3})
