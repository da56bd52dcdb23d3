"""Two districts with people of every role in every place, and things made when asked for."""

from __future__ import annotations

from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any, TypeVar

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from jiulong.organisation.models import Unit, User
from jiulong.organisation.roles import BUILT_IN
from tests.factories import make_unit, make_user
from tests.organisation.matrix import PLACES, STRANGER, Row

Thing = TypeVar("Thing")


class World:
    """`own` is the unit whose things are asked for; `units` has the unit of each place."""

    def __init__(self) -> None:
        district, far = (make_unit(Unit.Kind.DISTRICT) for _ in range(2))
        above = make_unit(Unit.Kind.STREET, parent=district)
        self.own = make_unit(Unit.Kind.ENTERPRISE, parent=above)
        self.units = {
            "own": self.own,
            "sibling": make_unit(Unit.Kind.ENTERPRISE, parent=above),
            "above": above,
            "below": make_unit(Unit.Kind.GRID, parent=self.own),
            "other": make_unit(Unit.Kind.STREET, parent=far),
        }
        self.people: dict[tuple[str, str], User] = {
            (role, place): make_user(role, self.units[place], username=f"{role}-{place}")
            for role in BUILT_IN
            for place in PLACES
        }
        self._client = Client()  # one for all: each makes its own chain of middleware
        self._cookies = {pair: self._signed_in(user) for pair, user in self.people.items()}
        self._cookies |= {(STRANGER, place): SimpleCookie() for place in PLACES}
        self._things: dict[Callable[[World], Any], Any] = {}

    def get(self, maker: Callable[[World], Thing]) -> Thing:
        """The one thing that this maker makes."""
        if maker not in self._things:
            self._things[maker] = maker(self)
        found: Thing = self._things[maker]
        return found

    def _signed_in(self, user: User) -> SimpleCookie:
        self._client.cookies = SimpleCookie()
        self._client.force_login(user)
        return self._client.cookies

    def reaches(self, name: str, row: Row, role: str, place: str) -> bool:
        """Whether this person gets the address; what it writes is taken back."""
        address = reverse(name, args=row.args(self)) + (f"?{row.query}" if row.query else "")
        client = self._client
        client.cookies = self._cookies[role, place].copy()
        with transaction.atomic():
            answer = client.get(address) if row.post is None else client.post(address, row.post)
            transaction.set_rollback(True)
        assert answer.status_code < 500, f"{name} broke for {role} at {place}"
        return gets(answer)


def gets(answer: HttpResponse) -> bool:
    """Whether this answer let the asker through."""
    door = answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))
    return not door and answer.status_code not in {401, 403, 404}
