"""Two districts with people of every role in every place, and things made when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from copy import copy
from http.cookies import SimpleCookie
from typing import Any, TypeVar

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from jiulong.organisation.models import Unit, User
from jiulong.organisation.roles import BUILT_IN
from tests.factories import make_unit
from tests.organisation.matrix import PLACES, STRANGER, Row
from tests.organisation.matrix.door import let_in

Thing = TypeVar("Thing")
Person = tuple[str, str]


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
        self.people = self._settled()
        self._client = Client()  # one for all: each makes its own chain of middleware
        self._cookies = {person: let_in(user) for person, user in self.people.items()}
        self._cookies |= {(STRANGER, place): SimpleCookie() for place in PLACES}
        self._things: dict[Callable[[World], Any], Any] = {}

    def _settled(self) -> dict[Person, User]:
        User.objects.bulk_create(
            User(username=f"{role}-{place}", role=role, unit=self.units[place])
            for role in BUILT_IN
            for place in PLACES
        )
        known = {user.username: user for user in User.objects.with_rights().select_related("unit")}
        return {(role, place): known[f"{role}-{place}"] for role in BUILT_IN for place in PLACES}

    def get(self, maker: Callable[[World], Thing]) -> Thing:
        """The one thing that this maker makes."""
        if maker not in self._things:
            self._things[maker] = maker(self)
        found: Thing = self._things[maker]
        return found

    def address(self, name: str, row: Row) -> str:
        """Where the row asks; what stands behind a space in a name tells rows of one URL apart."""
        query = f"?{row.query}" if row.query else ""
        return reverse(name.partition(" ")[0], args=row.args(self)) + query

    def reaches(self, address: str, row: Row, person: Person) -> bool:
        """Whether this person gets the address; what is sent to it is taken back."""
        client = self._client
        client.cookies = copy(self._cookies[person])
        with taken_back() if row.sends else nullcontext():
            answer = _asked(client, address, row)
            if answer.streaming:
                answer.getvalue()  # read to the end, which closes its file
        assert answer.status_code < 500, f"{address} broke for {person}"
        return gets(answer)


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written within."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _asked(client: Client, address: str, row: Row) -> Any:
    if row.json is not None:
        method = client.patch if row.patch else client.post
        return method(address, row.json, content_type="application/json")
    return client.get(address) if row.post is None else client.post(address, row.post)


def gets(answer: HttpResponse) -> bool:
    """Whether this answer let the asker through."""
    door = answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))
    return not door and answer.status_code not in {401, 403, 404}
