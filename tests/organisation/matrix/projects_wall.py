"""The wall of projects shows what the list shows; the brief belongs to the unit that leads."""

from __future__ import annotations

from jiulong.projects.models import Project
from tests.organisation.matrix import EVERYWHERE, holders, scoped
from tests.organisation.matrix.world import World
from tests.projects.wall.scene import make_project

SEE = "administrator observer supervisor dispatcher leader handler verifier cadre street_staff"


def a_project(world: World) -> Project:
    return make_project(unit=world.own)


ROWS = {
    "projects:wall": holders(SEE),
    "projects:wall full": holders(SEE, query="full=1"),
    "projects:wall_brief": scoped(
        {
            "administrator observer supervisor dispatcher verifier": EVERYWHERE,
            "leader street_staff": "own above",
            "handler": "own",
        },
        args=lambda world: [world.get(a_project).pk],
    ),
}
