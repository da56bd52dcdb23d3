"""What higher floors add to a mark's page: above all what it does to the day's mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from django.http import HttpRequest

from jiulong.upkeep.models import Mark

#: Renders a panel for the viewer of the request; an empty text shows nothing.
Panel = Callable[[HttpRequest, Mark], str]

_panels: Final[list[Panel]] = []


def add(panel: Panel) -> None:
    """Show this panel on every mark's page, after those added before."""
    if panel not in _panels:
        _panels.append(panel)


def rendered(request: HttpRequest, mark: Mark) -> Iterator[str]:
    """The panels' HTML for one mark."""
    return (html for panel in _panels if (html := panel(request, mark)))
