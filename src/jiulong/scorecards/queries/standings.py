"""Every read of schemes, standings, objections, adjustments and judging."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.urls import reverse

from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may
from jiulong.packs.text import Text
from jiulong.scorecards import standing_rules as rules
from jiulong.scorecards import standing_specs
from jiulong.scorecards.engine import periods
from jiulong.scorecards.models import (
    Adjustment,
    Assignment,
    Dispute,
    Outcome,
    Panel,
    SchemeVersion,
    Standing,
    StandingRow,
    Subject,
)
from jiulong.scorecards.period_words import in_words

#: Periods of a trend.
TREND = 12


def schemes(viewer: Viewer) -> QuerySet[SchemeVersion]:
    """Versions that the viewer may read: drafts only for who edits them."""
    rows = SchemeVersion.objects.order_by("code", "-version")
    if may(viewer, rules.EDIT):
        return rows
    if may(viewer, rules.SEE) or may(viewer, rules.RUN) or may(viewer, rules.OBJECT):
        return rows.exclude(state=SchemeVersion.State.DRAFT)
    return rows.none()


def adopted(code: str, period: str) -> SchemeVersion | None:
    """The version of a scheme that a period goes by: the newest in force on its first day."""
    first = periods.first_day(period)
    rows = SchemeVersion.objects.filter(
        Q(effective_to=None) | Q(effective_to__gte=first), code=code, effective_from__lte=first,
        state=SchemeVersion.State.ADOPTED,
    )  # fmt: skip
    return rows.order_by("-version").first()


def standings(viewer: Viewer) -> QuerySet[Standing]:
    """Standings that the viewer may open, without their input."""
    rows = Standing.objects.filter(rules.visible_standings(viewer)).select_related("scheme")
    return rows.defer("observations").order_by("-period", "scheme__code")


def standing(viewer: Viewer, pk: int) -> Standing:
    """One standing. Standing.DoesNotExist also where the viewer may not see it."""
    return standings(viewer).get(pk=pk)


def newest(viewer: Viewer, code: str = "", until: date | None = None) -> Standing | None:
    """The last standing of a scheme, or of the contest that was scored last."""
    found = standings(viewer)
    if code:
        found = found.filter(scheme__code=code)
    heads = [
        (periods.order(one[1]), one[0])
        for one in found.values_list("pk", "period")
        if until is None or periods.first_day(one[1]) <= until
    ]
    return standing(viewer, max(heads)[1]) if heads else None


def rows(viewer: Viewer, of: Standing, group: str = "") -> list[StandingRow]:
    """The rows of a standing that the viewer may see, ranked, without explanations; one query.

    `rules.is_open` says which of them are read in full; of the others show rank and class alone.
    """
    found = of.rows.filter(rules.visible_rows(viewer)).select_related(
        "subject__unit", "subject__enterprise"
    )
    full = rules.open_rows(viewer)
    found = found.annotate(full=Case(When(full, then=True), default=False) if full else Value(True))
    if group:
        found = found.filter(group=group)
    order = {one.key: n for n, one in enumerate(standing_specs.of(of.scheme).groups)}
    ranked = found.defer("criteria", "notes", "explained")
    return sorted(ranked, key=lambda row: (order.get(row.group, 99), row.rank, row.subject.code))


def row(viewer: Viewer, pk: int) -> StandingRow:
    """One row with its explanation. StandingRow.DoesNotExist also where it may not be seen."""
    shown = Standing.objects.filter(rules.visible_standings(viewer)).values("pk")
    found = StandingRow.objects.filter(
        rules.visible_rows(viewer), rules.open_rows(viewer), pk=pk, standing__in=shown
    )
    return (
        found.select_related("standing__scheme", "subject__unit", "subject__enterprise__unit")
        .defer("standing__observations")
        .get()
    )


class Past(NamedTuple):
    """Where a subject stood in one period."""

    period: str
    rank: int
    of: int
    score: Decimal
    row: int


def trend(
    viewer: Viewer, code: str, subjects: Collection[int], until: str
) -> dict[int, list[Past]]:
    """Subject's id → its places in the last periods up to one, oldest first; two queries."""
    length = periods.parse(until).frequency
    shown = {
        pk: period
        for pk, period in standings(viewer).filter(scheme__code=code).values_list("pk", "period")
        if periods.parse(period).frequency == length
        and periods.order(period) <= periods.order(until)
    }
    last = sorted(shown, key=lambda pk: periods.order(shown[pk]))[-TREND:]
    found: dict[int, list[Past]] = {}
    places = StandingRow.objects.filter(
        rules.visible_rows(viewer), standing__in=last, subject__in=subjects
    ).values_list("subject_id", "standing_id", "rank", "of", "score", "pk")
    for subject, standing_id, rank, size, score, pk in places:
        found.setdefault(subject, []).append(Past(shown[standing_id], rank, size, score, pk))
    for past in found.values():
        past.sort(key=lambda one: periods.order(one.period))
    return found


