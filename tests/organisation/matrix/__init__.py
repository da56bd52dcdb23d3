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

`args` are the arguments of the address, `query` goes behind it. `post={…}` asks by POST with these
fields, `json={…}` by POST with this body, with `patch=True` by PATCH; whatever is written is taken
back after each cell. "Gets" means: no 401, 403 or 404 and no way to the door. A form that complains
about its fields was reached, so an empty `post={}` tells who may act without acting. An address
that is asked in several ways has further rows: "app:page what", the name and a word.
`places=NEARBY` spares a row the places from which another row asks the same rule already.

Things of a row come from makers: functions of the world, called once per run by
`world.get(maker)`; let them belong to `world.own`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from jiulong.organisation.roles import BUILT_IN

if TYPE_CHECKING:
    from tests.organisation.matrix.world import World

PLACES = ("own", "sibling", "above", "below", "other")
EVERYWHERE = "own sibling above below other"
STRANGER = "anonymous"
#: Roles whose work needs the monitoring data of all enterprises.
SEE_ALL = "administrator officer monitor observer supervisor dispatcher leader verifier"
#: The roles besides them.
REST = "security auditor enterprise operator laboratory handler grid_worker cadre street_staff"
#: Enough for a row of which another one asks the same rule from all places.
NEARBY = ("own", "sibling", "above")
#: Who gets an address from everywhere is asked where it is least likely, who gets it from nowhere
#: where it is most likely: what holds there holds at the places between.
FARTHEST, NEAREST = ("other",), ("own",)
#: Who asks for all where every account gets it: who keeps the house, those who hold least, and one
#: from outside.
EVERY = ("administrator", "security", "auditor", "cadre", "enterprise")

Args = Callable[["World"], Sequence[Any]]


def no_args(world: World) -> Sequence[Any]:
    return ()


class Asking(TypedDict, total=False):
    """How an address is asked; see above."""

    places: tuple[str, ...]
    args: Args
    query: str
    post: Mapping[str, Any]
    json: Mapping[str, Any]
    patch: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """What is expected of one address."""

    stranger: bool = False
    #: role → places from which it is reached; one not named: from nowhere.
    cells: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: the places that matter: all of them, or one where they cannot.
    places: tuple[str, ...] = PLACES
    args: Args = no_args
    query: str = ""
    post: Mapping[str, Any] | None = None
    json: Mapping[str, Any] | None = None
    patch: bool = False
    elsewhere: str = ""

    @property
    def sends(self) -> bool:
        """Whether it is asked by sending something."""
        return self.post is not None or self.json is not None

    def expects(self, role: str, place: str) -> bool:
        """Whether this role gets it from this place."""
        return self.stranger if role == STRANGER else place in self.cells.get(role, frozenset())

    def asked(self, role: str) -> Sequence[str]:
        """The places from which the role asks."""
        if role == STRANGER or len(self.places) == 1:
            return self.places[:1]
        answers = {self.expects(role, place) for place in self.places}
        return self.places if len(answers) > 1 else FARTHEST if answers == {True} else NEAREST

    @property
    def roles(self) -> Sequence[str]:
        """The roles that ask; for what all get a few stand for all."""
        if self.stranger:
            return ("enterprise", STRANGER)
        everybody = self.cells.keys() == BUILT_IN.keys() and len(self.places) == 1
        return (*(EVERY if everybody else BUILT_IN), STRANGER)


def public(**asking: Unpack[Asking]) -> Row:
    """Everybody."""
    return replace(signed_in(**asking), stranger=True)


def signed_in(**asking: Unpack[Asking]) -> Row:
    """Every account."""
    return holders(" ".join(BUILT_IN), **asking)


def holders(roles: str, **asking: Unpack[Asking]) -> Row:
    """These roles; where they stand is no matter, which one place shows."""
    cells = {role: frozenset({"own"}) for role in roles.split()}
    asking.setdefault("places", ("own",))
    return Row(cells=cells, **asking)


def scoped(cells: Mapping[str, str], **asking: Unpack[Asking]) -> Row:
    """These roles, from these places."""
    told = {
        role: frozenset(seen.split()) for roles, seen in cells.items() for role in roles.split()
    }
    return Row(cells=told, **asking)


def elsewhere(test: str) -> Row:
    """Another test says who may, named by its file."""
    return Row(elsewhere=test)
