"""Merkle trees after RFC 6962 §2.1, on pymerkle: SHA-256, 0x00 before leaves, 0x01 before nodes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pymerkle import BaseMerkleTree, InclusionProof, InvalidProof

#: Bytes of a SHA-256 digest.
DIGEST: Final = 32


class Tree(BaseMerkleTree):  # type: ignore[misc]  # pymerkle carries no types
    """A tree of leaf hashes only: pymerkle's in-memory tree keeps every node and leaf."""

    def __init__(
        self, leaves: Iterable[bytes] = (), *, hashes: Iterable[bytes] = (), cached: bool = False
    ) -> None:
        super().__init__("sha256", disable_cache=not cached)
        self.hashes = list(hashes)
        self.append_entries(leaves)

    def append_entries(self, entries: Iterable[bytes]) -> int:
        """Append leaves in bulk, without pymerkle's lock and call for each."""
        self.hashes += map(self.hash_buff, entries)
        return len(self.hashes)

    def _encode_entry(self, data: bytes) -> bytes:
        return data

    def _store_leaf(self, data: bytes, digest: bytes) -> int:  # noqa: ARG002 - pymerkle's interface
        self.hashes.append(digest)
        return len(self.hashes)

    def _get_leaf(self, index: int) -> bytes:
        return self.hashes[index - 1]

    def _get_leaves(self, offset: int, width: int) -> list[bytes]:
        return self.hashes[offset : offset + width]

    def _get_size(self) -> int:
        return len(self.hashes)


def root(leaves: Iterable[bytes]) -> bytes:
    """Root over leaves; over none it is SHA-256 of nothing (RFC 6962)."""
    return bytes(Tree(leaves).get_root())


def root_of_hashes(hashes: Iterable[bytes]) -> bytes:
    """Root over leaf hashes."""
    return bytes(Tree(hashes=hashes).get_root())


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 ‖ leaf)."""
    return bytes(_HASHER.hash_buff(leaf))


def split_hashes(joined: bytes) -> list[bytes]:
    """Digests that were stored one after the other.

    Raises:
        ValueError: the length is no multiple of 32.
    """
    if len(joined) % DIGEST:
        raise ValueError(f"{len(joined)} bytes are no whole number of digests")
    return [joined[at : at + DIGEST] for at in range(0, len(joined), DIGEST)]


def prove(hashes: Iterable[bytes], position: int) -> dict[str, Any]:
    """Audit path of the leaf at `position` (from 0) as pymerkle serialises it."""
    return dict(Tree(hashes=hashes).prove_inclusion(position + 1).serialize())


def prove_many(hashes: Iterable[bytes], positions: Iterable[int]) -> list[dict[str, Any]]:
    """Audit paths of several leaves, as `prove` gives each; the inner nodes are hashed once."""
    tree = Tree(hashes=hashes, cached=True)
    return [dict(tree.prove_inclusion(position + 1).serialize()) for position in positions]


def proves(proof: object, *, leaf: bytes, root: bytes, position: int, size: int) -> bool:
    """Whether `proof` shows `leaf` at `position` (from 0) of the `size` leaves under `root`."""
    try:
        InclusionProof.deserialize(proof).verify(
            leaf_hash(leaf), root, index=position + 1, size=size, algorithm="sha256"
        )
    except InvalidProof:
        return False
    return True


_HASHER: Final = Tree()
