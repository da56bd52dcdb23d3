"""The Ed25519 keys of the seals: `seal.key` signs, every `*.pub` in the directory is trusted.

To rotate: rename `seal.pub` (to `2026.pub`, say), move `seal.key` away; the next seal makes a new
pair, and old seals stay verifiable.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PRIVATE: Final = "seal.key"
PUBLIC: Final = "seal.pub"
#: Whoever else can read the private key can forge seals.
FORBIDDEN_MODE: Final = 0o077


class SealKeyError(Exception):
    """A key file that cannot or must not be used; the text says which and why."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The key that signs, with the name its public half goes by."""

    id: str
    private: Ed25519PrivateKey

    def sign(self, digest: bytes) -> bytes:
        return self.private.sign(digest)


PublicKeys = Mapping[str, Ed25519PublicKey]


def key_id(public: Ed25519PublicKey) -> str:
    """The first 16 hex digits of SHA-256 over the 32 bytes of the public key."""
    return sha256(public.public_bytes_raw()).hexdigest()[:16]


def signed(public: Ed25519PublicKey, signature: bytes, digest: bytes) -> bool:
    """Whether the key's owner signed the digest."""
    try:
        public.verify(signature, digest)
    except InvalidSignature:
        return False
    return True


def signing_key(directory: Path) -> SigningKey:
    """The signing key of `directory`, made on first use.

    Raises:
        SealKeyError: unreadable, not Ed25519, or readable by others than its owner.
    """
    path = directory / PRIVATE
    if not path.exists():
        _make(path)
    mode = path.stat().st_mode & 0o777
    if mode & FORBIDDEN_MODE:
        raise SealKeyError(
            f"{path} can be read by others than its owner (mode {mode:o}): chmod 600, and think "
            "about who may have copied it"
        )
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise SealKeyError(f"{path}: {error}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise SealKeyError(f"{path} is no Ed25519 key")
    _place(directory / PUBLIC, pem(private.public_key()), mode=0o644)
    return SigningKey(key_id(private.public_key()), private)


def public_keys(directory: Path) -> PublicKeys:
    """Every public key of the directory by its id; none if there is no such directory."""
    keys = map(read_public_key, sorted(directory.glob("*.pub")))
    return {key_id(public): public for public in keys}


def read_public_key(path: Path) -> Ed25519PublicKey:
    """The Ed25519 public key in a PEM file.

    Raises:
        SealKeyError: unreadable or no such key.
    """
    try:
        return parse_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SealKeyError(f"{path}: {error}") from error


def parse_public_key(text: bytes) -> Ed25519PublicKey:
    """Read PEM.

    Raises:
        ValueError: not an Ed25519 public key.
    """
    public = serialization.load_pem_public_key(text)
    if not isinstance(public, Ed25519PublicKey):
        raise ValueError("no Ed25519 public key")  # noqa: TRY004 - the file is wrong, not a type
    return public


def pem(public: Ed25519PublicKey) -> bytes:
    """The public key as it is published."""
    return public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _place(path, private, mode=0o600)


def _place(path: Path, content: bytes, *, mode: int) -> None:
    """Write a file that is not there yet, whole or not at all: two keepers may start at once."""
    if path.exists():
        return
    with tempfile.NamedTemporaryFile(dir=path.parent) as draft:
        Path(draft.name).chmod(mode)
        draft.write(content)
        draft.flush()
        os.fsync(draft.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft.name, path)
