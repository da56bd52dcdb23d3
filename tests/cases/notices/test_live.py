"""Open pages hear of a notice only where it is their own account's."""

from __future__ import annotations

import pytest

from jiulong.desk import live
from jiulong.organisation.models import User


@pytest.mark.parametrize("everything", [True, False])
@pytest.mark.parametrize(
    ("ids", "heard"),
    [
        (frozenset({7}), {"points": None}),
        (frozenset({8}), None),
        (None, {"points": None}),  # many: everybody looks
    ],
)
async def test_it_tells_the_account_alone_whatever_it_may_see(
    everything: bool, ids: frozenset[int] | None, heard: dict[str, None] | None
) -> None:
    sight = live.Sight(viewer=User(pk=7), everything=everything, points=frozenset())
    assert await live.told(sight, "notices", ids) == heard
