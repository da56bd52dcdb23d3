"""Trees after RFC 6962, checked against its own words."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiulong.evidence import merkle

leaves = st.lists(st.binary(max_size=20), max_size=40)


def plain_root(entries: list[bytes]) -> bytes:
    """RFC 6962 §2.1 word for word."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = 1
    while 2 * k < len(entries):
        k *= 2
    return sha256(b"\x01" + plain_root(entries[:k]) + plain_root(entries[k:])).digest()


@given(leaves)
def test_it_computes_the_root_of_the_rfc(entries: list[bytes]) -> None:
    assert merkle.root(entries) == plain_root(entries)
    assert merkle.root_of_hashes(map(merkle.leaf_hash, entries)) == plain_root(entries)


def test_it_gives_a_published_root() -> None:
    # The test tree of the Certificate Transparency project, seven and eight leaves.
    entries = [
        bytes.fromhex(text)
        for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                     "606162636465666768696a6b6c6d6e6f")
    ]  # fmt: skip
    assert merkle.root(entries).hex() == (
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    )
    assert merkle.root(entries[:7]).hex() == (
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"
    )


def test_it_appends_one_at_a_time_or_all_at_once() -> None:
    tree = merkle.Tree()
    for leaf in (b"a", b"b", b"c"):
        tree.append_entry(leaf)
    assert tree.get_root() == merkle.root([b"a", b"b", b"c"])
    assert tree.get_leaf(2) == merkle.leaf_hash(b"b")


@given(leaves.filter(bool), st.data())
def test_it_proves_each_leaf_and_nothing_else(entries: list[bytes], data: st.DataObject) -> None:
    hashes = [merkle.leaf_hash(leaf) for leaf in entries]
    at = data.draw(st.integers(0, len(entries) - 1))
    proof, root = merkle.prove(hashes, at), merkle.root(entries)
    given_ = {"root": root, "position": at, "size": len(entries)}
    assert merkle.proves(proof, leaf=entries[at], **given_)
    assert not merkle.proves(proof, leaf=entries[at] + b"!", **given_)
    assert not merkle.proves(proof, leaf=entries[at], **{**given_, "size": len(entries) + 1})
    assert not merkle.proves({}, leaf=entries[at], **given_)


def test_it_refuses_half_a_digest() -> None:
    assert merkle.split_hashes(bytes(64)) == [bytes(32), bytes(32)]
    with pytest.raises(ValueError, match="33 bytes"):
        merkle.split_hashes(bytes(33))
