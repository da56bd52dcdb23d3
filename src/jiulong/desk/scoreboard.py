"""What a leader sees in one look: targets, ranks, projects, what is late, what is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from jiulong.cases import queries as cases
from jiulong.cases.models import Case
from jiulong.monitoring import queries as monitoring
from jiulong.monitoring.models import Alarm
from jiulong.organisation.rules import Viewer, may
from jiulong.projects.models import Colour, Project
from jiulong.projects.queries import Summary as Projects
from jiulong.projects.queries import lagging
from jiulong.projects.queries import summary as projects_on
from jiulong.scorecards.queries import Summary as Aim
from jiulong.scorecards.queries import standings
from jiulong.scorecards.queries import summary as aims_on

#: Rows that stand in a panel without scrolling on an office screen.
LAGGING: Final = 3
LATE: Final = 4
OVER: Final = 4
#: Lights of projects in the words of `pages.lights`, the worst first.
TONES: Final[Mapping[str, str]] = {
    Colour.RED: "over", Colour.YELLOW: "near", Colour.GREEN: "met", Colour.NONE: "none",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lit:
    """How many projects have a light, and where they are listed."""

    tone: str
    word: str
    count: int
    share: Decimal  # percent of all
    address: str


@dataclass(frozen=True, slots=True)
class Discharges:
    """Alarms of limits that are live."""

    count: int
    rows: Sequence[Alarm]
    address: str


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """What the viewer may see of it; a part that is none of their business is None."""

    aims: Sequence[Aim] = ()
    contest: standings.Summary | None = None
    projects: Projects | None = None
    lit: Sequence[Lit] = ()
    lagging: Sequence[Project] = ()
    overdue: Sequence[Case] = ()
    discharges: Discharges | None = None

    @property
    def on_course(self) -> int:
        return sum(one.light == "met" for one in self.aims)

    @property
    def known(self) -> int:
        """Target lines that have a value."""
        return sum(one.light != "none" for one in self.aims)


def scoreboard(viewer: Viewer, now: datetime) -> Scoreboard | None:
    """The five panels; None for who may see neither figures nor standings nor projects."""
    if not any(may(viewer, verb) for verb in ("see_scores", "see_standings", "see_projects")):
        return None
    on = timezone.localdate(now)
    projects = projects_on(viewer, on) if may(viewer, "see_projects") else None
    return Scoreboard(
        aims=aims_on(viewer, on),
        contest=standings.summary(viewer, on),
        projects=projects if projects is not None and projects.total else None,
        lit=_lit(projects) if projects is not None else (),
        lagging=lagging(viewer, on, LAGGING) if projects is not None else (),
        overdue=cases.overdue(viewer, now, LATE) if may(viewer, "see_cases") else (),
        discharges=_discharges(viewer),
    )


def _lit(found: Projects) -> list[Lit]:
    """Lights that any project has, the worst first."""
    to = reverse("projects:projects")
    return [
        Lit(
            tone, str(Colour(colour).label), found.by_colour[colour],
            Decimal(100 * found.by_colour[colour]) / found.total, f"{to}?light={colour}",
        )
        for colour, tone in TONES.items()
        if found.by_colour[colour]
    ]  # fmt: skip


def _discharges(viewer: Viewer) -> Discharges | None:
    found: QuerySet[Alarm] = monitoring.alarms(
        viewer, family="limit", state="live", sort="-severity"
    )
    return Discharges(
        found.count(), list(found[:OVER]), reverse("monitoring:alarms") + "?family=limit&state=live"
    )
