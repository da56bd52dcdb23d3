"""What a bulletin prints: one reading of its content for page, .docx and PDF."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jiulong.bulletins import kinds, words
from jiulong.bulletins.content import base
from jiulong.bulletins.lifecycle import DRAFT, ISSUED, WAITING, WITHDRAWN
from jiulong.bulletins.models import Bulletin, Quote
from jiulong.documents import Block, Document, Heading, Official, PageBreak, Paragraph, Table
from jiulong.evidence.models import Seal
from jiulong.evidence.queries import seal_of_event

#: Enough of a digest to compare with another print.
SHORT: Final = 16


@dataclass(frozen=True, slots=True)
class Printed:
    """Everything that stands on the paper, as texts."""

    head: str
    title: str
    number: str
    to: str
    sections: Sequence[Mapping[str, Any]]
    signed: str
    on: str
    copies: str
    printed_by: str
    footer: str
    mark: str
    sources: Sequence[Sequence[str]]
    made_at: datetime


def digest(bulletin: Bulletin, quotes: Sequence[Quote | base.Quoted], number: str = "") -> str:
    """SHA-256 over what is signed: kind, head, title, text, figures, what it corrects."""
    told = {
        "kind": bulletin.kind,
        "head": bulletin.spec.get("head", ""),
        "title": bulletin.title,
        "number": number,
        "about": [bulletin.about_label, bulletin.about_pk],
        "content": bulletin.content,
        "by_hand": bulletin.by_hand,
        "corrects": bulletin.corrects_id,
        "effect": bulletin.effect,
        "to": sorted(bulletin.to_units),
        "quotes": sorted([one.key, one.text, one.digest] for one in quotes),
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def printed(bulletin: Bulletin, quotes: Sequence[Quote]) -> Printed:
    """The bulletin for printing, in the active language around the text as it was written."""
    kind = kinds.of(bulletin)
    figures = {one.key: one.text for one in quotes}
    content = base.filled(bulletin.content, figures)
    when = bulletin.issued_at or bulletin.drafted_at
    return Printed(
        head=kind.head,
        title=bulletin.title,
        number=bulletin.number,
        to=content.get("to", ""),
        sections=content.get("sections", []),
        signed=content.get("signed", ""),
        on=words.day(when),
        copies=content.get("copies", ""),
        printed_by=str(bulletin.unit),
        footer=footer(bulletin),
        mark=mark(bulletin),
        sources=source_rows(quotes),
        made_at=when,
    )


def mark(bulletin: Bulletin) -> str:
    """What is printed across a paper that is not in force."""
    if bulletin.state in {DRAFT, WAITING}:
        return pgettext("of a bulletin", "Draft")
    if bulletin.state == WITHDRAWN:
        return pgettext("of a bulletin", "Not issued")
    return "" if bulletin.state == ISSUED else str(bulletin.get_state_display())


def footer(bulletin: Bulletin) -> str:
    """The paper's digest and the seal over it; before there is one, the last seal."""
    seal = seal_of_event(bulletin.issue_event) if bulletin.issue_event else None
    seal = seal or Seal.objects.order_by("-number").first()
    told = f" · {_('seal')} #{seal.number} {bytes(seal.digest).hex()[:8]}" if seal else ""
    return f"{bulletin.digest[:SHORT]}{told}"


def source_rows(quotes: Sequence[Quote]) -> list[list[str]]:
    """Where each figure comes from: figure, whose, place, digest."""
    return [
        [one.key, one.text, one.what, f"{one.label} {one.pk_text} {one.field}", one.digest[:SHORT]]
        for one in quotes
    ]


def document(told: Printed) -> Document:
    """The same for `jiulong.documents`: with a red head where the kind has one, else plain."""
    whole: dict[str, Any] = {
        "title": told.title, "number": told.number, "footer": told.footer, "mark": told.mark,
        "language": "en" if words.english() else "zh", "made_at": told.made_at,
    }  # fmt: skip
    sources: list[Block] = []
    if told.sources:
        sources = [PageBreak(), sources_table(told.sources)]
    copies = _("Copies: %(to)s") % {"to": told.copies} if told.copies else ""
    if told.head:
        return Official(
            **whole, blocks=[*_body(told), *sources], head=told.head, copies=copies,
            printed_by=told.printed_by, printed_on=_("Printed on %(day)s") % {"day": told.on},
        )  # fmt: skip
    by = _("Printed by %(unit)s on %(day)s") % {"unit": told.printed_by, "day": told.on}
    record = [Paragraph(text, indent=False, small=True) for text in (copies, by) if text]
    return Document(**whole, blocks=[*_body(told), *record, *sources])


def _body(told: Printed) -> list[Block]:
    """To whom, the parts, the office and the day."""
    blocks: list[Block] = [Paragraph(told.to, indent=False)] if told.to else []
    for section in told.sections:
        if section["heading"]:
            blocks.append(Heading(section["heading"]))
        blocks += [Paragraph(text) for text in section["paragraphs"]]
        blocks += [_table(one) for one in section["tables"]]
    signed = "\n".join(text for text in (told.signed, told.on) if text)
    return [*blocks, Paragraph(signed, align="right")]


def sources_table(rows: Sequence[Sequence[str]]) -> Table:
    """The annex that lets a reader follow each figure back."""
    return Table(
        caption=_("Annex: where each figure comes from"),
        head=[_("No."), pgettext("bulletin", "Figure"), _("Of what"), _("Read from"), _("Digest")],
        rows=rows, widths=(0.8, 1.5, 2.8, 3.6, 2.7),
        note=_("`jiulong verify` reads each again and says which no longer matches."),
    )  # fmt: skip


def _table(told: Mapping[str, Any]) -> Table:
    return Table(
        head=told["head"], rows=told["rows"], caption=told["caption"],
        widths=tuple(told["widths"]), align=tuple(told["align"]),
    )  # fmt: skip


def file_name(bulletin: Bulletin, form: str) -> str:
    """What the file is called."""
    on = timezone.localtime(bulletin.issued_at or bulletin.drafted_at)
    return f"{bulletin.number or on.strftime('%Y-%m-%d')} {bulletin.title}.{form}"
