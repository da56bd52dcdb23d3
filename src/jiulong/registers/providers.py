"""What the search box finds. Every floor above may register what is its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from jiulong.organisation.rules import Viewer
from jiulong.pages.columns import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing that was found: `about` says what it is, `address` where it is."""

    title: str
    number: str = ""
    about: str = ""
    address: str


#: (viewer, text, at most so many) → what they may see of what fits, the best first.
Find = Callable[[Viewer, str, int], Sequence[Hit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A kind of things, under its own heading."""

    key: str
    label: Text
    icon: str
    find: Find
    order: int = 50


_registered: Final[dict[str, Provider]] = {}


def register(provider: Provider) -> None:
    """Have the search box look there too; the same key again replaces it."""
    _registered[provider.key] = provider


def found(viewer: Viewer, text: str, most: int) -> list[tuple[Provider, Sequence[Hit]]]:
    """What fits, kind by kind; kinds without any are left out."""
    text = text.strip()[:100]
    if not text:
        return []
    kinds = sorted(_registered.values(), key=lambda one: (one.order, one.key))
    pairs = [(kind, kind.find(viewer, text, most)) for kind in kinds]
    return [(kind, hits) for kind, hits in pairs if hits]
