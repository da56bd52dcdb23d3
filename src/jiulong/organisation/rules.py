"""Who may do what, and where: roles are sets of verbs with a scope, held by posts for a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone

from jiulong.organisation.models import Role, Unit, User

Viewer = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Held:
    """A role that an account holds in a unit, from a day to a day (both included)."""

    role: str
    names: dict[str, str]
    verbs: frozenset[str]
    scope: str
    unit: int | None
    path: str
    named: tuple[str, ...]
    from_on: date | None
    to_on: date | None

    def holds(self, day: date) -> bool:
        """Whether it is held on that day."""
        begun = self.from_on is None or self.from_on <= day
        return begun and (self.to_on is None or day <= self.to_on)

    @property
    def roots(self) -> tuple[str, ...]:
        """Paths of the units whose descendants it reaches."""
        if self.scope == Role.Scope.NAMED and self.named:
            return self.named
        wide = self.scope in {Role.Scope.UNIT_BELOW, Role.Scope.NAMED}
        return (self.path,) if wide and self.path else ()


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a viewer holds a verb. `own` is their id where it holds for their own things.

    False when it holds nowhere.
    """

    everything: bool = False
    units: frozenset[int] = frozenset()
    own: int | None = None

    def __bool__(self) -> bool:
        return self.everything or bool(self.units) or self.own is not None

    def covers(self, unit_id: int | None) -> bool:
        """Whether it reaches the unit's things; what has no unit is for `everything` alone."""
        return self.everything or (unit_id is not None and unit_id in self.units)

    def within(self, unit: str = "unit", owner: str | None = None) -> Q:
        """The rows it reaches: `unit` and `owner` name the lookups, as in `Q(unit__in=…)`."""
        if self.everything:
            return Q()
        found = Q(**{f"{unit}__in": self.units})
        if owner is not None and self.own is not None:
            found |= Q(**{owner: self.own})
        return found


NOWHERE = Reach()


def held_by(user: User) -> tuple[Held, ...]:
    """All roles of an account, the main one first: past and coming ones too.

    Costs no query for an account loaded by `User.objects.with_rights()`, as every request loads
    it; otherwise one, remembered with the object.
    """
    key = (user.role, user.unit_id)
    known = user.rights
    if known is None or known[0] != key:
        rows = getattr(user, "held", None) if known is None else None
        if rows is None:
            found = User.objects.with_rights().filter(pk=user.pk).first()
            rows = getattr(found, "held", [])
        known = user.rights = (key, tuple(_held(row) for row in rows))
        user.below = None
    return known[1]


def posted(viewer: Viewer) -> frozenset[int]:
    """Units in which the viewer has any post today: what is theirs they do not decide."""
    return frozenset(held.unit for held in _today(viewer) if held.unit is not None)


def verbs_of(viewer: Viewer) -> frozenset[str]:
    """Every verb that the viewer holds today, wherever."""
    return frozenset().union(*(held.verbs for held in _today(viewer)))


def may(viewer: Viewer, verb: str) -> bool:
    """Whether any post of the viewer holds the verb. Nobody inactive or anonymous may anything."""
    return any(verb in held.verbs for held in _today(viewer))


def require(viewer: Viewer, verb: str) -> User:
    """The acting user, if they may.

    Raises:
        PermissionDenied: no role of the viewer holds the verb.
    """
    if not isinstance(viewer, User) or not may(viewer, verb):
        raise PermissionDenied(verb)
    return viewer


def require_or_system(actor: Viewer | None, verb: str) -> User | None:
    """The acting user, if they may; None stays None: the system itself.

    Only code that runs from the machine's command line may pass None. Views and the API always
    pass their viewer.

    Raises:
        PermissionDenied: no role of the actor holds the verb.
    """
    return None if actor is None else require(actor, verb)


def require_account(viewer: Viewer) -> User:
    """The viewer, if they have an account that is open: whatever everybody may do to their own.

    Raises:
        PermissionDenied: a stranger, or a closed account.
    """
    if not isinstance(viewer, User) or not viewer.is_active:
        raise PermissionDenied("sign in")
    return viewer


def reach(viewer: Viewer, verb: str) -> Reach:
    """Where the viewer holds the verb today: the union over their posts.

    One query at most, for all verbs together, remembered with the viewer.
    """
    everything, own, units = False, None, set[int]()
    for held in _today(viewer):
        if verb not in held.verbs:
            continue
        if held.scope == Role.Scope.ALL:
            everything = True
        elif held.scope == Role.Scope.OWN:
            own = viewer.pk
        elif held.scope == Role.Scope.UNIT:
            units |= {held.unit} if held.unit is not None else set()
        else:
            units.update(*(_below(viewer).get(root, ()) for root in held.roots))
    return Reach(everything=everything, units=frozenset(units), own=own)


def require_for(viewer: Viewer, verb: str, unit: Unit | int | None) -> User:
    """The acting user, if they may do it to that unit's things.

    Raises:
        PermissionDenied: the viewer does not hold the verb there.
    """
    user = require(viewer, verb)
    if not reach(user, verb).covers(unit.pk if isinstance(unit, Unit) else unit):
        raise PermissionDenied(verb)
    return user


def _today(viewer: Viewer) -> list[Held]:
    if not isinstance(viewer, User) or not viewer.is_active:
        return []
    day = timezone.localdate()
    return [held for held in held_by(viewer) if held.holds(day)]


def _below(viewer: Viewer) -> dict[str, frozenset[int]]:
    """Ids of the units below each root of the viewer's posts, the roots included."""
    if not isinstance(viewer, User):
        return {}
    known = viewer.below
    if known is None:
        roots = {root for held in _today(viewer) for root in held.roots}
        under = Q(pk__in=[])
        for root in roots:
            under |= Q(path__startswith=root)
        rows = list(Unit.objects.filter(under).order_by().values_list("pk", "path"))
        known = {
            root: frozenset(pk for pk, path in rows if path.startswith(root)) for root in roots
        }
        viewer.below = known
    return known


def _held(row: dict[str, Any]) -> Held:
    return Held(
        role=row["role"],
        names=row["names"],
        verbs=frozenset(row["verbs"]),
        scope=row["scope"],
        unit=row["unit"],
        path=row["path"] or "",
        named=tuple(row["named"]),
        from_on=date.fromisoformat(row["from"]) if row["from"] else None,
        to_on=date.fromisoformat(row["to"]) if row["to"] else None,
    )
