"""The chapters of an account, in their order."""

from __future__ import annotations

from typing import Final

from jiulong.reports.sections import (
    alarms,
    comparison,
    compliance,
    data,
    gaps,
    network,
    ranking,
    samples,
    upkeep,
)
from jiulong.reports.sections.base import Counting, Data, Section, Shown

SECTIONS: Final = (
    network.SECTION,
    data.SECTION,
    compliance.SECTION,
    alarms.SECTION,
    samples.SECTION,
    upkeep.SECTION,
    gaps.SECTION,
    ranking.SECTION,
    comparison.SECTION,
)

__all__ = ["SECTIONS", "Counting", "Data", "Section", "Shown"]
