"""Periods as people say them: 2026年3月, 2026年第一季度."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jiulong.scorecards.engine import periods


def in_words(period: str) -> str:
    """The period in the active language."""
    found = periods.parse(period)
    told = {"year": found.year, "month": found.last, "number": (found.last - 1) // 3 + 1}
    match found.frequency:
        case "month":
            return pgettext("period", "%(year)s-%(month)02d") % told
        case "quarter":
            return pgettext("period", "%(year)s, quarter %(number)s") % told
        case "half" if found.first == 1:
            return _("first half of %(year)s") % told
        case "half":
            return _("second half of %(year)s") % told
    return pgettext("period", "%(year)s") % told
