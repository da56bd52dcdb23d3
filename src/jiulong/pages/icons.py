"""Tabler's icons, inlined, so that they take the text's colour and need no request."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString, mark_safe

_NAME = re.compile(r"[a-z0-9-]+")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def known_or(name: str, fallback: str) -> str:
    """The name of an icon that a pack asks for, or of another where we do not have it."""
    try:
        icon(name)
    except LookupError:
        return fallback
    return name


def names() -> list[str]:
    """Every icon that we have."""
    folder = finders.find("vendor/icons")
    return sorted(path.stem for path in Path(str(folder)).glob("*.svg")) if folder else []


@cache
def icon(name: str) -> SafeString:
    """The icon's SVG.

    Raises:
        LookupError: package.json does not list the icon, so `make setup` did not copy it.
    """
    found = finders.find(f"vendor/icons/{name}.svg") if _NAME.fullmatch(name) else None
    if not found:
        message = f"no icon {name!r}: add it to the icons in package.json and run scripts/setup.py"
        raise LookupError(message)
    drawing = _COMMENT.sub("", Path(str(found)).read_text(encoding="utf-8")).strip()
    drawing = re.sub(r'\sclass="[^"]*"', "", drawing, count=1)
    drawing = re.sub(r"\s+", " ", drawing).replace("> <", "><").replace(" >", ">")
    return mark_safe(drawing.replace("<svg", '<svg class="icon" aria-hidden="true"', 1))  # noqa: S308 - our own file
