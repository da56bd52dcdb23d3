"""An account as a document: the same blocks for paper and for the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from jiulong.documents import (
    Block,
    Document,
    Facts,
    Heading,
    PageBreak,
    Paragraph,
    Signatures,
    Table,
)
from jiulong.reports.models import Report
from jiulong.reports.sections import SECTIONS, Shown, compliance
from jiulong.reports.spans import Span

NUMERALS: Final = "一二三四五六七八九十"
#: Enough of a digest to compare with another print.
SHORT: Final = 16
#: Signatures that an account needs.
SIGNERS: Final = 2


def title(report: Report) -> str:
    """What the account is called."""
    span = Span.of(report.kind, report.first_on)
    english = (get_language() or "").startswith("en")
    month = f"{span.first:%m}" if english else str(span.first.month)
    year = {"year": span.first.year, "month": month}
    told = (
        _("Operation of online monitoring and compliance in %(year)d")
        if report.kind == Report.Kind.YEAR
        else _("Operation of online monitoring and compliance in %(year)d-%(month)s")
    )
    return (f"{report.area} " if report.area else "") + told % year


def chapters(report: Report, shown: Shown) -> list[tuple[str, str, list[Block]]]:
    """Key, heading and blocks of every section, what the author says of it first."""
    told = []
    for place, section in enumerate(SECTIONS):
        data = report.content["sections"].get(section.key)
        if data is None:
            continue
        words = report.texts.get(section.key, "")
        said: list[Block] = [Paragraph(part) for part in words.split("\n") if part.strip()]
        heading = _heading(place, str(section.title))
        told.append((section.key, heading, [*said, *section.blocks(data, shown)]))
    return told


def annexes(report: Report, shown: Shown) -> list[tuple[str, list[Block]]]:
    """Every factor of every outfall; what was asked of the database."""
    rows = report.content["sections"]["compliance"]
    return [
        (_("Annex 1"), compliance.annex(rows, shown)),
        (_("Annex 2"), [_sources(report)]),
    ]


def document(report: Report) -> Document:
    """The account for printing, in the active language."""
    shown = Shown(Span.of(report.kind, report.first_on))
    blocks: list[Block] = [_lead(report)]
    for _key, heading, told in chapters(report, shown):
        blocks += [Heading(heading), *told]
    blocks.append(Signatures(_signed(report)))
    for heading, told in annexes(report, shown):
        blocks += [PageBreak(landscape=True), Heading(heading), *told]
    return Document(
        title=title(report),
        subtitle=_("Edition %(n)d") % {"n": report.edition} if report.edition > 1 else "",
        number=report.number,
        footer=_footer(report),
        mark=pgettext("account", "Draft") if report.state == Report.State.DRAFT else "",
        blocks=blocks,
        language="en" if shown.english else "zh",
        made_at=report.published_at or report.counted_at,
    )


def _heading(place: int, words: str) -> str:
    if (get_language() or "").startswith("en"):
        return f"{place + 1}. {words}"
    return f"{NUMERALS[place]}、{words}"


def _lead(report: Report) -> Facts:
    span = report.content["span"]
    counted = timezone.localtime(report.counted_at).strftime("%Y-%m-%d %H:%M")
    seal = report.content.get("seal")
    told = f"#{seal['number']} {seal['digest'][:SHORT]}" if seal else "–"
    return Facts([
        (_("Time"), f"{span['first']} – {span['last']}"),
        (_("Counted at"), counted),
        (_("Digest"), report.digest[:SHORT]),
        (_("Last seal"), told),
    ])  # fmt: skip


def _footer(report: Report) -> str:
    seal = report.content.get("seal")
    told = f" · {_('seal')} {seal['digest'][:8]}" if seal else ""
    return f"{report.digest[:SHORT]}{told}"


def _signed(report: Report) -> Sequence[tuple[str, str]]:
    found = [one for one in report.signatures.all() if one.digest == report.digest]
    lines = [
        (_("Signed:"), f"{one.by_name} {timezone.localtime(one.at):%Y-%m-%d %H:%M}")
        for one in found
    ]
    return [*lines, *[(_("Signed:"), "")] * (SIGNERS - len(lines))]


def _sources(report: Report) -> Table:
    names = {section.key: str(section.title) for section in SECTIONS}
    rows = [
        [names.get(source["section"], source["section"]), source["what"], _asked(source["asked"]),
         str(source["rows"])]
        for source in report.content["sources"]
    ]  # fmt: skip
    return Table(
        caption=_("What was asked of the database, and how many rows answered"),
        head=[pgettext("account", "Chapter"), _("What"), pgettext("account", "Asked"), _("Rows")],
        rows=rows,
        widths=(3, 2, 6, 1.4),
        align=("left", "left", "left", "right"),
        note=_("On the page of the account every number leads to its rows."),
    )


def _asked(asked: dict[str, Any]) -> str:
    return ", ".join(f"{key}={value}" for key, value in asked.items())
