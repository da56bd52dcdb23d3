"""Papers about a standing, its rows and their cases, offered by floors above.

A source gets a viewer and references – `scorecards.standing/3`, `scorecards.standingrow/12`,
`cases.case/7` – and gives the papers about any of them that the viewer may read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from jiulong.organisation.rules import Viewer
from jiulong.scorecards.models import Outcome, StandingRow


class Paper(NamedTuple):
    """One paper: what it is called, where it is read, and where it stands in words."""

    name: str
    address: str
    state: str


Source = Callable[[Viewer, Collection[str]], list[Paper]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Offer papers; called once when the apps are ready."""
    if source not in _sources:
        _sources.append(source)


def papers_of(viewer: Viewer, row: StandingRow, outcomes: Iterable[Outcome]) -> list[Paper]:
    """The papers about a row: of it, of its cases, and of its whole standing."""
    refs = {f"scorecards.standingrow/{row.pk}", f"scorecards.standing/{row.standing_id}"}
    refs |= {f"cases.case/{one.case_id}" for one in outcomes if one.case_id}
    return [paper for source in _sources for paper in source(viewer, refs)]
