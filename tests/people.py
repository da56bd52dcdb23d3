"""The three standing people: the owner's unit, a sibling that must not see, the unit above."""

from __future__ import annotations

from dataclasses import dataclass

from jiulong.monitoring.models import Point
from jiulong.organisation.models import Unit, User
from tests.factories import make_point, make_unit, make_user


@dataclass(frozen=True)
class People:
    """`owner` belongs to the enterprise of `point`, `sibling` to that of `other_point`."""

    owner: User
    sibling: User
    officer: User
    observer: User
    administrator: User
    point: Point
    other_point: Point


def make_people() -> People:
    owners, siblings = make_unit(Unit.Kind.ENTERPRISE), make_unit(Unit.Kind.ENTERPRISE)
    bureau = make_unit(Unit.Kind.DEPARTMENT)
    return People(
        owner=make_user(User.Role.ENTERPRISE, owners),
        sibling=make_user(User.Role.ENTERPRISE, siblings),
        officer=make_user(User.Role.OFFICER, bureau),
        observer=make_user(User.Role.OBSERVER, bureau),
        administrator=make_user(User.Role.ADMINISTRATOR, bureau),
        point=make_point(unit=owners),
        other_point=make_point(unit=siblings),
    )
