"""Who fills bulletins: a builder for each kind of content, and the sections of a meeting pack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise

from jiulong.bulletins.content.base import Content, Pen, Section, Sitting
from jiulong.organisation.models import User

#: Model label and primary key of what a bulletin is about; ("", "") for nothing.
About = tuple[str, str]
Builder = Callable[[User, About, datetime], Content]
SectionBuilder = Callable[[User, Pen, Sitting], Section | None]


@dataclass(frozen=True, slots=True)
class _Built:
    build: SectionBuilder
    label: str | Promise


_builders: Final[dict[str, Builder]] = {}
_sections: Final[dict[str, _Built]] = {}


def register(name: str, build: SectionBuilder, *, label: str | Promise = "") -> None:
    """Offer a section of the meeting pack; the same name again replaces it."""
    _sections[name] = _Built(build, label or name)


def register_builder(name: str, build: Builder) -> None:
    """Offer a way to fill bulletins, named by `content` of their kind."""
    _builders[name] = build


def builder(name: str) -> Builder:
    """The builder of that name. KeyError: nobody fills such bulletins."""
    return _builders[name]


def builders() -> list[str]:
    """All names, for packs."""
    return sorted(_builders)


def sections() -> dict[str, str | Promise]:
    """All sections of meeting packs by name with their labels."""
    return {name: one.label for name, one in _sections.items()}


def section_label(name: str) -> str:
    """What a section is called; its name where nobody offers it."""
    return str(_sections[name].label) if name in _sections else name


def build(name: str, viewer: User, pen: Pen, sitting: Sitting) -> Section | None:
    """One section; None: it has nothing to say, or nobody offers it."""
    known = _sections.get(name)
    if known is None:
        return None
    section = known.build(viewer, pen, sitting)
    if section is not None:
        section.key = name
        section.heading = section.heading or str(known.label)
    return section
