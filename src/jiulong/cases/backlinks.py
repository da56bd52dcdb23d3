"""Where a case came from beside its filer: higher floors say it, cases never know which.

The visit on which a leader saw the problem, the meeting that decided it: each app registers in its
`apps.py` how it finds its own for a case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from jiulong.cases.models import Case
from jiulong.organisation.rules import Viewer


@dataclass(frozen=True, slots=True)
class Backlink:
    """What it is, what it is called, and its page for this viewer; empty: not for them."""

    label: str
    text: str
    address: str = ""


Find = Callable[[Viewer, Case], Iterable[Backlink]]
_known: Final[dict[str, Find]] = {}


def register(source: str, find: Find) -> None:
    """Link the cases of this `source`; the same one again replaces it."""
    _known[source] = find


def of(viewer: Viewer, case: Case) -> list[Backlink]:
    """What the app that opened the case links it with; asks nothing of other cases."""
    find = _known.get(case.source)
    return list(find(viewer, case)) if find is not None else []
