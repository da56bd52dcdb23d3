"""What follows from a published standing: cases with deadlines, and the commendation list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import override

from jiulong.cases.actions import file_case
from jiulong.cases.models import Case, MatterType
from jiulong.packs.text import Text
from jiulong.scorecards import standing_specs
from jiulong.scorecards.engine import periods
from jiulong.scorecards.engine.consequences import Consequence
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.models import Outcome, Standing, StandingRow
from jiulong.scorecards.period_words import in_words

SOURCE = "scorecards"
#: Which field of the matter takes the unit that must act, where the matter has one.
UNIT_FIELD = "unit"
NAMES = {
    "case": Text("限期整改", "Rectify by a deadline"),
    "interview": Text("约谈", "Interview"),
    "commend": Text("通报表扬", "Commendation"),
}


class Place(NamedTuple):
    """Where a row stands from the front and from the back, from 1; 0: it has none."""

    row: StandingRow
    front: int
    behind: int


def draw_consequences(standing: Standing, now: datetime) -> list[Outcome]:
    """Draw every consequence of the scheme, each once; called when a standing is published."""
    scheme = standing_specs.of(standing.scheme)
    rows = list(
        standing.rows.select_related("subject__unit", "subject__enterprise__unit").defer(
            "criteria", "explained"
        )
    )
    drawn = []
    for number, rule in enumerate(scheme.consequences):
        for row in _hit(rule, rows, standing):
            outcome, made = Outcome.objects.get_or_create(
                row=row, key=f"{rule.does}-{rule.when}-{number}", contest=_contest(rule),
                defaults={"does": rule.does, "names": _names(rule), "at": now},
            )  # fmt: skip
            if made and rule.matter:
                outcome.case = _open_case(scheme, rule, outcome, standing, now)
                outcome.save(update_fields=["case"])
            drawn.append(outcome)
    return drawn


def _contest(rule: Consequence) -> str:
    return rule.contest or ""


def _hit(
    rule: Consequence, rows: Sequence[StandingRow], standing: Standing
) -> Iterator[StandingRow]:
    before = _last_before(standing, rule.places) if rule.when == "last_twice" else set()
    for row, front, behind in _placed(rows, _contest(rule)):
        if rule.groups and row.group not in rule.groups:
            continue
        last = 0 < behind <= rule.places
        hit = {
            "first": 0 < front <= rule.places and not row.struck,
            "last": last,
            "last_twice": last and row.subject_id in before,
            "class": row.class_name == rule.class_,
            "veto": row.struck,
        }[rule.when]
        if hit:
            yield row


def _placed(rows: Sequence[StandingRow], contest: str) -> Iterator[Place]:
    """Places within the groups, by rank, or by the points of one contest.

    Who is not rated, or was not measured in the contest, has none.
    """
    for group in sorted({row.group for row in rows}):
        members = [row for row in rows if row.group == group and _takes_part(row, contest)]
        marks = {row.pk: _mark(row, contest) for row in members}
        for row in members:
            mine = marks[row.pk]
            front = 1 + sum(other > mine for other in marks.values())
            behind = 1 + sum(other < mine for other in marks.values())
            yield Place(row, front, behind if front > 1 else 0)
        known = {row.pk for row in members}
        yield from (Place(row, 0, 0) for row in rows if row.group == group and row.pk not in known)


def _takes_part(row: StandingRow, contest: str) -> bool:
    """A contest that was left out for lack of data is out of 0 points."""
    measured = any(one["contest"] == contest and Decimal(one["out_of"]) for one in row.contests)
    return row.rated and (measured or not contest)


def _mark(row: StandingRow, contest: str) -> Decimal:
    """Greater is better."""
    if not contest:
        return Decimal(-row.rank)
    found = (Decimal(one["points"]) for one in row.contests if one["contest"] == contest)
    return next(found, Decimal(0))


def _last_before(standing: Standing, places: int) -> set[int]:
    """Subjects that were last of their group in the period before.

    January and February are joint where nobody is ranked in January: before is December then.
    """
    same = Standing.objects.filter(scheme__code=standing.scheme.code)
    period = periods.previous(standing.period)
    if not same.filter(period=period).exists():
        period = periods.previous(standing.period, joint=True)
    before = (
        same.filter(
            period=period, state__in=(Standing.State.FROZEN, Standing.State.PUBLISHED)
        )
        .order_by("-scheme__version")
        .first()
    )  # fmt: skip
    if before is None:
        return set()
    rows = list(before.rows.defer("criteria", "explained"))
    return {place.row.subject_id for place in _placed(rows, "") if 0 < place.behind <= places}


def _names(rule: Consequence) -> dict[str, str]:
    name = Text(rule.title.zh, rule.title.en) if rule.title else NAMES[rule.does]
    return {"zh": name.zh, "en": name.en or name.zh}


def _open_case(
    scheme: Scheme, rule: Consequence, outcome: Outcome, standing: Standing, now: datetime
) -> Case:
    """The case of a consequence, in the district's language; filed once."""
    row = outcome.row
    ref = f"standing/{standing.pk}/{row.pk}/{outcome.key}"
    subject = row.subject
    matter = MatterType.objects.get(code=rule.matter)
    known = {field["key"] for field in matter.spec.get("fields", [])}
    data = {UNIT_FIELD: subject.unit.code} if subject.unit and UNIT_FIELD in known else {}
    with override("zh-hans"):
        group = standing_specs.names(scheme)[row.group]
        told = {
            "scheme": scheme.name.zh, "period": in_words(standing.period), "group": group.zh,
            "subject": subject.name, "rank": row.rank, "of": row.of,
            "what": _names(rule)["zh"],
        }  # fmt: skip
        title = _("%(scheme)s %(period)s: %(subject)s – %(what)s") % told
        about = _("%(subject)s ranks %(rank)s of %(of)s in the group %(group)s.") % told
    return file_case(
        actor=None, matter=matter, title=title[:200], about=about, data=data,
        enterprise=subject.enterprise, client_id=f"scorecards:{ref}"[:64], source=SOURCE,
        source_ref=ref[:120], clock=f"{rule.days} working_days" if rule.days else "", now=now,
    )  # fmt: skip