def disputes(viewer: Viewer, of: Standing | None = None) -> QuerySet[Dispute]:
    """Objections to rows that the viewer may see, those that wait first."""
    shown = Standing.objects.filter(rules.visible_standings(viewer)).values("pk")
    seen = StandingRow.objects.filter(
        rules.visible_rows(viewer), rules.open_rows(viewer), standing__in=shown
    ).values("pk")
    found = Dispute.objects.filter(row__in=seen).select_related(
        "row__subject__enterprise", "row__standing__scheme", "by", "unit", "answered_by"
    )
    if of is not None:
        found = found.filter(row__standing=of)
    return found.defer(
        "row__criteria", "row__notes", "row__explained", "row__standing__observations"
    ).order_by("-at", "-pk")


def outcomes(viewer: Viewer, of: Standing) -> QuerySet[Outcome]:
    """What followed from a standing, for rows that the viewer may see."""
    seen = of.rows.filter(rules.visible_rows(viewer), rules.open_rows(viewer)).values("pk")
    return (
        Outcome.objects.filter(row__in=seen)
        .select_related("row__subject", "case")
        .defer("row__criteria", "row__notes", "row__explained")
    )


def adjustments(viewer: Viewer) -> QuerySet[Adjustment]:
    """Bonuses, deductions and vetoes, newest first; of firms for who is concerned or filed them;
    without the right, those of own units."""
    found = Adjustment.objects.select_related(
        "subject__enterprise", "filed_by", "confirmed_by"
    ).order_by("-filed_at", "-pk")
    if rules.reads_all(viewer):
        return found
    if any(may(viewer, verb) for verb in (rules.SEE, rules.ADJUST)):
        filed = Q(filed_by=viewer.pk) | ~Q(subject__kind__in=rules.CLOSED_KINDS)
        return found.filter(filed | rules.concerned(viewer))
    units = rules.units_of(viewer, rules.OBJECT)
    return found.filter(subject__enterprise__unit__in=units)


def panels(viewer: Viewer) -> QuerySet[Panel]:
    """Panels with how many marks are asked for and given; for who runs the contest."""
    if not may(viewer, rules.RUN):
        return Panel.objects.none()
    return Panel.objects.annotate(
        asked=Count("assignments", filter=Q(assignments__conflict=""), distinct=True),
        given=Count(
            "assignments__scores", filter=Q(assignments__scores__current=True), distinct=True
        ),
    ).order_by("-period", "scheme", "criterion")  # fmt: skip


def assignments(viewer: Viewer) -> QuerySet[Assignment]:
    """What the viewer is asked to judge; panels that close first come first."""
    if not isinstance(viewer, User) or not viewer.is_active:
        return Assignment.objects.none()
    return (
        Assignment.objects.filter(judge=viewer)
        .select_related("panel", "subject")
        .order_by("panel__closed_at", "panel__closes_at", "alias")
    )


