"""How bulletins look on a page: text with its figures as links, the chain with who signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from jiulong.bulletins import kinds
from jiulong.bulletins.content import base
from jiulong.bulletins.models import Bulletin, BulletinStep
from jiulong.bulletins.verifying import Figure, Verification

LIGHTS: Final = {
    "draft": "told",
    "waiting": "near",
    "issued": "met",
    "replaced": "none",
    "revoked": "none",
    "withdrawn": "none",
}
#: Verdict on a figure: light and word.
VERDICTS: Final = {
    "matches": ("met", pgettext_lazy("a figure", "Matches")),
    "differs": ("over", pgettext_lazy("a figure", "No longer matches")),
    "gone": ("over", pgettext_lazy("a figure", "Source is gone")),
    "living": ("told", pgettext_lazy("a figure", "Counted then")),
}


@dataclass(frozen=True, slots=True)
class Link:
    """One signature of the chain: done, next, or still to come."""

    step: kinds.StepItem
    state: str
    signature: BulletinStep | None


def about_words(words: str) -> Q:
    """Bulletins whose title or number has the words."""
    return Q(title__icontains=words) | Q(number__icontains=words)


def chain(bulletin: Bulletin) -> list[Link]:
    """The steps of its kind with this round's signatures."""
    done = {
        one.key: one
        for one in bulletin.steps.all()
        if one.round == bulletin.round and one.verdict == BulletinStep.Verdict.PASSED
    }
    steps = kinds.of(bulletin).steps
    waiting = bulletin.state == Bulletin.State.WAITING
    return [
        Link(
            step,
            "done" if step.key in done else "next" if waiting and place == bulletin.step else "",
            done.get(step.key),
        )
        for place, step in enumerate(steps)
    ]


def loose(bulletin: Bulletin) -> list[str]:
    """Figures that quote nothing, while that can still be put right."""
    draft = bulletin.state in {Bulletin.State.DRAFT, Bulletin.State.WAITING}
    return base.numbers_by_hand(bulletin.content, bulletin.title) if draft else []


def sections(bulletin: Bulletin, result: Verification) -> list[dict[str, Any]]:
    """The parts with figures as links to their row in the table of sources."""
    figures = {one.quote.key: one for one in result.figures}
    return [_section(one, figures) for one in bulletin.content.get("sections", [])]


def filled(parts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The parts of a paper whose figures are printed already: for those who see no sources."""
    return [_section(one, {}) for one in parts]


def _section(told: Mapping[str, Any], figures: Mapping[str, Figure]) -> dict[str, Any]:
    return {
        "key": told.get("key", ""),
        "heading": text(told["heading"], figures),
        "paragraphs": [text(one, figures) for one in told["paragraphs"]],
        "tables": [
            {
                "caption": text(one["caption"], figures),
                "heads": list(_heads(one)),
                "rows": [list(_cells(one, row, figures)) for row in one["rows"]],
            }
            for one in told["tables"]
        ],
    }


def _heads(table: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for place, name in enumerate(table["head"]):
        yield {"text": name, "numeric": _numeric(table, place)}


def _cells(
    table: Mapping[str, Any], row: list[str], figures: Mapping[str, Figure]
) -> Iterator[dict[str, Any]]:
    for place, cell in enumerate(row):
        yield {
            "text": text(cell, figures),
            "label": table["head"][place],
            "numeric": _numeric(table, place),
        }


def _numeric(table: Mapping[str, Any], place: int) -> bool:
    aligns = table["align"]
    return place < len(aligns) and aligns[place] == "right"


def text(told: str, figures: Mapping[str, Figure]) -> SafeString:
    """A text with its marks turned into figures that say where they come from."""
    parts = base.MARK.split(told)
    return format_html_join("", "{}", ((_part(n, one, figures),) for n, one in enumerate(parts)))


def _part(place: int, part: str, figures: Mapping[str, Figure]) -> SafeString | str:
    if place % 2 == 0:
        return part
    known = figures.get(part)
    if known is None:
        return f"[[{part}]]"
    wrong = " quoted-wrong" if known.verdict in {"differs", "gone"} else ""
    told = _("%(what)s – where it comes from") % {"what": known.quote.what}
    return format_html(
        '<a class="quoted{}" href="#{}" title="{}">{}</a>', wrong, part, told, known.quote.text
    )


#: Rows of a table that can be read at six metres.
SLIDE_ROWS: Final = 9


def slides(content: Mapping[str, Any], quotes: Mapping[str, str]) -> list[dict[str, Any]]:
    """The parts as slides: one for the words and each table; long tables go on the next slide."""
    told = base.filled(content, quotes)
    made: list[dict[str, Any]] = []
    for section in told.get("sections", []):
        first = {"heading": section["heading"], "paragraphs": section["paragraphs"], "table": None}
        tables = list(section["tables"])
        if tables and len(section["paragraphs"]) <= 1:
            first["table"], *rest = _cut(tables[0])
            made += [first, *(_more(section, one) for one in rest)]
            tables = tables[1:]
        else:
            made.append(first)
        made += [_more(section, part) for one in tables for part in _cut(one)]
    return made


def _more(section: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    return {"heading": section["heading"], "paragraphs": [], "table": table}


def _cut(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = table["rows"]
    pieces = [rows[n : n + SLIDE_ROWS] for n in range(0, len(rows), SLIDE_ROWS)] or [[]]
    return [{**table, "rows": piece} for piece in pieces]
