"""What else belongs into the dossier of a case: higher floors say it, cases never know which.

The alarm that opened a supervision, the samples that were taken, the days that were reckoned anew:
each app registers in its `apps.py` what of its own a case stands on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from jiulong.cases.models import Case
from jiulong.organisation.rules import Viewer


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Things whose events, files and custody go into the dossier, and lines for its head."""

    subjects: Sequence[tuple[str, int | str]] = ()
    facts: Sequence[tuple[str, str]] = ()


Enclose = Callable[[Viewer, Case], Enclosed]

_known: Final[dict[str, Enclose]] = {}


def register(name: str, enclose: Enclose) -> None:
    """Have dossiers of cases hold this as well; the same name again replaces it."""
    _known[name] = enclose


def of(viewer: Viewer, case: Case) -> Enclosed:
    """Everything that the apps enclose for this viewer, in the order of registration."""
    found = [enclose(viewer, case) for enclose in _known.values()]
    subjects = dict.fromkeys(pair for one in found for pair in one.subjects)
    return Enclosed(tuple(subjects), tuple(line for one in found for line in one.facts))
