"""What leaders are paired with: a small registry, so that any floor's things can be visited."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer, reach
from jiulong.projects.queries import visible as visible_projects
from jiulong.registers.models import Enterprise, Entry


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing.

    Args:
        key: what packs call it: village, enterprise, project, entry.
        label: of its model.
        find: code → its primary key, for packs; None: no such thing.
        choose: what a viewer may pair leaders with: primary key and name, in order.
        address: its page.
        unit: who answers for it, by the thing; None: nobody by itself.
    """

    key: str
    label: str
    name: str | Promise
    find: Callable[[str], int | None]
    choose: Callable[[Viewer, str], Iterable[tuple[int, str]]]
    address: Callable[[int], str]
    icon: str = "map-pin"
    unit: Callable[[Any], Unit | None] = lambda _thing: None


_known: Final[dict[str, Kind]] = {}
#: What a search for something to pair with shows at most.
MOST: Final = 30


def register(kind: Kind) -> None:
    """Offer a kind of thing; the same key again replaces it."""
    _known[kind.key] = kind


def kinds() -> dict[str, Kind]:
    """All kinds by key."""
    return dict(_known)


def by_label(label: str) -> Kind | None:
    """The kind of a model label."""
    return next((one for one in _known.values() if one.label == label), None)


def row_of(label: str, pk: str) -> Any:
    """The thing itself; None: it is gone."""
    return apps.get_model(label)._default_manager.filter(pk=pk).first()  # noqa: SLF001 - documented


def _page(name: str, *args: Any) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _village(code: str) -> int | None:
    return Unit.objects.filter(code=code).values_list("pk", flat=True).first()


def _villages(_viewer: Viewer, words: str) -> Iterable[tuple[int, str]]:
    kinds_ = [Unit.Kind.COMMUNITY, Unit.Kind.STREET]
    found = Unit.objects.filter(kind__in=kinds_, closed_on=None, name__icontains=words)
    return [(one.pk, one.name) for one in found.order_by("path")[:MOST]]


def _enterprise(code: str) -> int | None:
    return Enterprise.objects.filter(unit__code=code).values_list("pk", flat=True).first()


def _enterprises(viewer: Viewer, words: str) -> Iterable[tuple[int, str]]:
    if not reach(viewer, "see_entries"):
        return []
    found = Enterprise.objects.filter(name__icontains=words).order_by("name")
    return list(found.values_list("pk", "name")[:MOST])


def _project(code: str) -> int | None:
    from jiulong.projects.models import Project  # noqa: PLC0415 - only here

    return Project.objects.filter(code=code).values_list("pk", flat=True).first()


def _projects(viewer: Viewer, words: str) -> Iterable[tuple[int, str]]:
    found = visible_projects(viewer).filter(name__icontains=words).order_by("code")
    return list(found.values_list("pk", "name")[:MOST])


def _entry(code: str) -> int | None:
    register_, _slash, number = code.partition("/")
    rows = Entry.objects.filter(register__code=register_, number=number)
    return rows.values_list("pk", flat=True).first()


def _entries(viewer: Viewer, words: str) -> Iterable[tuple[int, str]]:
    held = reach(viewer, "see_entries")
    if not held or not words:
        return []
    found = Entry.objects.filter(held.within("unit"), title__icontains=words)
    return list(found.order_by("title").values_list("pk", "title")[:MOST])


def _street(unit: Unit | None) -> Unit | None:
    """The street, town or zone that a unit lies in, itself included."""
    wide = {Unit.Kind.STREET, Unit.Kind.ZONE}
    while unit is not None and unit.kind not in wide:
        unit = unit.parent
    return unit


def register_all() -> None:
    """Called once when the apps are ready."""
    register(
        Kind("village", "organisation.unit", _("Village or street"), _village, _villages,
             lambda pk: _page("house:unit", pk), "home", _street)
    )  # fmt: skip
    register(
        Kind("enterprise", "registers.enterprise", _("Enterprise"), _enterprise, _enterprises,
             lambda pk: _page("registers:enterprise", pk), "building-factory-2",
             lambda thing: _street(thing.street))
    )  # fmt: skip
    register(
        Kind("project", "projects.project", _("Key project"), _project, _projects,
             lambda pk: _page("projects:project", pk), "crane", lambda thing: thing.lead_unit)
    )  # fmt: skip
    register(
        Kind("entry", "registers.entry", _("Entry of a register"), _entry, _entries,
             lambda pk: _page("registers:entry", pk), "list-details", lambda thing: thing.unit)
    )  # fmt: skip
