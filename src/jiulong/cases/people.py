"""Who is told: the people behind "the lead unit", "the unit above", "the supervisors"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from jiulong.cases.models import Case
from jiulong.organisation.models import Post, Role, User

#: What somebody must be able to do to be told in a role.
VERBS: Final[dict[str, str]] = {
    "handler": "handle_case",
    "lead": "handle_case",
    "supports": "handle_case",
    "filer": "file_case",
    "dispatch": "assign_case",
    "verifier": "verify_case",
    "above": "supervise_case",
    "supervisors": "supervise_case",
}
#: A unit has a handful of people who may do a thing; more than this is a mistake in the roles.
MOST: Final = 50


def of_unit(unit_ids: Iterable[int | None], verb: str) -> list[User]:
    """People with a post in one of the units whose role holds the verb today."""
    ids = [pk for pk in unit_ids if pk is not None]
    if not ids:
        return []
    roles = Role.objects.filter(verbs__contains=[verb]).values("code")
    return list(User.objects.filter(_posted(roles, ids), is_active=True)[:MOST])


def supervisors() -> list[User]:
    """People who supervise everything."""
    return of_verb("supervise_case")


def of_verb(verb: str) -> list[User]:
    """People who hold the verb everywhere."""
    roles = Role.objects.filter(verbs__contains=[verb], scope=Role.Scope.ALL)
    return list(User.objects.filter(_posted(roles.values("code"), None), is_active=True)[:MOST])


class PhoneBook:
    """Who answers for which unit, looked up once: many cases of a batch have the same units."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, tuple[int, ...]], list[User]] = {}

    def of_unit(self, unit_ids: Iterable[int | None], verb: str) -> list[User]:
        """As the function of that name."""
        ids = tuple(sorted(pk for pk in unit_ids if pk is not None))
        return self._look((verb, ids), lambda: of_unit(ids, verb))

    def supervisors(self) -> list[User]:
        """As the function of that name."""
        return self._look(("supervise_case", ()), supervisors)

    def _look(self, key: tuple[str, tuple[int, ...]], ask: Callable[[], list[User]]) -> list[User]:
        if key not in self._known:
            self._known[key] = ask()
        return self._known[key]


def recipients(case: Case, names: Iterable[str], book: PhoneBook | None = None) -> list[User]:
    """The people behind the names of a ladder's `tell`; nobody twice."""
    book = book or PhoneBook()
    found: dict[int, User] = {}
    for name in names:
        for user in _named(case, name, book):
            found[user.pk] = user
    return list(found.values())


def _named(case: Case, name: str, book: PhoneBook) -> list[User]:
    match name:
        case "handler" if case.handler:
            found = [case.handler]
        case "handler" | "lead":
            found = book.of_unit([case.lead_id], VERBS[name])
        case "filer":
            found = [case.filed_by] if case.filed_by else []
        case "supervisors":
            found = book.supervisors()
        case "above":
            found = _above(case, book) or book.supervisors()
        case "supports":
            found = book.of_unit(case.tasks.values_list("unit", flat=True), VERBS[name])
        case "dispatch" | "verifier":
            found = book.of_unit([getattr(case, f"{name}_id")], VERBS[name])
        case _:  # the bulletin is a list, not a person
            found = []
    return found


def _above(case: Case, book: PhoneBook) -> list[User]:
    """Leaders of the lead unit's superior: the street of a grid, the district of a department."""
    lead = case.lead
    if lead is None or lead.parent is None:
        return []
    return book.of_unit([lead.parent_id], "assign_case")


def _posted(roles: QuerySet[Role, Any], units: list[int] | None) -> Q:
    """Accounts with a post today, main or further, of one of the roles in one of the units."""
    today = timezone.localdate()
    posts = Post.objects.filter(role__in=roles, from_on__lte=today)
    posts = posts.filter(Q(to_on=None) | Q(to_on__gte=today))
    main = Q(role__in=roles)
    if units is not None:
        main &= Q(unit__in=units)
        posts = posts.filter(unit__in=units)
    return main | Q(pk__in=posts.values("user"))
