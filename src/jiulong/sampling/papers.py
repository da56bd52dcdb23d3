"""Papers of sampling: a sample's record, and the sheet of a collection run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jiulong.documents import Document, Facts, Heading, Paragraph, Signatures, Table
from jiulong.documents.blocks import Block
from jiulong.evidence.models import Attachment, CustodyStep, Event
from jiulong.evidence.telling import STEPS, tell
from jiulong.monitoring.words import chinese, factor_name, point_title
from jiulong.pages.words import MISSING
from jiulong.registers.masking import mask
from jiulong.sampling.models import Result
from jiulong.sampling.queries import Row
from jiulong.sampling.words import CAUSE, CLOCKS, LABORATORY, listed


def clock(at: datetime | None) -> str:
    """Local time to the second."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S") if at else MISSING


def told(value: Decimal | None, unit: str = "") -> str:
    """A number with its unit, without trailing noughts."""
    return MISSING if value is None else f"{value.normalize():f} {unit}".strip()


def facts(row: Row) -> list[tuple[str, str]]:
    """What stands at the head of the record and of the dossier. Persons are masked."""
    one = row.sample
    firm = one.point.outfall.enterprise
    return [
        (_("Number"), one.number),
        (_("Code"), one.code),
        (_("Enterprise"), firm.name),
        (_("Point"), f"{point_title(one.point)} ({one.point.code})"),
        (str(CAUSE), str(one.get_trigger_display())),
        (_("Purpose"), str(one.get_purpose_display())),
        (_("Reason"), one.reason),
        (_("Ordered by"), str(one.ordered_by) if one.ordered_by else _("a rule of the system")),
        (_("Ordered"), clock(one.ordered_at)),
        (_("Confirmed by"), str(one.confirmed_by) if one.confirmed_by else MISSING),
        (_("Command"), f"{one.command.cn} QN={one.command.qn}" if one.command else MISSING),
        (_("Bottle"), str(one.position or MISSING)),
        (_("Taken (our clock)"), clock(one.sampled_at)),
        (_("Taken (device's clock)"), clock(one.device_at)),
        (_("Volume"), f"{one.volume_ml} mL" if one.volume_ml else MISSING),
        (_("Seal number"), one.seal_number or MISSING),
        (_("Witness"), _witness(row)),
        (str(LABORATORY), one.laboratory.name if one.laboratory else MISSING),
        (_("Handed over"), f"{clock(one.handed_over_at)} {told(one.handed_over_c, '℃')}"),
        (_("Received"), f"{clock(one.received_at)} {told(one.received_c, '℃')}"),
    ]


def _witness(row: Row) -> str:
    one = row.sample
    if not one.witness:
        return MISSING
    words = [str(one.get_witness_display()), mask("name", one.witness_name), one.refusal]
    return " · ".join(filter(None, words))


def record(
    row: Row,
    *,
    results: Sequence[Result],
    custody: Sequence[CustodyStep],
    events: Sequence[Event],
    files: Sequence[Attachment],
    now: datetime,
) -> Document:
    """The printable record of one sample: facts, clocks, custody, results, files, events."""
    blocks: list[Block] = [
        Facts(facts(row)),
        Heading(_("Evidence clocks"), 2),
        _clocks(row),
        Heading(_("Chain of custody"), 2),
        _custody(custody),
        Heading(_("Laboratory beside instrument"), 2),
        _results(results),
        Heading(_("Files"), 2),
        _files(files),
        Heading(_("What happened"), 2),
        _events(events),
        Signatures([(_("First officer"), ""), (_("Second officer"), ""), (_("Enterprise"), "")]),
    ]
    return Document(
        title=_("Record of a kept sample"), number=row.sample.number, blocks=blocks, form=True,
        language="zh" if chinese() else "en", made_at=now,
    )  # fmt: skip


