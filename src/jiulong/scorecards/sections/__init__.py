"""The sections `indicators`, `subjects`, `targets`, `observations`, `sheets` of packs."""

from jiulong.scorecards.sections import (
    demo_sheets,
    indicators,
    observations,
    sheets,
    subjects,
    targets,
)


def register_sections() -> None:
    """Offer the sections to packs."""
    indicators.register_section()
    subjects.register_section()
    targets.register_sections()
    observations.register_sections()
    sheets.register_section()
    demo_sheets.register_section()


__all__ = ["register_sections"]
