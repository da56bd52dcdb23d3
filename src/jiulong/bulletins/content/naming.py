"""What schemes, groups, contests and the district are called in a bulletin."""

from __future__ import annotations

from decimal import Decimal

from jiulong.organisation.models import Unit
from jiulong.packs.text import Text
from jiulong.scorecards import standing_specs
from jiulong.scorecards.models import SchemeVersion


def scheme_name(scheme: SchemeVersion) -> str:
    """The name of a contest."""
    name = standing_specs.of(scheme).name
    return Text(name.zh, name.en).show()


def part_name(scheme: SchemeVersion, key: str) -> str:
    """The name of a group, a contest or a criterion; its key where it has none."""
    found = standing_specs.names(standing_specs.of(scheme)).get(key)
    return found.show() if found else key


def score_text(scheme: SchemeVersion, score: Decimal | None) -> str:
    """A score as the scheme rounds it."""
    return "—" if score is None else f"{standing_specs.of(scheme).rounded(score):f}"


def district_name() -> str:
    """The district as it stands in the unit tree."""
    found = Unit.objects.filter(kind=Unit.Kind.DISTRICT, parent=None).order_by("pk").first()
    return str(found) if found is not None else ""