def _clocks(row: Row) -> Block:
    if not row.clocks:
        return Paragraph(_("No clock runs."), indent=False)
    return Table(
        head=[_("Factor"), _("To be analysed by"), _("State"), _("Norm")],
        rows=[
            [row.names.get(one.factor, one.factor), clock(one.until), str(CLOCKS[one.light]),
             one.source]
            for one in row.clocks
        ],
    )  # fmt: skip


def _custody(steps: Sequence[CustodyStep]) -> Block:
    if not steps:
        return Paragraph(_("Nobody has signed yet."), indent=False)
    rows = [
        [
            str(STEPS.get(step.step, step.step)), step.note,
            f"{step.first_name} {clock(step.first_at)}",
            f"{step.second_name} {clock(step.second_at)}" if step.second_at
            else pgettext("custody", "waits") if step.needs_second else MISSING,
        ]
        for step in steps
    ]  # fmt: skip
    head = [_("Step"), pgettext("of an action", "Note"), _("First signature"),
            _("Second signature")]  # fmt: skip
    return Table(head=head, rows=rows, widths=(2, 3, 3, 3))


def _results(results: Sequence[Result]) -> Block:
    if not results:
        return Paragraph(_("No result yet."), indent=False)
    rows = [
        [
            factor_name(one.factor) + (f" ({_('duplicate')})" if one.duplicate else ""),
            ("< " if one.below else "") + told(one.value, one.factor.unit),
            told(one.online, one.factor.unit), told(one.allowed), agreement(one),
            one.method, one.report,
            _("in time") if one.in_time else MISSING if one.in_time is None else _("too late"),
        ]
        for one in results
    ]  # fmt: skip
    head = [_("Factor"), str(LABORATORY), pgettext("value", "Online"), _("Allowed difference"),
            _("Verdict"), _("Method"), _("Report"), _("Hold time")]  # fmt: skip
    return Table(head=head, rows=rows)


def agreement(one: Result) -> str:
    """Whether laboratory and instrument agree, in words."""
    if one.agrees is None:
        return _("not compared")
    return _("within the limits") if one.agrees else _("beyond the limits")


def _files(files: Sequence[Attachment]) -> Block:
    if not files:
        return Paragraph(_("None."), indent=False)
    rows = [
        [one.name, f"{one.file.sha256}", f"{one.added_by_name} {clock(one.added_at)}"]
        for one in files
    ]
    return Table(head=[_("File"), "SHA-256", _("Added")], rows=rows, widths=(2, 4, 3))


def _events(events: Sequence[Event]) -> Block:
    rows = [[clock(event.at), event.actor_name, *tell(event)] for event in events]
    return Table(
        head=[_("Time"), _("Who"), _("What"), _("Details")], rows=rows, widths=(3, 2, 3, 6)
    )


def run_sheet(rows: Sequence[Row], kilometres: float, now: datetime) -> Document:
    """The sheet for the car: where, which bottle, until when, room for seal and signature."""
    lines = [
        [
            str(number), point_title(row.sample.point), row.sample.number, row.sample.code,
            str(row.sample.position or MISSING), listed(row.names.values()),
            clock(row.next_clock.until)[5:16] if row.next_clock else MISSING, "", "",
        ]
        for number, row in enumerate(rows, 1)
    ]  # fmt: skip
    head = [_("No."), _("Point"), _("Number"), _("Code"), _("Bottle"), _("Factors"),
            _("First clock"), _("Seal number"), _("Collected, signature")]  # fmt: skip
    summary = _("%(count)d samples, about %(km).1f km in a straight line.") % {
        "count": len(rows), "km": kilometres,
    }  # fmt: skip
    return Document(
        title=_("Collection run"), subtitle=timezone.localtime(now).strftime("%Y-%m-%d"),
        blocks=[
            Paragraph(summary, indent=False),
            Table(head=head, rows=lines, widths=(1, 4, 3, 2, 1, 3, 2, 3, 4)),
            Signatures([(_("First officer"), ""), (_("Second officer"), "")]),
        ],
        form=True, landscape=True, language="zh" if chinese() else "en", made_at=now,
    )  # fmt: skip
