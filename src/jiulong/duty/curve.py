"""A curve as a small picture, drawn by the server: for the desk's context, which is no page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from jiulong.monitoring import queries
from jiulong.monitoring.models import Factor, Period, Point
from jiulong.organisation.rules import Viewer

WIDTH: Final = 520
HEIGHT: Final = 120
#: Room above the highest value or limit.
HEAD: Final = 1.12
POINTS: Final = 240
#: What the picture shows before the alarm and after it.
BEFORE: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Curve:
    """Lines in a box of WIDTH × HEIGHT, and where the limit lies."""

    paths: Sequence[str]
    limit_y: float | None
    limit: float | None
    unit: str
    highest: float | None
    start: datetime
    end: datetime
    shade: tuple[float, float]


def curve(
    viewer: Viewer, point: Point, factor: Factor, since: datetime, now: datetime
) -> Curve | None:
    """The hours from a day before `since` until now; None where there are none."""
    start = max(since - BEFORE, now - timedelta(days=14))
    found = queries.series(viewer, point, factor, Period.HOUR, start, now, POINTS)
    values = [pair[1] for pair in found.points if pair[1] is not None]
    if not values:
        return None
    limit = _limit(found.limits)
    top = max([*values, *([limit] if limit is not None else [])]) * HEAD or 1.0
    scale = _Scale(start, now, top)
    left = scale.x(since.timestamp() * 1000)
    return Curve(
        paths=_paths(found.points, scale),
        limit_y=None if limit is None else round(scale.y(limit), 1),
        limit=limit,
        unit=factor.unit,
        highest=max(values),
        start=start,
        end=now,
        shade=(round(max(left, 0), 1), round(WIDTH - max(left, 0), 1)),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    start: datetime
    end: datetime
    top: float

    def x(self, at_ms: float) -> float:
        whole = (self.end - self.start).total_seconds() * 1000
        return (at_ms - self.start.timestamp() * 1000) / whole * WIDTH

    def y(self, value: float) -> float:
        return HEIGHT - max(value, 0.0) / self.top * HEIGHT


def _limit(limits: Sequence[dict[str, Any]]) -> float | None:
    """The hour's limit, else the day's; the one that holds last."""
    for statistic in ("hour", "day", "instant"):
        found = [one["max"] for one in limits if one["statistic"] == statistic]
        if found and found[-1] is not None:
            return float(found[-1])
    return None


def _paths(points: Sequence[Sequence[Any]], scale: _Scale) -> list[str]:
    """One line for each stretch without a gap."""
    lines: list[list[str]] = [[]]
    for at, value in points:
        if value is None:
            lines.append([])
        else:
            lines[-1].append(f"{scale.x(at):.1f} {scale.y(value):.1f}")
    return ["M" + "L".join(line) for line in lines if line]
