"""Seals, and files: these are for whom the floor that owns their subject lets."""

from __future__ import annotations

from jiulong.evidence.actions import seal_now
from tests.organisation.matrix import elsewhere, holders, signed_in
from tests.organisation.matrix.monitoring import a_batch
from tests.organisation.matrix.world import World


def a_seal(world: World) -> int:
    world.get(a_batch)
    return seal_now(actor=None)[0].number


ROWS = {
    "evidence:seals": signed_in(),
    "evidence:seal": signed_in(args=lambda world: [world.get(a_seal)]),
    "evidence:public_key": signed_in(),
    "evidence:seal_now": holders("administrator officer", post={}),
    "evidence:file": elsewhere("tests/evidence/test_file_views.py"),
    "evidence:attach": elsewhere("tests/evidence/test_file_views.py"),
    "evidence:withdraw": elsewhere("tests/evidence/test_file_views.py"),
}
