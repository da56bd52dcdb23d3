"""Packs: who sees what may be installed, and who applies it."""

from __future__ import annotations

from tests.organisation.matrix import holders

SEE_PACKS = "administrator officer monitor observer supervisor dispatcher leader street_staff"
ROWS = {
    "packs:packs": holders(SEE_PACKS),
    "packs:pack": holders(SEE_PACKS, args=lambda _world: ["tiny"]),
    "packs:apply": holders("administrator", args=lambda _world: ["tiny"], post={}),
}
