"""Key projects on the wall: their lights on the drawing, what lags, the year's money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone

from jiulong.desk.minimap import Spot, base
from jiulong.organisation.rules import Viewer
from jiulong.projects import wall_queries, wall_shown
from jiulong.projects.queries import month_of

#: Tone → what the drawing calls its colour.
COLOURS: Final = {"over": "cinnabar", "near": "amber", "met": "jade", "none": "none"}
#: As many rows as can be read from six metres beside the map.
LAGGING: Final = 7


@dataclass(frozen=True, slots=True)
class Works:
    """The newest month of all projects that the viewer may see."""

    counts: wall_shown.Counts
    lagging: Sequence[wall_shown.Row]
    spots: Sequence[Spot]
    year: int
    month: int


def works(viewer: Viewer, now: datetime) -> Works:
    """What is green lies under what is yellow, that under what is red."""
    today = timezone.localdate(now)
    wall = wall_queries.wall(viewer, month_of(today).year, today)
    rows = wall_shown.rows(wall, wall_shown.read(wall, {}, viewer))
    return Works(
        counts=wall_shown.Counts(rows, wall.through),
        lagging=wall_shown.lagging(rows, LAGGING),
        spots=[_spot(row) for row in reversed(rows) if row.course.place],
        year=wall.year,
        month=wall.through,
    )


def _spot(row: wall_shown.Row) -> Spot:
    longitude, latitude = row.course.place or (0.0, 0.0)
    return Spot(
        *base().frame.place(longitude, latitude),
        light=COLOURS[row.tone],
        code=str(row.course.pk),
        title=f"{row.light_word}: {row.course.name}",
        page="projects:project",
    )
