"""Words of the wall, for its templates and its scripts alike."""

from __future__ import annotations

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from jiulong.projects import stages
from jiulong.projects.models import Colour, Project
from jiulong.projects.words import TONES

__all__ = ["TONES"]  # the heaviest first, as lists have them

#: The four ways to look at the same projects.
VIEWS: Final[dict[str, tuple[str | Promise, str]]] = {
    "map": (gettext_lazy("Map"), "map"),
    "board": (gettext_lazy("Board"), "layout-kanban"),
    "gantt": (pgettext_lazy("chart of milestones", "Gantt"), "list-details"),
    "curve": (pgettext_lazy("chart of the year", "Curve"), "chart-line"),
}
#: What stands in turn on the wall of a meeting room.
FULL: Final[dict[str, str | Promise]] = {
    "map": gettext_lazy("Map"),
    "board": gettext_lazy("Board"),
    "curve": pgettext_lazy("chart of the year", "Curve"),
    "lagging": gettext_lazy("Behind the plan"),
}
#: What the columns of the board and the rows of the Gantt may be grouped by.
GROUPS: Final[dict[str, str | Promise]] = {
    "stage": pgettext_lazy("of a project", "Stage"),
    "zone": pgettext_lazy("of a project", "Zone"),
    "unit": pgettext_lazy("of a project", "Unit"),
    "leader": pgettext_lazy("in charge of a project", "Leader"),
    "light": pgettext_lazy("of a project", "Light"),
}
#: With what they mean, where there is room.
EXPLAINED: Final[dict[str, str | Promise]] = {
    Colour.RED: gettext_lazy("Red: far behind"),
    Colour.YELLOW: gettext_lazy("Yellow: behind"),
    Colour.GREEN: gettext_lazy("Green: on schedule"),
    Colour.NONE: gettext_lazy("No light"),
}


COLOURS: Final[dict[str, str | Promise]] = {
    Colour.RED: pgettext_lazy("light of a project", "Red"),
    Colour.YELLOW: pgettext_lazy("light of a project", "Yellow"),
    Colour.GREEN: pgettext_lazy("light of a project", "Green"),
    Colour.NONE: gettext_lazy("No light"),
}
MONTHS: Final = (
    pgettext_lazy("month", "Jan"), pgettext_lazy("month", "Feb"), pgettext_lazy("month", "Mar"),
    pgettext_lazy("month", "Apr"), pgettext_lazy("month", "May"), pgettext_lazy("month", "Jun"),
    pgettext_lazy("month", "Jul"), pgettext_lazy("month", "Aug"), pgettext_lazy("month", "Sep"),
    pgettext_lazy("month", "Oct"), pgettext_lazy("month", "Nov"), pgettext_lazy("month", "Dec"),
)  # fmt: skip


def colour(code: str) -> str:
    """The word of a light."""
    return str(COLOURS[code])


def month(number: int) -> str:
    """The short name of a month, 1 is January."""
    return str(MONTHS[number - 1])


def months(tenths: int) -> str:
    """A delay in words; empty where there is none."""
    if tenths <= 0:
        return ""
    return _("%(n)s months late") % {"n": f"{tenths / 10:.1f}"}


def for_scripts() -> dict[str, Any]:
    """Everything that the wall's scripts say, in the language of the page."""
    return {
        "lights": {code[0]: [tone, colour(code)] for code, tone in TONES.items()},
        "stages": [[code, str(label)] for code, label in stages.STAGES.items()],
        "batches": [[code, str(label)] for code, label in Project.Batch.choices],
        "groups": {code: str(label) for code, label in GROUPS.items()},
        "months": [str(name) for name in MONTHS],
        "colon": pgettext("after a label", ": "),
        "yi": _("100 m yuan"),
        "expected": _("expected by now"),
        "late": _("{n} months late"),
        "next": pgettext("milestone", "Next"),
        "overdue": pgettext("a milestone", "overdue"),
        "nobody": _("No leader named"),
        "nothing": _("No project fits these filters."),
        "unplaced": _("{n} without a place on the map"),
        "projects": _("{n} projects"),
        "planned": pgettext("investment", "Plan"),
        "done": pgettext("investment", "Done"),
        "share": _("Done of the year's plan"),
        "gap": _("Against the plan"),
        "month": _("Month"),
        "project": pgettext("a key project", "Project"),
        "milestone": _("Milestone"),
        "planned_on": _("Planned on"),
        "done_on": pgettext("a milestone", "Done on"),
        "state": _("State"),
        "to_come": pgettext("a milestone", "To come"),
        "achieved": pgettext("a milestone", "Reached"),
        "play": _("Play the year"),
        "pause": _("Pause"),
        "cumulative": _("from January, 100 m yuan"),
        "failed": _("The map could not be loaded; the list shows the same projects."),
    }
