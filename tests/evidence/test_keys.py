"""Keys that sign seals."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from jiulong.evidence.keys import (
    SealKeyError,
    key_id,
    public_keys,
    read_public_key,
    signed,
    signing_key,
)


def test_it_makes_a_key_once_that_only_its_owner_reads(tmp_path: Path) -> None:
    first, again = signing_key(tmp_path / "keys"), signing_key(tmp_path / "keys")
    assert first.id == again.id
    assert (tmp_path / "keys" / "seal.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    public = read_public_key(tmp_path / "keys" / "seal.pub")
    assert key_id(public) == first.id
    assert signed(public, first.sign(b"digest"), b"digest")
    assert not signed(public, first.sign(b"digest"), b"another")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_it_refuses_a_key_that_others_can_read(tmp_path: Path, mode: int) -> None:
    signing_key(tmp_path)
    (tmp_path / "seal.key").chmod(mode)
    with pytest.raises(SealKeyError, match="can be read by others"):
        signing_key(tmp_path)


def test_it_trusts_old_keys_after_a_rotation(tmp_path: Path) -> None:
    old = signing_key(tmp_path)
    (tmp_path / "seal.pub").rename(tmp_path / "2025.pub")
    (tmp_path / "seal.key").unlink()
    new = signing_key(tmp_path)
    assert set(public_keys(tmp_path)) == {old.id, new.id}
    assert public_keys(tmp_path / "nowhere") == {}


def test_it_restores_a_lost_public_key(tmp_path: Path) -> None:
    key = signing_key(tmp_path)
    (tmp_path / "seal.pub").unlink()
    signing_key(tmp_path)
    assert set(public_keys(tmp_path)) == {key.id}


def test_it_names_a_file_that_holds_no_such_key(tmp_path: Path) -> None:
    other = generate_private_key(SECP256R1())
    public = other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for content in (b"nonsense", public):
        (tmp_path / "x.pub").write_bytes(content)
        with pytest.raises(SealKeyError, match=r"x\.pub"):
            read_public_key(tmp_path / "x.pub")
    private = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content in (b"nonsense", private):
        (tmp_path / "seal.key").write_bytes(content)
        (tmp_path / "seal.key").chmod(0o600)
        with pytest.raises(SealKeyError, match=r"seal\.key"):
            signing_key(tmp_path)
