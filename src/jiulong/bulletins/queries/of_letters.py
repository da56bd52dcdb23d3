"""Letters a viewer may see: one's own unit's, and for who hands them out, all."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet

from jiulong.bulletins import kinds, rules
from jiulong.bulletins.models import Assessment, Letter, LetterScheme, LetterScore
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer, reach


@dataclass(slots=True)
class Row:
    """One indicator: what was promised, how the unit sees itself, what it was given."""

    item: kinds.IndicatorItem
    owner: str
    by_quarter: dict[str, Assessment] = field(default_factory=dict)
    score: LetterScore | None = None

    @property
    def latest(self) -> Assessment | None:
        """The word of the last quarter that has one."""
        return self.by_quarter[max(self.by_quarter)] if self.by_quarter else None


@dataclass(slots=True)
class Clause:
    """A clause with its rows."""

    title: str
    rows: list[Row]


def letters(viewer: Viewer) -> QuerySet[Letter]:
    """Letters of the units that the viewer reads or answers for."""
    found = Letter.objects.defer("spec").select_related("unit", "scheme")
    verbs = (rules.SEE, rules.ANSWER, rules.SCORE)
    return found.filter(rules.within_any(viewer, verbs))


def letter(viewer: Viewer, pk: int) -> Letter:
    """One of them, whole. Letter.DoesNotExist also where the viewer may not."""
    return letters(viewer).defer(None).get(pk=pk)


def clauses(of: Letter) -> list[Clause]:
    """Its clauses with assessments and scores; three queries."""
    item = kinds.ResponsibilityItem.model_validate(of.spec)
    codes = {one.owner for one in item.indicators if one.owner}
    owners = dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    rows = {one.key: Row(one, owners.get(one.owner or "", "")) for one in item.indicators}
    for assessed in of.assessments.filter(current=True):
        if assessed.indicator in rows:
            rows[assessed.indicator].by_quarter[assessed.quarter] = assessed
    for score in of.scores.filter(veto=False):
        if score.indicator in rows:
            rows[score.indicator].score = score
    return [Clause(one.title, [rows[i.key] for i in one.indicators]) for one in item.clauses]


def vetoes(of: Letter) -> list[tuple[kinds.VetoItem, str]]:
    """What strikes the letter, and why where it did."""
    item = kinds.ResponsibilityItem.model_validate(of.spec)
    struck = dict(of.scores.filter(veto=True).values_list("indicator", "reason"))
    return [(one, struck.get(one.key, "")) for one in item.vetoes]


def claimed(found: list[Clause]) -> Decimal | None:
    """Points that the unit last gave itself; None: it has said nothing."""
    said = [row.latest.points for clause in found for row in clause.rows if row.latest]
    return sum(said, Decimal(0)) if said else None


def schemes(viewer: Viewer) -> list[tuple[LetterScheme, kinds.ResponsibilityItem]]:
    """Letters that the viewer may hand out."""
    held = reach(viewer, rules.SCORE)
    found = []
    for scheme in LetterScheme.objects.filter(retired_at=None):
        item = kinds.responsibility(scheme)
        office = Unit.objects.filter(code=item.issuer).values_list("pk", flat=True).first()
        if held.covers(office):
            found.append((scheme, item))
    return found
