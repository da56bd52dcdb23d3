"""Where samples are taken otherwise than by a command from the logger's page: sampling says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

#: Called with a point's id: whether it has a sampler with bottles of its own.
Asked = Callable[[int], bool]

_asked: Final[list[Asked]] = []


def register(asked: Asked) -> None:
    """Have the button of the logger's page left out where this says so."""
    if asked not in _asked:
        _asked.append(asked)


def elsewhere(point: int) -> bool:
    """Whether samples of a point are ordered on another page, with bottles and custody."""
    return any(asked(point) for asked in _asked)
