"""What the wall shows of the contest: every group's ranks, readable from six metres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jiulong.organisation.rules import Viewer
from jiulong.packs.text import Text
from jiulong.scorecards import standing_specs
from jiulong.scorecards.period_words import in_words
from jiulong.scorecards.queries import standings as queries
from jiulong.scorecards.queries.standings import Place

#: As many rows as fit beneath each other.
ROWS = 12


@dataclass(frozen=True, slots=True)
class Ranks:
    """The last standing, group by group."""

    title: Text
    period: str
    groups: Sequence[tuple[Text, Sequence[Place]]]


def ranks(viewer: Viewer, on: date) -> Ranks | None:
    """The ranks that the viewer may see; None where there are none."""
    found = queries.newest_of_units(viewer, on)
    if found is None:
        return None
    rows = queries.rows(viewer, found)
    spec = standing_specs.of(found.scheme)
    names = standing_specs.names(spec)
    keys = dict.fromkeys(row.group for row in rows)
    groups = [
        (names[key], [queries.place(row, found) for row in rows if row.group == key][:ROWS])
        for key in keys
    ]
    return Ranks(standing_specs.as_text(spec.name), in_words(found.period), groups)
