"""What home and wall show, from the queries of the apps below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F, QuerySet
from django.utils import timezone

from jiulong.cases import queries as cases
from jiulong.cases.views.todo import Line
from jiulong.desk import loop, minimap, projects_wall
from jiulong.desk.scoreboard import scoreboard
from jiulong.duty import wall as duty
from jiulong.evidence import queries as evidence
from jiulong.evidence.queries import SealStatus
from jiulong.gateway import queries as gateway
from jiulong.monitoring import queries as monitoring
from jiulong.monitoring.models import Finding
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may
from jiulong.pages import navigation
from jiulong.scorecards import standing_wall

#: As many rows as stand beside the map without scrolling.
ATTENTION: Final = 8
ATTENTION_ON_WALL: Final = 7
STRIP_ON_WALL: Final = 8
#: Rows of "Due from me" on the home page, and of overdue cases on the wall.
DUE: Final = 8
OVERDUE_ON_WALL: Final = 7
DAY: Final = timedelta(hours=24)
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
    board = scoreboard(viewer, now)
    ends = loop.Slow(loop.aim(board.aims), loop.rank(board.contest)) if board else loop.Slow()
    counts = loop.count(viewer, now, ends)
    if isinstance(viewer, User):
        loop.remember(viewer, counts)
    return _head(counts, now) | {
        "due": due(viewer, now),
        "board": board,
        "watches": any(may(viewer, verb) for verb in navigation.WATER.split()),
        "may_adopt": may(viewer, "adopt_logger"),
        "may_file": may(viewer, "file_case"),
        "received": monitoring.received(viewer, now),
        "strip": monitoring.discharge_strip(viewer, now),
        "attention": _attention(viewer, ATTENTION),
        "intake": intake(viewer, now),
    } | _drawing(viewer, now)  # fmt: skip


def _head(counts: loop.Counts, now: datetime) -> dict[str, Any]:
    return {
        "now": now,
        "counts": counts,
        "casework": counts.cases,
        "segments": loop.segments(counts),
    }


def _attention(viewer: Viewer, rows: int) -> QuerySet[Finding]:
    return monitoring.findings(viewer, standing="open", sort="-severity")[:rows]


def _drawing(viewer: Viewer, now: datetime) -> dict[str, Any]:
    rows = monitoring.map_rows(viewer, now=now)
    return {"map": minimap.base(), "spots": minimap.spots(rows)}


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
    way, doubt = gateway.under_way(viewer)
    return Intake(
        refused=gateway.quarantined(viewer, since=now - DAY, replayed=False).count(),
        knocking=gateway.knocking(viewer),
        commands_unknown=doubt,
        commands_open=way,
        seals=evidence.status(viewer, now),
    )


def wall(viewer: Viewer, now: datetime, view: str, rotate: str) -> dict[str, Any]:
    """The wall: one of its views with what that needs, and the address of the next."""
    views = [one for one in SHOWN if one not in NEEDED or may(viewer, NEEDED[one])]
    here = view if view in views else views[0]
    seconds = int(rotate) if rotate.isdecimal() else 0
    counts = (
        loop.recent(viewer) if isinstance(viewer, User) else loop.count(viewer, now, loop.Slow())
    )
    return _head(counts, now) | SHOWN[here](viewer, now) | {
        "theme": "dark",
        "view": here,
        "views": views,
        "rotate": min(max(seconds, ROTATE_FASTEST_S), ROTATE_SLOWEST_S) if seconds else 0,
        "after": views[(views.index(here) + 1) % len(views)],
    }  # fmt: skip


def _came(viewer: Viewer, now: datetime) -> dict[str, Any]:
    return {"received": monitoring.received(viewer, now), "intake": intake(viewer, now)}


def _findings(viewer: Viewer, now: datetime) -> dict[str, Any]:
    return {"attention": _attention(viewer, ATTENTION_ON_WALL)} | _came(viewer, now)


def _strip(viewer: Viewer, now: datetime) -> dict[str, Any]:
    strip = monitoring.discharge_strip(viewer, now, rows=STRIP_ON_WALL)
    return {"strip": strip} | _came(viewer, now)


#: The wall's views in the order in which it turns them, and what each needs beside the loop bar.
SHOWN: Final[Mapping[str, Callable[[Viewer, datetime], dict[str, Any]]]] = {
    "map": lambda viewer, now: _findings(viewer, now) | _drawing(viewer, now),
    "duty": lambda viewer, now: {"desk": duty.watched(viewer, now)} | _drawing(viewer, now),
    "strip": _strip,
    "findings": _findings,
    "cases": lambda viewer, now: {"overdue": cases.overdue(viewer, now, OVERDUE_ON_WALL)},
    "projects": lambda viewer, now: {
        "works": projects_wall.works(viewer, now), "map": minimap.base(),
    },
    "ranks": lambda viewer, now: {"ranks": standing_wall.ranks(viewer, timezone.localdate(now))},
}  # fmt: skip
