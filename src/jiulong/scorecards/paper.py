"""The one-page sheet of a quarter: every target line, official proportions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.documents.blocks import Cell, Document, Paragraph, Table
from jiulong.scorecards.models import Subject
from jiulong.scorecards.words import LIGHTS, period_words

SHAPES = {"met": "●", "near": "▲", "over": "■", "none": "○"}


def one_page(
    subject: Subject, year: int, part: str, lines: Sequence[Any], now: datetime, *,
    language: Literal["zh", "en"],
) -> Document:  # fmt: skip
    """The document of the lines that the page shows (`views.aims.Shown`)."""
    period = period_words(f"{year}{part}")
    head = [_("Indicator"), _("Target"), _("To date"), _("Expected"), _("State"),
            _("What the rest must bring"), _("Owner")]  # fmt: skip
    rows: list[list[str | Cell]] = []
    category = None
    for one in lines:
        if one.category != category:
            category = one.category
            if category:
                rows.append([Cell(category, bold=True, span=len(head), shaded=True)])
        owner = one.line.indicator.owner
        state = f"{SHAPES[one.light]} {LIGHTS[one.light]}"
        rows.append([
            one.line.name, one.target, f"{one.value}\n{one.period}" if one.period else one.value,
            one.by_season or one.by_time, state, one.rest or one.why, owner.name if owner else "",
        ])  # fmt: skip
    title = _("%(subject)s: main targets, %(period)s") % {"subject": subject.name, "period": period}
    local = timezone.localtime(now)
    note = _("Expected: by last year's season where it is known, else by time. As of %(day)s.")
    return Document(
        title=title, form=True, landscape=True, language=language, made_at=now,
        blocks=[
            Table(head, rows, widths=[3, 2.4, 2, 1.7, 1.6, 3.6, 2.2],
                  align=["left", "left", "right", "right", "left", "left", "left"]),
            Paragraph(note % {"day": local.strftime("%Y-%m-%d")}, small=True, indent=False),
        ],
    )  # fmt: skip
