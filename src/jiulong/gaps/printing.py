"""The proof of a month's completeness on paper."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from jiulong.documents import Document, Facts, Heading, Paragraph, Table
from jiulong.gaps import proofs
from jiulong.gaps.models import Gap, HistoryRequest, MonthProof
from jiulong.gaps.words import stretch
from jiulong.monitoring.models import Period, Point
from jiulong.monitoring.words import chinese, point_title


def document(
    point: Point, month: date, content: dict[str, Any], recorded: MonthProof | None
) -> Document:
    """One point and month; `recorded` is the proof that the content was taken from."""
    state = _("Recorded as no. %(number)d") % {"number": recorded.number} if recorded else ""
    digest = recorded.digest if recorded else proofs.digest(content)
    return Document(
        title=_("Proof of completeness of monitoring data"),
        subtitle=f"{point_title(point)} · {month:%Y-%m}",
        number=state,
        footer=f"SHA-256 {digest[:16]}…",
        mark="" if recorded else _("Draft"),
        form=True,
        language="zh" if chinese() else "en",
        made_at=recorded.made_at if recorded else None,
        blocks=[
            Facts([
                (_("Point"), point.code),
                (_("Month"), f"{month:%Y-%m}"),
                (_("Enterprise"), point.outfall.enterprise.name),
                (_("Outfall"), point.outfall.name),
            ]),
            _counts(content),
            Paragraph(_(
                "In time: received within 30 minutes of the end of the minute or hour, or within "
                "two hours of the end of the day. Times are starts of periods (HJ 212-2017)."
            ), small=True),
            Heading(_("Gaps and what was tried"), 2),
            *_gaps(content),
            Facts([("SHA-256", digest)], columns=1),
        ],
    )  # fmt: skip


def _counts(content: dict[str, Any]) -> Table:
    head = [_("Data"), _("Owed"), _("In time"), _("Later"), _("Missing"), _("Complete")]
    rows = [
        [
            str(Period[row["period"].upper()].label),
            str(row["expected"]),
            str(row["live"]),
            str(row["late"]),
            str(row["never"]),
            "—" if row["share"] == "None" else f"{float(row['share']) * 100:.2f} %",
        ]
        for row in content["rows"]
    ]
    return Table(head=head, rows=rows, align=["left", *["right"] * 5])  # type: ignore[list-item]


def _gaps(content: dict[str, Any]) -> list[Table | Paragraph]:
    if not content["gaps"]:
        return [Paragraph(_("Nothing was missing."))]
    head = [_("Data"), _("From – until"), _("Missing"), _("Still"), _("Cause"), _("What was tried")]
    rows = [
        [
            str(Period[gap["period"].upper()].label),
            stretch(datetime.fromisoformat(gap["start"]), datetime.fromisoformat(gap["end"])),
            str(gap["missing"]),
            str(gap["left"]),
            str(Gap.Cause(gap["cause"]).label),
            _tried(gap),
        ]
        for gap in content["gaps"]
    ]
    return [Table(head=head, rows=rows, widths=[1, 3, 1, 1, 2, 4])]


def _tried(gap: dict[str, Any]) -> str:
    lines = [
        f"{one['at'][5:16].replace('T', ' ')} CN {one['cn']}: "
        f"{HistoryRequest.Outcome(one['outcome']).label}"
        for one in gap["requests"]
    ]
    if gap["state"] == Gap.State.GIVEN_UP:
        lines.append(f"{_('Given up')}: {Gap.Reason(gap['reason']).label}")
    return "\n".join(lines) or "—"
