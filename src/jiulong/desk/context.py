"""What every page of the desk needs: theme, menu, release."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from itertools import groupby
from typing import Any, Final

from django.http import HttpRequest
from django.utils.functional import Promise, SimpleLazyObject

from jiulong.pages import navigation

THEMES: Final = ("light", "dark", "auto")
RELEASE: Final = version("jiulong")


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the menu on this page."""

    label: str | Promise
    icon: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    label: str | Promise
    entries: list[Item]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Theme from the cookie the switch sets, and the menu of the viewer."""
    theme = request.COOKIES.get("theme", "auto")
    return {
        "theme": theme if theme in THEMES else "auto",
        "release": RELEASE,
        "navigation": SimpleLazyObject(lambda: menu(request)),
    }


def menu(request: HttpRequest) -> list[Group]:
    """The menu's groups; the entry whose address is the longest start of ours is current."""
    found = list(navigation.entries(request.user))
    ours = [to for _entry, to in found if to != "/" and request.path.startswith(to)]
    current = max(ours, key=len, default="/" if request.path == "/" else "")
    order = list(navigation.GROUPS)
    found.sort(key=lambda pair: order.index(pair[0].group))
    return [
        Group(
            navigation.GROUPS[group],
            [Item(entry.label, entry.icon, to, to == current) for entry, to in pairs],
        )
        for group, pairs in groupby(found, key=lambda pair: pair[0].group)
    ]
