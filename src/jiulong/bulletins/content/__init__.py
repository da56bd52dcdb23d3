"""What bulletins say: builders of each kind, and sections of the meeting pack.

A higher floor adds a section to the pack in its `apps.py`:

    from jiulong.bulletins import content
    content.register("water", build, label=_("Discharges over their limit"))

`build(viewer, pen, sitting) -> Section | None` reads for the viewer and quotes through the pen.
"""

from jiulong.bulletins.content.base import Content, Pen, Section, Sitting, Table, numbers_by_hand
from jiulong.bulletins.content.registry import (
    About,
    build,
    builder,
    builders,
    register,
    register_builder,
    section_label,
    sections,
)

__all__ = [
    "About",
    "Content",
    "Pen",
    "Section",
    "Sitting",
    "Table",
    "build",
    "builder",
    "builders",
    "numbers_by_hand",
    "register",
    "register_builder",
    "section_label",
    "sections",
]
