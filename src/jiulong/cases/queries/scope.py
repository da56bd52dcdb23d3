"""The cases, matters and units that a viewer may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet

from jiulong.cases import rules, specs
from jiulong.cases.lifecycle import OPEN, SUSPENDED
from jiulong.cases.models import Case, MatterType
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer, may

#: The same words as the condition of the partial indexes, so that PostgreSQL may use them.
IS_OPEN: Final = Q(stage__in=sorted(OPEN))
#: Columns that no list shows and that weigh.
HEAVY: Final = ("data", "reply", "about", "contact")


def past(now: datetime) -> Q:
    """Open cases past their promise; before there is one, and once it is answered, past the time
    of the next move. While a case rests, its clock does too.
    """
    promise = Q(replied_at=None, due_at__lt=now)
    elsewhere = Q(due_at=None) | Q(replied_at__isnull=False)
    return IS_OPEN & ~Q(stage=SUSPENDED) & (promise | (elsewhere & Q(turn_due_at__lt=now)))


def visible(viewer: Viewer) -> QuerySet[Case]:
    """All cases that the viewer may see, bare."""
    return Case.objects.filter(rules.visible(viewer))


#: Columns of a case that name a unit.
UNITS: Final = ("lead", "dispatch", "turn", "street", "filed_unit")
ALL_UNITS: Final = (*UNITS, "grid", "verifier")


def rows(found: QuerySet[Case]) -> QuerySet[Case]:
    """The same cases without what weighs. `furnished` gives a page of them their names.

    Nothing is joined: PostgreSQL would join, and unpack the specifications of, all that it sorts.
    """
    return found.defer(*HEAVY)


def furnished(cases: Iterable[Case], units: Sequence[str] = UNITS) -> list[Case]:
    """The cases with their units and the names of their matters: two queries, however many.

    `case.matter.words` is the stored name; the rest of the specification is not there.
    """
    found = list(cases)
    named = {getattr(case, f"{name}_id") for case in found for name in units} - {None}
    known = Unit.objects.in_bulk(named) if named else {}
    brief = MatterType.objects.annotate(words=F("spec__name")).defer("spec")
    matters = brief.in_bulk({case.matter_id for case in found}) if found else {}
    for case in found:
        case.matter = matters[case.matter_id]
        _seat(case, known, units)
    return found


def _seat(case: Case, known: dict[int, Unit], units: Sequence[str]) -> None:
    for name in units:
        if (pk := getattr(case, f"{name}_id")) is not None:
            setattr(case, name, known[pk])


def case(viewer: Viewer, pk: int) -> Case:
    """One case with everything its page shows. Case.DoesNotExist also where it may not be seen."""
    joined = visible(viewer).select_related(
        "matter", "handler", "filed_by", "entry__register", "enterprise"
    )
    found = joined.get(pk=pk)
    named = {getattr(found, f"{name}_id") for name in ALL_UNITS} - {None}
    _seat(found, Unit.objects.in_bulk(named), ALL_UNITS)
    return found


def matters() -> list[MatterType]:
    """All kinds of casework; their names are no secret."""
    return list(MatterType.objects.all())


def matter_names() -> list[tuple[str, Any]]:
    """Code and stored name of all kinds of casework."""
    return list(MatterType.objects.values_list("code", "spec__name"))


def fileable(viewer: Viewer) -> list[MatterType]:
    """The kinds of casework that the viewer may file, in the order of the packs."""
    held: dict[str, bool] = {}
    found = []
    for matter in MatterType.objects.filter(retired_at=None):
        for verb in specs.matter(matter).file_by:
            if held.setdefault(verb, may(viewer, verb)):
                found.append(matter)
                break
    return found


def units(kinds: Sequence[str] = ()) -> QuerySet[Unit]:
    """Units that still exist, of these kinds; none given: all but enterprises."""
    found = Unit.objects.filter(closed_on=None)
    if kinds:
        return found.filter(kind__in=kinds)
    return found.exclude(kind=Unit.Kind.ENTERPRISE)


def count_by_matter(viewer: Viewer) -> dict[int, tuple[int, int]]:
    """Matter id → how many cases the viewer may see, and how many of them are open."""
    grouped = visible(viewer).order_by().values("matter")
    rows = grouped.annotate(all=Count("pk"), open=Count("pk", filter=IS_OPEN))
    return {row["matter"]: (row["all"], row["open"]) for row in rows}
