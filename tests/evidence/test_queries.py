"""Seals are for everyone with an account, and for nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from jiulong.evidence import queries
from jiulong.evidence.actions import seal_due
from jiulong.evidence.models import Seal
from jiulong.evidence.sources import SealedSource
from jiulong.organisation.models import User
from tests.evidence.conftest import NOON, append_batch
from tests.factories import make_enterprise, make_user

HOUR = timedelta(hours=1)


@pytest.fixture
def sealed(journal: list[int]) -> list[int]:
    while seal_due(now=NOON + 3 * HOUR):
        pass
    return journal


def numbers(viewer: User, **filters: object) -> list[int]:
    return [seal.number for seal in queries.seals(viewer, **filters)]  # type: ignore[arg-type]


@pytest.mark.parametrize("role", User.Role.values)
def test_it_shows_seals_to_every_account(sealed: list[int], role: str) -> None:
    viewer = make_user(role, make_enterprise().unit)
    assert numbers(viewer) == [3, 2, 1]
    assert queries.seal(viewer, 2).batches == 0
    assert queries.status(viewer, NOON) is not None


def test_it_shows_nothing_to_nobody(sealed: list[int]) -> None:
    for viewer in (AnonymousUser(), make_user(is_active=False)):
        assert list(queries.seals(viewer)) == []
        assert queries.status(viewer, NOON) is None
        with pytest.raises(Seal.DoesNotExist):
            queries.seal(viewer, 1)


def test_it_filters(sealed: list[int]) -> None:
    viewer = make_user()
    assert numbers(viewer, since=NOON + HOUR) == [3, 2]
    assert numbers(viewer, until=NOON + 2 * HOUR) == [2, 1]
    assert numbers(viewer, silent=True) == [2]
    assert numbers(viewer, silent=False) == [3, 1]


def test_it_finds_the_seal_of_a_batch(sealed: list[int]) -> None:
    found = [queries.seal_of_batch(batch) for batch in sealed]
    assert [seal.number for seal in found if seal] == [1, 1, 1, 3, 3]
    assert queries.seal_of_batch(append_batch(NOON)) is None
    assert queries.seal_of_batch(sealed[0] - 1) is None


def test_it_tells_how_far_the_journal_is_sealed(source: SealedSource) -> None:
    viewer = make_user()
    nothing = queries.status(viewer, NOON)
    assert nothing == queries.SealStatus(last=None, age=None, unsealed_batches=0)
    assert not nothing.late
    append_batch(NOON)
    waiting = queries.status(viewer, NOON + HOUR)
    assert waiting is not None
    assert (waiting.unsealed_batches, waiting.late) == (1, True)
    seal = seal_due(now=NOON + HOUR)
    done = queries.status(viewer, NOON + HOUR)
    assert done == queries.SealStatus(seal, timedelta(minutes=30), 0)
    append_batch(NOON + HOUR)
    for after, late in ((HOUR, False), (2 * HOUR, True)):
        again = queries.status(viewer, NOON + after)
        assert again is not None
        assert again.late is late
