"""Panels that higher apps add to a point's page: its logger, its samples, its cases.

An app registers a function in its `apps.py`; monitoring never knows which apps there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from django.http import HttpRequest

from jiulong.monitoring.models import Point

#: Renders a panel for the viewer of the request; an empty text shows nothing.
Panel = Callable[[HttpRequest, Point], str]

_panels: Final[list[Panel]] = []


def add(panel: Panel) -> None:
    """Show this panel on every point's page, after those added before."""
    if panel not in _panels:
        _panels.append(panel)


def count() -> int:
    """How many panels there are, for pages that ask for them one by one."""
    return len(_panels)


def one(request: HttpRequest, point: Point, number: int) -> str:
    """The HTML of a single panel, by its number from 0; empty where it has nothing to show.

    Raises:
        IndexError: there is no such panel.
    """
    return _panels[number](request, point)


def rendered(request: HttpRequest, point: Point) -> Iterator[str]:
    """The panels' HTML for one point."""
    return (html for panel in _panels if (html := panel(request, point)))
