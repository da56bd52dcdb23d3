"""What home and wall show, from the queries of the apps below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F
from django.utils import timezone

from jiulong.cases import queries as cases
from jiulong.cases.views.todo import Line
from jiulong.desk import loop, minimap, projects_wall
from jiulong.desk.scoreboard import scoreboard
from jiulong.duty import wall as duty
from jiulong.evidence import queries as evidence
from jiulong.evidence.queries import SealStatus
from jiulong.gateway import queries as gateway
from jiulong.gateway.models import Command
from jiulong.monitoring import queries as monitoring
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may
from jiulong.scorecards import standing_wall

#: As many rows as stand beside the map without scrolling.
ATTENTION: Final = 8
ATTENTION_ON_WALL: Final = 7
STRIP_ON_WALL: Final = 8
#: Rows of "Due from me" on the home page, and of overdue cases on the wall.
DUE: Final = 8
OVERDUE_ON_WALL: Final = 7
DAY: Final = timedelta(hours=24)
#: The wall's views in the order in which it turns them.
VIEWS: Final = ("map", "duty", "strip", "findings", "cases", "projects", "ranks")
#: Rights without which a view stays away.
NEEDED: Final = {"projects": "see_projects", "ranks": "see_standings"}
ROTATE_FASTEST_S: Final = 5
ROTATE_SLOWEST_S: Final = 3600


@dataclass(frozen=True, slots=True)
class Intake:
    """What came in and how it was kept."""

    refused: int
    knocking: int
    commands_unknown: int
    commands_open: int
    seals: SealStatus | None


def home(viewer: Viewer, now: datetime) -> dict[str, Any]:
    """The home page."""
    overview = monitoring.overview(viewer, now)
    board = scoreboard(viewer, now)
    counts = loop.Counts(
        live=overview.live,
        late=overview.late,
        offline=overview.offline,
        **overview.open_by_severity,
        cases=loop.casework(viewer, now),
        aim=loop.aim(board.aims) if board else None,
        rank=loop.rank(board.contest) if board else None,
    )
    if isinstance(viewer, User):
        loop.remember(viewer, counts)
    return {
        "now": now,
        "segments": loop.segments(counts),
        "due": due(viewer, now),
        "casework": counts.cases,
        "board": board,
        "overview": overview,
        "attention": monitoring.findings(viewer, standing="open", sort="-severity")[:ATTENTION],
        "intake": intake(viewer, now),
        "map": minimap.base(),
        "spots": minimap.spots(monitoring.map_rows(viewer, now=now)),
    }


def due(viewer: Viewer, now: datetime) -> list[Line]:
    """What is due from the viewer, the most urgent first; of their units where nothing is theirs
    in person.
    """
    if not may(viewer, "see_cases"):
        return []
    for personal in (True, False):
        found = cases.due(viewer, personal=personal)
        slim = list(found.order_by(F("due").asc(nulls_last=True), "case_pk")[:DUE])
        if slim:
            return [Line(one, now) for one in cases.dressed(slim)]
    return []


def intake(viewer: Viewer, now: datetime) -> Intake:
    """Refused frames of the last day, loggers nobody knows, commands in doubt, seals."""
    return Intake(
        refused=gateway.quarantined(viewer, since=now - DAY, replayed=False).count(),
        knocking=len(gateway.unregistered(viewer)),
        commands_unknown=gateway.commands(viewer, state=Command.State.UNKNOWN).count(),
        commands_open=gateway.commands(viewer, open_only=True).count(),
        seals=evidence.status(viewer, now),
    )


def wall(viewer: Viewer, now: datetime, view: str, rotate: str) -> dict[str, Any]:
    """The wall: one of its views, and the address of the next where it turns."""
    views = [one for one in VIEWS if one not in NEEDED or may(viewer, NEEDED[one])]
    here = view if view in views else views[0]
    seconds = int(rotate) if rotate.isdecimal() else 0
    after = views[(views.index(here) + 1) % len(views)]
    shown = home(viewer, now)
    overdue = cases.overdue(viewer, now, OVERDUE_ON_WALL) if here == "cases" else []
    desk = duty.watched(viewer, now) if here == "duty" else None
    works = projects_wall.works(viewer, now) if here == "projects" else None
    ranked = standing_wall.ranks(viewer, timezone.localdate(now)) if here == "ranks" else None
    return shown | {
        "overdue": overdue,
        "desk": desk,
        "works": works,
        "ranks": ranked,
        "theme": "dark",
        "view": here,
        "views": views,
        "rotate": min(max(seconds, ROTATE_FASTEST_S), ROTATE_SLOWEST_S) if seconds else 0,
        "after": after,
        "attention": shown["attention"][:ATTENTION_ON_WALL],
        "strip": shown["overview"].strip[:STRIP_ON_WALL],
    }
