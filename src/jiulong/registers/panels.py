"""Panels that higher apps add to the page of an entry or to the file of an enterprise.

An app registers a function in its `apps.py`; registers never knows which apps there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, Literal

from django.http import HttpRequest

Kind = Literal["entry", "enterprise"]
#: Renders a panel for the viewer of the request; an empty text shows nothing.
Panel = Callable[[HttpRequest, Any], str]

_panels: Final[dict[str, list[tuple[int, Panel]]]] = {"entry": [], "enterprise": []}


def add(kind: Kind, panel: Panel, *, order: int = 50) -> None:
    """Show this panel on every page of the kind: `panel(request, entry or enterprise)`."""
    if all(panel is not known for _order, known in _panels[kind]):
        _panels[kind].append((order, panel))
        _panels[kind].sort(key=lambda pair: pair[0])


def rendered(kind: Kind, request: HttpRequest, subject: Any) -> Iterator[str]:
    """The panels' HTML for one entry or enterprise, in order."""
    return (html for _order, panel in _panels[kind] if (html := panel(request, subject)))
