"""What is signed has one form."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiulong.evidence.statements import BatchStatement, SealStatement

moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
digests = st.binary(min_size=32, max_size=32)
numbers = st.integers(0, 2**62)
batches = st.builds(
    BatchStatement,
    batch=numbers, received_at=moments, node=st.text(max_size=9), frames=numbers, root=digests,
)  # fmt: skip
seals = st.builds(
    SealStatement,
    number=numbers, first_batch=numbers, last_batch=numbers, period_end=moments, batches=numbers,
    frames=numbers, root=digests, previous=digests, key_id=st.text("0123456789abcdef", max_size=16),
    sealed_at=moments,
)  # fmt: skip


@given(batches, seals)
def test_it_reads_what_it_wrote(batch: BatchStatement, seal: SealStatement) -> None:
    assert BatchStatement.decode(batch.encode()) == batch
    assert SealStatement.decode(seal.encode()) == seal


@given(seals)
def test_it_refuses_the_same_facts_in_another_form(seal: SealStatement) -> None:
    with pytest.raises(ValueError, match="canonical"):
        SealStatement.decode(json.dumps(json.loads(seal.encode())).encode())


@pytest.mark.parametrize("wire", [b"", b"[]", b"{}", b'{"batch":"x"}', b"\xff", b"null"])
def test_it_refuses_anything_else(wire: bytes) -> None:
    for statement in (BatchStatement, SealStatement):
        with pytest.raises(ValueError):
            statement.decode(wire)


def test_it_writes_a_seal_like_this() -> None:
    at = datetime(2026, 11, 20, 5, tzinfo=UTC)
    seal = SealStatement(2, 10, 12, at, 3, 9, b"\x01" * 32, b"\x02" * 32, "ab" * 8, at)
    assert seal.encode() == (
        b'{"batches":3,"first_batch":10,"format":"jiulong-seal-1","frames":9,'
        b'"key":"abababababababab","last_batch":12,"number":2,'
        b'"period_end":"2026-11-20T05:00:00.000000Z","previous":"' + b"02" * 32 + b'",'
        b'"root":"' + b"01" * 32 + b'","sealed_at":"2026-11-20T05:00:00.000000Z"}'
    )
