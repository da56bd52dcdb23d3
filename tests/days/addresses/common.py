"""How pages to look at are told, and why some addresses are none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.encoding import iri_to_uri

from jiulong.organisation.models import User

NOBODY: Final = ""

#: Why nobody looks at an address.
SENT: Final = "takes what is sent and answers with another page"
FILE: Final = "data or a file, not a page"
PART: Final = "a part of a page that is looked at"


@dataclass(frozen=True, slots=True)
class Look:
    """A page as somebody sees it: who, the arguments of its address, what is different, a query."""

    name: str
    who: str
    args: Callable[[], list[Any]] = list
    note: str = ""
    query: str = ""

    def path(self) -> str:
        return reverse(self.name, args=self.args()) + iri_to_uri(self.query)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, self.note, "as", self.who or "anybody")))


def const(*args: Any) -> Callable[[], list[Any]]:
    return lambda: list(args)


def user(name: str) -> User:
    return User.objects.with_rights().select_related("unit").get(username=name)


def nothing_of(make: Callable[[], list[Any]]) -> Callable[[], list[Any]]:
    """An address without arguments of a page on which this stands."""

    def find() -> list[Any]:
        make()
        return []

    return find
