"""The permission matrix: who gets which address, written down by hand.

Every module beside this one has `ROWS`, a dictionary from URL name to what is expected; put yours
into a module named like your app. `test_matrix.py` asks each address for real, as every role from
every place, and compares. A URL without a row fails. The places, seen from the things of
`world.own` (a unit):

    own      in the unit whose thing it is          sibling  in another unit under the same parent
    above    in the unit above it                   below    in a unit below it
    other    in another district

What to write:

    "app:page": public()                     everybody, signed in or not
    "app:page": signed_in()                  every account; strangers are sent to the door
    "app:page": holders("officer leader")    these roles, wherever they are
    "app:page": elsewhere("tests/app/test_x.py")  it cannot be asked here; this test says who may
    "app:page": scoped(                      each role from some places only; others nowhere
        {"observer supervisor": EVERYWHERE, "officer leader": "own above", "handler": "own"},
        args=lambda world: [world.get(a_point).code],
    )

`args` are the arguments of the address, `post={…}` asks by POST with these fields (whatever is
written is taken back after each cell), `query` goes behind the address. "Gets" means: no 401, 403
or 404 and no way to the door. A form that complains about its fields was reached, so an empty
`post={}` tells who may act without acting.

Things of a row come from makers: functions of the world, called once per run by
`world.get(maker)`; let them belong to `world.own`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jiulong.organisation.roles import BUILT_IN

if TYPE_CHECKING:
    from tests.organisation.matrix.world import World

PLACES = ("own", "sibling", "above", "below", "other")
EVERYWHERE = "own sibling above below other"
STRANGER = "anonymous"
#: Roles whose work needs the monitoring data of all enterprises.
SEE_ALL = "administrator officer observer supervisor dispatcher leader verifier"
#: The roles besides them.
REST = "security auditor enterprise handler grid_worker cadre street_staff"

Args = Callable[["World"], Sequence[Any]]


def no_args(world: World) -> Sequence[Any]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Row:
    """What is expected of one address."""

    stranger: bool = False
    #: role → places from which it is reached; one not named: from nowhere.
    cells: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: the places that are tried: all of them, or one where places cannot matter.
    places: tuple[str, ...] = PLACES
    args: Args = no_args
    query: str = ""
    post: Mapping[str, Any] | None = None
    elsewhere: str = ""


def public(*, args: Args = no_args, query: str = "", post: Mapping[str, Any] | None = None) -> Row:
    """Everybody."""
    cells = {"enterprise": frozenset({"own"})}
    return Row(stranger=True, cells=cells, places=("own",), args=args, query=query, post=post)


def signed_in(
    *, args: Args = no_args, query: str = "", post: Mapping[str, Any] | None = None
) -> Row:
    """Every account."""
    return holders(" ".join(BUILT_IN), args=args, query=query, post=post)


def holders(
    roles: str, *, args: Args = no_args, query: str = "", post: Mapping[str, Any] | None = None
) -> Row:
    """These roles; where they stand is no matter, which one place shows."""
    cells = {role: frozenset({"own"}) for role in roles.split()}
    return Row(cells=cells, places=("own",), args=args, query=query, post=post)


def scoped(
    cells: Mapping[str, str],
    *,
    args: Args = no_args,
    query: str = "",
    post: Mapping[str, Any] | None = None,
) -> Row:
    """These roles, from these places."""
    told = {
        role: frozenset(seen.split()) for roles, seen in cells.items() for role in roles.split()
    }
    return Row(cells=told, args=args, query=query, post=post)


def elsewhere(test: str) -> Row:
    """Another test says who may, named by its file."""
    return Row(elsewhere=test)