# --- For the home page and the loop bar ---


@dataclass(frozen=True, slots=True)
class Place:
    """One subject's place in words of a page."""

    subject: str
    group: str
    rank: int
    of: int
    moved: int | None  # places won since the period before; None: it was not ranked
    score: str
    href: str
    struck: bool = False


@dataclass(frozen=True, slots=True)
class GroupEnds:
    """A group with its places in order, who is first and who is last."""

    key: str
    name: Text
    first: tuple[Place, ...]
    last: tuple[Place, ...]
    places: tuple[Place, ...]

    @property
    def size(self) -> int:
        return len(self.places)


@dataclass(frozen=True, slots=True)
class Summary:
    """The last standing as the viewer sees it."""

    standing: int
    title: Text
    period: str
    period_words: str
    state: str
    href: str
    own: tuple[Place, ...]
    groups: tuple[GroupEnds, ...]
    open_disputes: int
    disputes_href: str


def summary(viewer: Viewer, on: date, scheme: str = "") -> Summary | None:
    """Own unit's places, the ends of every group, open objections; five queries.

    None where there is nothing that the viewer may see. Without a `scheme` it is the newest
    standing of units (not of enterprises).
    """
    found = newest(viewer, scheme, on) if scheme else newest_of_units(viewer, on)
    if found is None:
        return None
    spec = standing_specs.of(found.scheme)
    ranked = rows(viewer, found)
    names = standing_specs.names(spec)
    units = rules.units_of(viewer, rules.SEE) | rules.units_of(viewer, rules.OBJECT)
    waiting = disputes(viewer).filter(state=Dispute.State.OPEN).count()
    return Summary(
        standing=found.pk, title=Text(spec.name.zh, spec.name.en), period=found.period,
        period_words=in_words(found.period), state=found.state,
        href=reverse("scorecards:standing", args=[found.pk]),
        own=tuple(place(one, found) for one in ranked if rules.own_units(one.subject) & units),
        groups=tuple(
            _ends(key, names[key], [one for one in ranked if one.group == key], found)
            for key in dict.fromkeys(one.group for one in ranked)
        ),
        open_disputes=waiting, disputes_href=reverse("scorecards:disputes") + "?state=open",
    )  # fmt: skip


def newest_of_units(viewer: Viewer, on: date) -> Standing | None:
    """The last standing of units, parks or zones; else the last of anybody."""
    firms = (Subject.Kind.ENTERPRISE, Subject.Kind.PROJECT)
    of_units = standings(viewer).exclude(rows__subject__kind__in=firms)
    heads = [
        (periods.order(period), pk)
        for pk, period in of_units.values_list("pk", "period")
        if periods.first_day(period) <= on
    ]
    return standing(viewer, max(heads)[1]) if heads else newest(viewer, until=on)


def place(one: StandingRow, of: Standing) -> Place:
    """A row for a page that only mentions it; without a score where it is not read in full."""
    full = rules.is_open(one)
    shown = f"{standing_specs.of(of.scheme).rounded(one.score):f}" if full else ""
    return Place(
        subject=one.subject.name, group=one.group, rank=one.rank, of=one.of,
        moved=None if one.rank_before is None else one.rank_before - one.rank,
        score=shown, struck=one.struck,
        href=reverse("scorecards:row", args=[one.pk]) if full
        else reverse("scorecards:standing", args=[of.pk]),
    )  # fmt: skip


def _ends(key: str, name: Text, members: Sequence[StandingRow], of: Standing) -> GroupEnds:
    # Who is not rated stands behind all others, and is not the last of them.
    members = [one for one in members if one.rated]
    lowest = max((one.rank for one in members), default=0)
    return GroupEnds(
        key=key, name=name, places=tuple(place(one, of) for one in members),
        first=tuple(place(one, of) for one in members if one.rank == 1),
        last=tuple(place(one, of) for one in members if one.rank == lowest > 1),
    )  # fmt: skip
