"""Who may see, and who may add, the files of a subject: the floor that owns the subject says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from jiulong.organisation.rules import Viewer

#: Whether the viewer may, of the subject with this primary key (as text).
Guard = Callable[[Viewer, str], bool]


@dataclass(frozen=True, slots=True)
class Guards:
    """What was registered for one kind of subject."""

    see: Guard
    add: Guard


_registered: Final[dict[str, Guards]] = {}


def register(label: str, see: Guard, add: Guard | None = None) -> None:
    """Have `see` answer for subjects of model `label` (`cases.case`); the last registered counts.

    Args:
        add: who may add files; without it, whoever may see.
    """
    _registered[label.lower()] = Guards(see, add or see)


def may_see(viewer: Viewer, label: str, subject_id: str) -> bool:
    """Whether the viewer may see the files of the subject. Without a guard nobody may."""
    guards = _registered.get(label)
    return guards is not None and guards.see(viewer, subject_id)


def may_add(viewer: Viewer, label: str, subject_id: str) -> bool:
    """Whether the viewer may add files to the subject. Without a guard nobody may."""
    guards = _registered.get(label)
    return guards is not None and guards.add(viewer, subject_id)
