"""What the desk prints: ledgers and the log of a shift, as .docx and .pdf."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.documents import (
    DOCX,
    PDF,
    Document,
    Facts,
    Heading,
    Paragraph,
    Signatures,
    Table,
    as_docx,
    as_pdf,
)
from jiulong.duty import queries, words
from jiulong.duty.models import Carried, Shift
from jiulong.duty.queries import Line
from jiulong.monitoring.words import chinese, place_name
from jiulong.organisation.rules import Viewer


def answer(document: Document, kind: str, name: str) -> HttpResponse:
    """The paper as a file; `kind` is docx or pdf."""
    if kind not in {"docx", "pdf"}:
        raise Http404(kind)
    body, media = (as_docx(document), DOCX) if kind == "docx" else (as_pdf(document), PDF)
    found = HttpResponse(body, content_type=media)
    found["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return found


def ledger(  # noqa: PLR0917 - what stands on the page, from top to bottom
    title: str,
    told: str,
    head: Sequence[str],
    rows: Sequence[Sequence[Any]],
    widths: Sequence[float],
    now: datetime,
) -> Document:
    """A ledger across the page."""
    made = timezone.localtime(now).strftime("%Y-%m-%d %H:%M")
    cells = [["" if value is None else str(value) for value in row] for row in rows]
    table = Table(head=list(head), rows=cells, widths=list(widths))
    return Document(
        title=title, subtitle=told, blocks=[table], form=True, landscape=True, made_at=now,
        footer=f"{_('Made')} {made}", language="zh" if chinese() else "en",
    )  # fmt: skip


def shift(viewer: Viewer, found: Shift, kind: str) -> HttpResponse:
    """The log of a shift with what it handed over, and the two signatures."""
    return answer(shift_document(viewer, found), kind, f"shift-{found.number}")


def shift_document(_viewer: Viewer, found: Shift) -> Document:
    """As `shift`, before it is written."""
    people = "、".join(str(one) for one in found.people.all())
    pairs = [
        (_("Desk"), str(found.desk)),
        (_("People"), people),
        (_("From"), _at(found.since)),
        (_("Until"), _at(found.until) if found.until else ""),
    ]
    rows = [_line(line) for line in queries.lines(found)]
    carried = list(found.carried.select_related("alarm__outfall__enterprise"))
    return Document(
        title=_("Log of the shift"),
        number=found.number,
        blocks=[
            Facts(pairs=pairs),
            Heading(_("Log"), level=2),
            Table(head=[_("Time"), _("Who"), _("What")], rows=rows, widths=[2, 2, 8]),
            Heading(_("Carried over"), level=2),
            Table(head=[_("Alarm"), _("How far it is")], rows=[_carried(one) for one in carried],
                  widths=[5, 7]),
            Paragraph(found.remarks or "—"),
            Signatures(lines=[
                (_("Handed over by"), _signed(found.handed_by, found.until)),
                (_("Taken over by"), _signed(found.taken_by, found.taken_at)),
            ]),
        ],
        form=True,
        language="zh" if chinese() else "en",
    )  # fmt: skip


def _line(line: Line) -> list[str]:
    told = ""
    if line.entry is not None:
        told = f"{line.entry.get_kind_display()}：{line.entry.text}"
    elif line.event is not None:
        told = " ".join(filter(None, [words.act(line.event), words.told(line.event)]))
    return [_at(line.at), line.by, told]


def _carried(one: Carried) -> list[str]:
    outfall = one.alarm.outfall
    family = one.alarm.get_family_display()
    return [f"{outfall.enterprise} {place_name(outfall)} {family}", one.note]


def _signed(who: Any, at: datetime | None) -> str:
    return f"{who} {_at(at)}" if who and at else ""


def _at(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
