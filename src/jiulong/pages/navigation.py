"""The main menu. Each app adds its own entries in `apps.py`; no app knows another's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:  # a floor above: its rights are registered here, not imported
    from jiulong.organisation.rules import Viewer


#: Headings of the menu in the order they stand; "" has none.
GROUPS: Final[dict[str, str | Promise]] = {
    "": "",
    "aim": _("Targets and projects"),
    "work": _("Casework"),
    "registers": _("Registers"),
    "observe": _("Monitoring"),
    "acquire": _("Data acquisition"),
    "rank": _("Contest and bulletins"),
    "evidence": _("Evidence"),
    "house": _("Administration"),
}


#: Who works with stations: the desk, who runs them, who sets them up. Details of instruments and
#: loggers stand in the menu of these alone; their pages open to whoever may see the points.
STATIONS: Final = "keep_duty review_marks mark_data edit_point"
#: Who watches the water: they, the laboratory, and who sees all of it.
WATER: Final = f"see_all enter_result {STATIONS}"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the menu.

    Args:
        group: which heading it stands under, a key of `GROUPS`.
        name: URL name of its page; every address that starts like it marks the entry.
        verb: the right that is needed to see the entry, or several with blanks between, of which
            one is enough; none: everybody who signed in.
    """

    group: str
    name: str
    label: str | Promise
    icon: str
    order: int = 50
    verb: str = ""


_entries: dict[str, Entry] = {}
_rights: list[Callable[[Viewer, str], bool]] = []


def ask_for_rights(may: Callable[[Viewer, str], bool]) -> None:
    """Name the function that says whether a viewer holds a verb."""
    _rights[:] = [may]


def add(entry: Entry) -> None:
    """Put an entry into the menu; the same URL name twice replaces the first."""
    _entries[entry.name] = entry


def entries(viewer: Viewer) -> Iterator[tuple[Entry, str]]:
    """The entries that the viewer may use with their addresses, in order."""
    for entry in sorted(_entries.values(), key=lambda entry: (entry.order, entry.name)):
        verbs = entry.verb.split()
        if not verbs or any(may(viewer, verb) for may in _rights for verb in verbs):
            yield entry, reverse(entry.name)
