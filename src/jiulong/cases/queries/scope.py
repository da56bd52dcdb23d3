"""The cases, matters and units that a viewer may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet

from jiulong.cases import rules, specs
from jiulong.cases.lifecycle import OPEN
from jiulong.cases.models import Case, MatterType
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer, may

#: The same words as the condition of the partial indexes, so that PostgreSQL may use them.
IS_OPEN: Final = Q(stage__in=sorted(OPEN))
#: Columns that no list shows and that weigh.
HEAVY: Final = ("data", "reply", "about", "contact")


def past(now: datetime) -> Q:
    """Open cases past their promise; before there is one, past the time of the next move."""
    return IS_OPEN & (Q(due_at__lt=now) | Q(due_at=None, turn_due_at__lt=now))


def visible(viewer: Viewer) -> QuerySet[Case]:
    """All cases that the viewer may see, bare."""
    return Case.objects.filter(rules.visible(viewer))


def rows(found: QuerySet[Case]) -> QuerySet[Case]:
    """The same cases as lists show them: units joined, the matter's name as `matter_words`.

    What weighs is left behind: a specification of a matter is larger than all of its case.
    """
    joined = found.select_related("lead", "dispatch", "turn", "street", "handler", "filed_unit")
    return joined.defer(*HEAVY).annotate(matter_words=F("matter__spec__name"))


def case(viewer: Viewer, pk: int) -> Case:
    """One case with everything its page shows. Case.DoesNotExist also where it may not be seen."""
    joined = visible(viewer).select_related(
        "matter", "lead", "dispatch", "verifier", "turn", "street", "grid", "handler",
        "filed_by", "filed_unit", "entry__register", "enterprise", "parent",
    )  # fmt: skip
    return joined.get(pk=pk)


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
