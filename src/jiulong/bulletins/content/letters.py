"""A responsibility letter on paper: clauses with points, vetoes, both signatures."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jiulong.bulletins import words
from jiulong.bulletins.content.base import Content, Pen, Section, Table
from jiulong.bulletins.content.registry import About
from jiulong.bulletins.kinds import ClauseItem, ResponsibilityItem
from jiulong.bulletins.models import Letter, LetterScore
from jiulong.organisation.models import Unit, User


def letter(_viewer: User, about: About, now: datetime) -> Content:
    """One unit's letter as it was handed out, with its points; scored ones with their score.

    Raises:
        ValidationError: there is no such letter.
    """
    found = (
        Letter.objects.filter(pk=about[1]).select_related("unit", "scheme").first()
        if about[0] == "bulletins.letter" and about[1].isdecimal()
        else None
    )
    if found is None:
        raise ValidationError({"about": _("Choose a letter.")})
    item, pen = ResponsibilityItem.model_validate(found.spec), Pen(now)
    owners = dict(
        Unit.objects.filter(code__in=[one.owner for one in item.indicators if one.owner])
        .values_list("code", "name")
    )  # fmt: skip
    scores = {one.indicator: one for one in found.scores.all() if found.points is not None}
    sections = [Section(paragraphs=[item.preamble] if item.preamble else [])]
    for place, clause in enumerate(item.clauses):
        table = _table(clause, owners, scores, pen)
        sections.append(Section(heading=words.chapter(place, clause.title), tables=[table]))
    place = len(item.clauses)
    if item.vetoes:
        struck = [f"({n}) {one.text}" for n, one in enumerate(item.vetoes, start=1)]
        sections.append(
            Section(heading=words.chapter(place, _("What strikes the letter")), paragraphs=struck)
        )
        place += 1
    sections.append(_end(place, found, pen))
    return Content(
        title=f"{found.year}年{item.name.zh}" if not words.english() else str(item.name),
        sections=sections, to=f"{found.unit}：", signed=item.issuer and _issuer(item.issuer),
        period=str(found.year), to_units=[found.unit_id], quotes=pen.quotes,
    )  # fmt: skip


def _table(
    clause: ClauseItem, owners: dict[str, str], scores: dict[str, LetterScore], pen: Pen
) -> Table:
    rows = []
    for one in clause.indicators:
        given = "—"
        if one.key in scores:
            row = scores[one.key]
            given = pen.quote(row, "points", words.amount(row.points), one.text[:100])
        rows.append([
            one.text, one.proof or "—", owners.get(one.owner or "", "—"),
            words.amount(one.points), given,
        ])  # fmt: skip
    return Table(
        head=[
            _("Indicator"), _("Proof"), _("Checked by"), pgettext("score", "Points"),
            pgettext("score", "Given"),
        ],
        rows=rows, align=["left", "left", "left", "right", "right"], widths=[4, 2.4, 2, 1, 1],
    )  # fmt: skip


def _issuer(code: str) -> str:
    return str(Unit.objects.filter(code=code).first() or code)


def _end(place: int, found: Letter, pen: Pen) -> Section:
    lines = []
    if found.signed_at is not None:
        lines.append(
            _("Signed for %(unit)s by %(name)s on %(day)s.")
            % {"unit": found.unit, "name": found.signed_name, "day": words.day(found.signed_at)}
        )
    else:
        lines.append(_("To be signed for %(unit)s.") % {"unit": found.unit})
    if found.points is not None:
        told = pen.quote(found, "points", words.amount(found.points), _("Points of the letter"))
        lines.append(_("Scored with %(points)s points.") % {"points": told})
        if found.struck:
            lines.append(_("Struck by a veto."))
    return Section(heading=words.chapter(place, _("Signatures")), paragraphs=lines)
